"""What people do to a simulated customer, as the watch and the survey would hear of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from integrations.contract import OptOut, Record, Value
from mappings.reasons import VERSION
from mappings.survey import CONSENTS
from mappings.translate import to_crm
from sync import detect
from sync.detect import Sight
from sync.model import Event, Kind, case_key, write_key
from sync.outbox import State
from sync.planning import pinned
from sync.said import carried, sayings
from sync.simulation.customer import Customer
from sync.simulation.departure import Departure
from sync.simulation.script import DUE, Answered, Happening

#: What an act came to, in words; nothing where there is nothing to add.
Act = Callable[[Customer, Happening, datetime, datetime], str]


def act(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Do it; returns it in words."""
    (what,) = happening.what
    return _ACTS[what](customer, happening, now, start)


def _stage(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    watch, stage = customer.watch, happening.stage or ""
    before = customer.records[customer.ref].get(watch.stage)
    sight = detect.look(watch, "" if before is None else str(before), stage)
    latest = customer.departures[-1] if customer.departures else None
    departs_on = latest.made.departs_on if latest and latest.made else None
    customer.set(customer.ref, {watch.stage: stage}, now)
    if sight in (Sight.ENTERED, Sight.UNSURE):
        _entered(customer, latest, now, stage)
    elif latest and sight is Sight.MOVED:
        latest.append(detect.moved(watch, at=now, stage=stage))
    elif latest and sight is Sight.RETURNED:
        left = detect.returned(watch, latest.case, departs_on=departs_on, at=now, stage=stage)
        latest.append(*filter(None, [left]))
    return f"sales moves the stage to “{stage}”"


def _entered(customer: Customer, latest: Departure | None, now: datetime, stage: str) -> None:
    departed = None
    if latest and latest.made and latest.made.status in ("departed", "alumni"):
        departed = latest.made.departs_on
    case = latest.case if latest else None
    verdict = detect.entered(customer.watch, case, departed=departed, at=now, stage=stage)
    if latest:
        latest.append(*verdict.events)
    if verdict.open:
        _open(customer, latest, now, stage)
        return
    place = customer.connection.places("customer").get("decision")
    if place and any(e.kind is Kind.REOPENED and e.data["settled"] for e in verdict.events):
        fields = customer.records[customer.ref]
        customer.carried = {**customer.carried, place.field: fields.get(place.field)}
        customer.wake(now)


def _open(customer: Customer, latest: Departure | None, now: datetime, stage: str) -> None:
    """A new case, as the intake opens it."""
    connection, watch, fields = customer.connection, customer.watch, customer.records[customer.ref]
    places = connection.places("customer")
    number = latest.case.number + 1 if latest else 1
    key = case_key(connection.identity.org, customer.ref, number)
    hash, body = connection.resolve(Record(ref=customer.ref, fields=fields))
    if latest:
        customer.carried = carried(
            places, latest.case, held=customer.carried, known=fields, after=fields
        )
    data: dict[str, Any] = {
        "stage": stage,
        "phase": detect.phase_of(watch, stage),
        "playbook": hash,
        "number": number,
        "exact": True,
        "by": None,
    }
    if latest and latest.made and latest.made.status == "saved" and latest.case.left_at:
        data["stayed_at"] = latest.case.left_at.isoformat()
    made = Departure(
        key=key,
        ref=customer.ref,
        book=pinned(body),
        watch=watch,
        events=[Event(at=now, kind=Kind.OPENED, data=data)],
        wake_at=now,
    )
    customer.opens(made)
    _hear(made, customer, customer.carried, fields, now)
    customer.wake(now)


def _hear(
    one: Departure,
    customer: Customer,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    now: datetime,
) -> None:
    """What people have said in our fields, as events."""
    for saying in sayings(customer.connection.places("customer"), before=before, after=after):
        data: dict[str, Any] = {"field": saying.field, "value": saying.value}
        if saying.words and saying.value is not None:
            id = f"words-{len(one.words) + 1}"
            one.words[id] = saying.value
            data = {"field": saying.field, "value": None, "words": id}
        one.append(Event(at=now, kind=Kind.SET, data=data))


def _field(key: str, words: str) -> Act:
    """Somebody fills in one of our fields on the customer."""

    def fill(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
        value: Value = getattr(happening, _KEYS[key])
        if isinstance(value, int) and not isinstance(value, bool):
            value = (start + timedelta(days=value)).date()
        if lacking := _fill(customer, {key: value}, now):
            return lacking
        return words.format(value.isoformat() if isinstance(value, date) else value)

    return fill


_KEYS: Final = {"departs_on": "departs", "reason_csm": "reason", "decision": "decision"}


def _fields(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    lacking = _fill(customer, happening.fields, now)
    said = (f"{key.replace('_', ' ')}: {value}" for key, value in happening.fields.items())
    return lacking or f"somebody sets {'; '.join(said)}"


def _fill(customer: Customer, values: Mapping[str, Value], now: datetime) -> str:
    """Set our fields, all at once; returns what the CRM lacks for it, in words."""
    places = customer.connection.places("customer")
    if lacking := [key for key in values if key not in places]:
        return f"this CRM has no field for it: {', '.join(lacking)}"
    schema = customer.connection.schemas.get(customer.ref.object)
    known = schema.fields if schema else {}
    there = {
        places[key].field: to_crm(places[key], value, known.get(places[key].field))
        for key, value in values.items()
    }
    before = dict(customer.records[customer.ref])
    customer.set(customer.ref, there, now)
    if customer.departures:
        _hear(customer.departures[-1], customer, before, customer.records[customer.ref], now)
    return ""


def _tasks(
    customer: Customer, steps: tuple[str, ...], now: datetime
) -> Iterator[tuple[Departure, str]]:
    """The open tasks of these steps, or whatever is due."""
    for one in customer.departures:
        for entry in list(one.entries.values()):
            due = entry.wanted.get("due")
            late = DUE in steps and isinstance(due, datetime) and due <= now
            is_open = entry.kind == "task" and entry.state is State.DELIVERED
            if is_open and not entry.wanted["done"] and (late or entry.step in steps):
                yield one, entry.key


def _done(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    found = [
        _mark(one, key, State.DONE, Kind.DONE, now)
        for one, key in _tasks(customer, happening.done, now)
    ]
    return f"ticked off: {', '.join(found)}" if found else ""


def _removed(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    found = [
        _mark(one, key, State.GONE, Kind.REMOVED, now)
        for one, key in _tasks(customer, happening.removed, now)
    ]
    return f"deleted: {', '.join(found)}" if found else ""


def _mark(one: Departure, key: str, state: State, kind: Kind, now: datetime) -> str:
    entry = one.entries[key]
    one.keep(replace(entry, state=state))
    mark = f"{kind} {key} {now.isoformat()}"
    one.append(Event(at=now, kind=kind, data={"step": entry.step, "key": key}, mark=mark))
    return entry.step


def _answered(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    said = happening.answered or Answered()
    found = _asked(customer, said.person, now)
    if found is None:
        return "nobody there has been asked yet, so nobody answers the survey"
    one, person = found
    texts = {
        question.key
        for question in customer.connection.rules.questionnaire.questions
        if question.kind == "text"
    }
    words = {}
    for question in said.answers.keys() & texts:
        words[question] = f"words-{len(one.words) + 1}"
        one.words[words[question]] = said.answers[question]
    codes = {key: code for key, code in said.answers.items() if key not in texts}
    data = {"person": person, "codes": codes, "words": words, "taxonomy": VERSION}
    one.append(Event(at=now, kind=Kind.ANSWERED, data=data))
    before, offered = one.case.consents.get(person), _offered(customer, person)
    stay, reference = (getattr(said, name) and name in offered for name in CONSENTS)
    if stay or reference or (before and (before.stay or before.reference)):
        consent = {"stay": stay, "reference": reference}
        one.append(Event(at=now, kind=Kind.CONSENTED, data={"person": person, **consent}))
    customer.wake(now)
    return f"{customer.person(person)} answers the survey"


def _offered(customer: Customer, person: str) -> Collection[str]:
    """What the page gives somebody to agree to."""
    language = next(h.facts.language for h in customer.world.people if h.id == person)
    _, words = customer.connection.rules.questionnaire.wording(language)
    return words.consents


def _asked(customer: Customer, person: str | None, now: datetime) -> tuple[Departure, str] | None:
    """Whose link it is: this person's, or that of the first who has one that is still open."""
    wanted = _person(customer, person) if person else None
    for one in reversed(customer.departures):
        asked = {who for step, who in one.case.sent if step == "survey"}
        for human in customer.people:
            if human.ref.id in asked and wanted in (None, human.ref.id):
                entry = one.entries.get(write_key(one.key, "survey", human.ref.id))
                if entry is None or entry.not_after is None or now < entry.not_after:
                    return one, human.ref.id
    return None


def _person(customer: Customer, name: str) -> str | None:
    humans = customer.world.people
    return next((h.id for h in humans if name in (h.id, h.facts.name, h.facts.email)), None)


def _opted_out(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    id = _person(customer, happening.opted_out or "")
    if id is None:
        return ""
    answer = OptOut(out=True, words="opted out of e-mail in the CRM")
    customer.opt_outs[id] = answer
    customer.people = [
        replace(one, opt_out=answer) if one.ref.id == id else one for one in customer.people
    ]
    customer.wake(now)
    return f"{customer.person(id)} unsubscribes"


def _asks_to_talk(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    id = _person(customer, happening.asks_to_talk or "")
    if id is None:
        return ""
    if not customer.departures:
        return "there is no departure to talk about"
    event = Event(
        at=now, kind=Kind.ASKED_TO_TALK, data={"person": id}, mark=f"{Kind.ASKED_TO_TALK}:{id}"
    )
    customer.departures[-1].append(event)
    return f"{customer.person(id)} asks to talk to a person"


def _owner_leaves(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    customer.wake(now)
    return f"{happening.owner_leaves} leaves the company"


_ACTS: Final[Mapping[str, Act]] = {
    "stage": _stage,
    "departs": _field("departs_on", "the last day is agreed: {}"),
    "reason": _field("reason_csm", "the CSM enters the reason “{}”"),
    "fields": _fields,
    "decision": _field("decision", "somebody decides: {}"),
    "done": _done,
    "removed": _removed,
    "answered": _answered,
    "opted_out": _opted_out,
    "asks_to_talk": _asks_to_talk,
    "owner_leaves": _owner_leaves,
}
