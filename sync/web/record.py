"""What a visit leaves in the store: events for the case, and words in erasable rows.

Both happen in one transaction with the look-up of the link, and the case wakes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mappings.reasons import VERSION
from mappings.survey import CONSENTS
from sync.model import Event, Kind, write_key
from sync.store import Tables
from sync.web.form import Filled
from sync.web.visit import Visit


def answers(tables: Tables, visit: Visit, filled: Filled) -> bool:
    """Keep the answers, unless this form was sent just before; True for the person's first.

    The newest answers count.
    """
    earlier = _of(visit, Kind.ANSWERED)
    if (mark := _mark(visit, earlier, filled)) is None:
        return False
    words = _words(tables, visit, filled)
    data = {"codes": dict(filled.codes), "words": words, "taxonomy": VERSION}
    events = [_event(visit, Kind.ANSWERED, f"{Kind.ANSWERED}:{mark}", data)]
    before = visit.case.consents.get(visit.person)
    if filled.consents or (before and (before.stay or before.reference)):
        stay, reference = (name in filled.consents for name in CONSENTS)
        consent = {"stay": stay, "reference": reference}
        events.append(_event(visit, Kind.CONSENTED, f"consented:{mark}", consent))
    tables.cases.append(visit.case.key, events)
    _wake(tables, visit)
    # Whoever came by another page of theirs has answered the same survey.
    tables.surveys.answered(write_key(visit.case.key, "survey", visit.person), visit.now)
    return not earlier


def check(tables: Tables, visit: Visit, filled: Filled) -> bool:
    """Keep what somebody says about the goodbye itself; True for the person's first word of it."""
    earlier = _of(visit, Kind.CHECKED)
    if (mark := _mark(visit, earlier, filled)) is None:
        return False
    data = {"codes": dict(filled.codes), "words": _words(tables, visit, filled)}
    event = _event(visit, Kind.CHECKED, f"{Kind.CHECKED}:{mark}", data)
    tables.cases.append(visit.case.key, [event])
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


def export(tables: Tables, visit: Visit) -> None:
    """The person wants a copy of their data."""
    event = _event(visit, Kind.ASKED_EXPORT, f"asked_export:{visit.person}", {})
    tables.cases.append(visit.case.key, [event])


def contact(tables: Tables, visit: Visit, choice: str) -> None:
    """Whether the person may be written to: ``stay``, ``quiet`` or ``never``.

    The same choice twice in a row is one.
    """
    before, out = visit.case.consents.get(visit.person), _of(visit, Kind.OPTED_OUT)
    last = out[-1].at if out else None
    refused = last is not None and not (before and before.stay and before.at > last)
    if choice == "never" and refused:
        return
    if before is None or before.stay != (choice == "stay") or (choice == "stay" and refused):
        mark = f"consented:{visit.person}:contact:{len(_of(visit, Kind.CONSENTED))}"
        # Whether we may name them is another matter, unless they want nothing to do with us.
        named = bool(before and before.reference) and choice != "never"
        data = {"stay": choice == "stay", "reference": named}
        tables.cases.append(visit.case.key, [_event(visit, Kind.CONSENTED, mark, data)])
    if choice == "never":
        mark = f"opted_out:{visit.person}:contact:{len(out)}"
        event = _event(visit, Kind.OPTED_OUT, mark, {"where": "page"})
        tables.cases.append(visit.case.key, [event])
    _wake(tables, visit)


def _mark(visit: Visit, earlier: Sequence[Event], filled: Filled) -> str | None:
    """What tells this form from the others; None where it was sent just before."""
    mark = f"{visit.person}:{filled.mark}"
    if earlier and earlier[-1].mark.startswith(f"{earlier[-1].kind}:{mark}:"):
        return None
    return f"{mark}:{len(earlier)}"


def _words(tables: Tables, visit: Visit, filled: Filled) -> dict[str, str]:
    return tables.surveys.keep_words(visit.case.key, filled.words)


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
