"""Why did this happen, why did that not, and what comes next: one case in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from integrations.contract import MAIL
from sync.coming import coming, day
from sync.connection import Connection
from sync.door import index
from sync.model import Event, Kind, Plan
from sync.outbox import Entry, State
from sync.planning import Prepared, prepare
from sync.promises import Promise, promises
from sync.reasons import label, told_apart
from sync.store.cases import CaseRow
from sync.tasks import plain
from sync.world import World


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A case, told."""

    case: str
    customer: str
    number: int
    status: str
    departs_on: date
    progress: int
    #: What each side gives as the reason, and whether they agree.
    reasons: list[str]
    #: How open the door is, of 100, and every point of it; None: they have not left yet.
    door_open: int | None
    door: list[str]
    history: list[str]
    there: list[str]
    waiting: list[str]
    withheld: list[str]
    #: What the customer was promised, by day, and what has become of it.
    promises: list[Promise]
    #: Who has what, where it is not the first who was meant to.
    owners: list[str]
    #: What is due, and what may come by itself, by date.
    coming: list[str]
    wake_at: datetime | None

    @property
    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


def explain(connection: Connection, row: CaseRow) -> Explained:
    """Tell a case as it stands in the store, at the connection's time."""
    one = next(prepare(connection, [row]))
    now = connection.clock()
    made = one.plan(now)
    with connection.store.reading() as tables:
        events = tables.cases.histories([row.key])[row.key]
    return Explained(
        case=row.key,
        customer=one.world.customer.name,
        number=row.number,
        status=made.status,
        departs_on=made.departs_on,
        progress=made.progress,
        reasons=told_apart(one.case, one.world),
        door_open=index(made.door) if made.door else None,
        door=[f"{points:+d}  {words}" for points, words in made.door],
        history=[f"{day(event.at)}  {told(event, one.world)}" for event in events],
        there=_there(connection, one),
        waiting=_waiting(one),
        withheld=_withheld(one, made),
        promises=[*promises(made, one.case, one.world.calendar, now, one.world.words)],
        owners=[f"{note.step.replace('_', ' ')}: {note.words}" for note in made.notes],
        coming=coming(one, made, now),
        wake_at=made.wake_at,
    )


def kept(promise: Promise) -> str:
    """One promise in a sentence."""
    at = f" on {day(promise.kept_at)}" if promise.kept_at else ""
    why = f": {promise.why}" if promise.why else ""
    role = plain(promise.role)
    proof = f" (evidence: “{promise.evidence}”)" if promise.evidence else ""
    return f"{promise.day}  {promise.state}{at}{why}, {role}: {promise.words}{proof}"


def told(event: Event, world: World) -> str:
    """One event as a sentence."""
    data = event.data
    person = world.named(str(data.get("person", "")))
    step = str(data.get("step", "")).replace("_", " ")
    field = str(data.get("field", "")).replace("_", " ")
    return {
        Kind.OPENED: _entered(data),
        Kind.MOVED: f"moved on to {data.get('stage')}",
        Kind.LEFT: f"left for {data.get('stage') or 'another stage'}{_short(data)}",
        Kind.REOPENED: f"entered the stage {data.get('stage')} again{_short(data)}",
        Kind.CLOSED: "a later departure took its place",
        Kind.GONE: "the record was deleted in the CRM",
        Kind.RESTORED: "the record is there again",
        Kind.MERGED: "the record was merged into another, under which the case goes on",
        Kind.SET: _set(field, data),
        Kind.APPEARED: f"the task {step} is there",
        Kind.CANCELLED: f"we closed {step}: it was not wanted any more",
        Kind.POINTED: _pointed(data.get("reason")),
        Kind.DONE: f"somebody completed {step}",
        Kind.UNDONE: f"somebody opened {step} again",
        Kind.REMOVED: f"somebody deleted {step}",
        Kind.PUT_BACK: f"somebody brought {step} back",
        Kind.SENT: f"the {step} went to {person}",
        Kind.MAYBE_SENT: f"the {step} went to {person}, or not: the answer was lost",
        Kind.ANSWERED: f"{person} answered the survey",
        Kind.CONSENTED: _consented(person, data),
        Kind.OPTED_OUT: f"{person} asked not to be asked again",
        Kind.ASKED_TO_TALK: f"{person} asked to talk to a person",
        Kind.ASKED_EXPORT: f"{person} asked for a copy of their data",
        Kind.CHECKED: f"{person} said how the goodbye went",
        Kind.NOTICED: f"{person} gave notice by their link",
        Kind.REPLANNED: "moved to another playbook",
        Kind.FEATURE_SHIPPED: f"what they asked for is there: {_feature(world, data)}",
        Kind.MOVED_AWAY: f"{person} {'works elsewhere now' if data.get('to') else 'is back'}",
    }[event.kind]


def _short(data: Mapping[str, Any]) -> str:
    return ", too soon for the move before it to count" if data.get("settled") is False else ""


def _set(field: str, data: Mapping[str, Any]) -> str:
    """What somebody has put into a field, or that they have emptied it; words are never told."""
    if value := data.get("value"):
        return f"somebody set {field} to {value}"
    return f"somebody {'set' if data.get('words') else 'emptied'} {field}"


def _consented(person: str, data: Mapping[str, Any]) -> str:
    """What somebody said, or what a colleague has ticked, which may be one of the two alone."""
    stay, named = data.get("stay"), data.get("reference")
    if data.get("where") == "crm":
        boxes = (("staying in touch", stay), ("being named as a reference", named))
        ticked = [
            f"{'ticked' if yes else 'unticked'} {box}" for box, yes in boxes if yes is not None
        ]
        return f"somebody {' and '.join(ticked) or 'ticked nothing'} for {person}"
    return f"{person} said {'yes' if stay else 'no'} to staying in touch" + (
        ", and yes to being named as a reference" if named else ""
    )


def _pointed(reason: str | None) -> str:
    if reason is None:
        return "the facts of the customer point to no reason any more"
    return f"the facts of the customer point to {label(reason)}"


def _there(connection: Connection, one: Prepared) -> list[str]:
    words: Mapping[State, str] = {
        State.DELIVERED: "there",
        State.DONE: "done",
        State.CLOSED: "closed by us",
        State.GONE: "deleted by a person",
    }
    return [
        f"{_name(one, entry)}: {words[entry.state]}"
        + "".join(
            f"; {_label(connection, entry, field)} is left alone: {why}"
            for field, why in entry.kept.items()
        )
        for entry in one.entries.values()
        if entry.state in words
    ]


#: What people call the parts of a task.
_PARTS: Mapping[str, str] = {
    "subject": "its subject",
    "body": "its description",
    "due": "its due date",
    "owner": "its owner",
    "done": "whether it is done",
}


def _label(connection: Connection, entry: Entry, field: str) -> str:
    """What people read next to a field."""
    if entry.kind != "fields":
        return _PARTS.get(field, field.replace("_", " "))
    places = [*connection.places("customer").values(), *connection.places("person").values()]
    return next((f"“{place.row.label}”" for place in places if place.field == field), field)


def _waiting(one: Prepared) -> list[str]:
    """What the plan wants and the CRM does not have yet."""
    return [
        f"{_name(one, entry)}: {_blocked(one, entry) or entry.words or _STATE[entry.state]}"
        + _mend(entry)
        for entry in one.entries.values()
        if entry.state in _STATE
    ]


def _mend(entry: Entry) -> str:
    """What there is to do about a letter that the CRM has refused."""
    if entry.state is not State.REJECTED or entry.kind != MAIL:
        return ""
    return "; mend it and try again with `aurevoir retry`, or send it yourself"


def _blocked(one: Prepared, entry: Entry) -> str:
    """What must be there first and never will be as things stand, or nothing."""
    if entry.state is not State.PENDING:
        return ""
    before = [one.entries[key] for key in entry.after if key in one.entries]
    stuck = [b for b in before if b.state in (State.REJECTED, State.GONE, State.DROPPED)]
    return "; ".join(
        f"waits for {_name(one, b)}, which is not there: {b.words or b.state}" for b in stuck
    )


_STATE: Mapping[State, str] = {
    State.PENDING: "goes out with the next cycle",
    State.SENDING: "on its way",
    State.UNKNOWN: "the answer was lost; the CRM is asked before anything else",
    State.REJECTED: "refused by the CRM",
    State.MAYBE_SENT: "sent or not, nobody can tell; not repeated",
}


def _withheld(one: Prepared, made: Plan) -> list[str]:
    lines = []
    for held in made.withheld:
        target = f" for {one.world.named(held.target)}" if held.target else ""
        opens = f"; {held.opens}" if held.opens else ""
        until = f"{' on' if opens else ', until'} {day(held.until)}" if held.until else ""
        lines.append(f"{held.step.replace('_', ' ')}{target}: {held.reason}{opens}{until}")
    return lines


def _name(one: Prepared, entry: Entry) -> str:
    subject = entry.wanted.get("subject") or entry.wanted.get("segment")
    about = entry.key.split(":")
    named = {human.id for human in (*one.world.people, *one.world.moved)}.intersection(about)
    target = f" for {one.world.named(named.pop())}" if named else ""
    said = f" “{subject}”" if subject else ""
    return f"{entry.step.replace('_', ' ')}{target} ({entry.kind}){said}"


def _feature(world: World, data: Mapping[str, Any]) -> str:
    key = str(data.get("feature", ""))
    return world.features.get(key, key)


def _entered(data: Mapping[str, Any]) -> str:
    """What opened the case: the customer's own stage, or another record."""
    if trigger := data.get("trigger"):
        words = f"{' '.join(str(trigger).split(':'))} moved to {data.get('stage')}"
    else:
        words = f"entered the stage {data.get('stage')}"
    stayed = data.get("stayed_at")
    return f"{words}, having stayed on {stayed[:10]}" if stayed else words
