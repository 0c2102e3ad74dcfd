"""Where a goodbye stands, as far as its customer may see: dates and what is done. Never words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from integrations.contract import Record
from mappings.facts import customer_facts
from mappings.loaded import Loaded
from mappings.playbook import Playbook
from mappings.rows import KINDS
from mappings.seats import Directory
from mappings.translate import placed
from mappings.working import working_time
from sync.course import course, settled
from sync.draft import Draft
from sync.feedback import reason
from sync.horizon import Horizon
from sync.letters import Promised, promises
from sync.model import Status
from sync.store import Tables
from sync.web.visit import Visit
from sync.world import Rulebook, World


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the page shows."""

    status: Status
    last_day: date
    #: In the order of their days.
    promised: tuple[Promised, ...]
    #: Whether this customer is asked for feedback.
    asks: bool


def standing(tables: Tables, visit: Visit) -> Standing | None:
    """How it stands; None where nothing is known of the customer any more."""
    ref, loaded, now = visit.case.ref, visit.backing.loaded, Horizon(visit.now)
    row = tables.cases.get(visit.case.key)
    known = tables.people.customers(row.connection, ref.object, [ref.id]) if row else {}
    watch = next((one for one in loaded.programme.watch if one.object == ref.object), None)
    if row is None or watch is None or ref.id not in known:
        return None
    record = Record(ref=ref, fields=known[ref.id].fields)
    facts = customer_facts(record, loaded.programme, loaded.rows)
    book = Playbook.model_validate_json(tables.cases.playbook(row.playbook))
    rules = _rules(loaded, visit.org)
    days = working_time(loaded.programme.time, facts, visit.backing.directory(), zone="UTC")
    world = World(rules=rules, customer=facts, people=(), calendar=days)
    case = settled(visit.case, watch, now)
    where = course(case, facts, days, book, watch, now)
    draft = Draft(
        case=case, world=world, book=book, horizon=now, course=where, reason=reason(case),
    )  # fmt: skip
    ended = where.ended is not None
    return Standing(
        # Whether it settles is our question; to them, a notice is a notice.
        status="notice" if where.status == "settling" else where.status,
        last_day=where.departs_on,
        promised=() if ended else tuple(_ordered(promises(draft))),
        asks=not ended and not draft.not_for(book.survey, "survey"),
    )


def _ordered(promised: Iterable[Promised]) -> list[Promised]:
    return sorted(promised, key=lambda one: (one.day, one.step))


def _rules(loaded: Loaded, org: str) -> Rulebook:
    """The rules without what only the CRM knows: a page asks it nothing."""
    programme = loaded.programme
    return Rulebook(
        programme=programme,
        questionnaire=loaded.questionnaire,
        letters=loaded.letters,
        places={kind: placed(programme, loaded.rows, kind, None) for kind in KINDS},
        schemas={},
        directory=Directory.of(()),
        org=org,
        zone=ZoneInfo("UTC"),
    )
