"""What a visit leaves in the store: events for the case, and words in erasable rows.

Both happen in one transaction with the look-up of the link, and the case wakes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mappings.reasons import VERSION
from mappings.survey import CONSENTS
from sync.model import Event, Kind
from sync.store import Tables
from sync.web.form import Filled
from sync.web.visit import Visit


def answers(tables: Tables, visit: Visit, filled: Filled) -> bool:
    """Keep the answers, unless this form was sent just before; True for the person's first.

    The newest answers count.
    """
    earlier = _of(visit, Kind.ANSWERED)
    mark = f"{visit.person}:{filled.mark}"
    if earlier and earlier[-1].mark.startswith(f"answered:{mark}:"):
        return False
    mark = f"{mark}:{len(earlier)}"
    words = tables.surveys.keep_words(visit.case.key, filled.words)
    data = {"codes": dict(filled.codes), "words": words, "taxonomy": VERSION}
    events = [_event(visit, Kind.ANSWERED, f"answered:{mark}", data)]
    before = visit.case.consents.get(visit.person)
    if filled.consents or (before and (before.stay or before.reference)):
        stay, reference = (name in filled.consents for name in CONSENTS)
        consent = {"stay": stay, "reference": reference}
        events.append(_event(visit, Kind.CONSENTED, f"consented:{mark}", consent))
    tables.cases.append(visit.case.key, events)
    _wake(tables, visit)
    tables.surveys.answered(visit.invitation.key, visit.now)
    return not earlier


def opt_out(tables: Tables, visit: Visit) -> None:
    """The person does not want to be asked again; a later yes counts again, until the next no."""
    mark = f"opted_out:{visit.person}:{len(_of(visit, Kind.CONSENTED))}"
    event = _event(visit, Kind.OPTED_OUT, mark, {"where": "survey"})
    tables.cases.append(visit.case.key, [event])
    _wake(tables, visit)


def talk(tables: Tables, visit: Visit) -> None:
    """The person wants to talk to somebody."""
    event = _event(visit, Kind.ASKED_TO_TALK, f"asked_to_talk:{visit.person}", {})
    tables.cases.append(visit.case.key, [event])


def _wake(tables: Tables, visit: Visit) -> None:
    """What a person says about hearing from us counts in all their cases."""
    cases = tables.surveys.cases_of(visit.owner, [visit.person])[visit.person]
    tables.cases.wake(cases, visit.now)


def _of(visit: Visit, kind: Kind) -> list[Event]:
    """This person's events of one kind."""
    return [
        event
        for event in visit.history
        if event.kind is kind and event.data["person"] == visit.person
    ]


def _event(visit: Visit, kind: Kind, mark: str, data: Mapping[str, Any]) -> Event:
    return Event(at=visit.now, kind=kind, data={"person": visit.person, **data}, mark=mark)
