"""What people do to a simulated customer, as the watch and the survey would hear of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from integrations.contract import OptOut, Value
from mappings.survey import CONSENTS
from mappings.translate import to_crm
from sync import asked, detect, features
from sync.detect import Sight
from sync.model import Event, Kind
from sync.shipping import LEAVERS, announced
from sync.simulation import desk, opening, visits
from sync.simulation.customer import Customer
from sync.simulation.departure import Departure
from sync.simulation.script import Happening
from sync.simulation.visits import person_of

#: What an act came to, in words; nothing where there is nothing to add.
Act = Callable[[Customer, Happening, datetime, datetime], str]
#: What can still be done about a customer whose record was deleted.
_WITHOUT_RECORD: Final = ("record", "owner_leaves", "shipped")


def act(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Do it; returns it in words."""
    (what,) = happening.what
    if customer.gone and what not in _WITHOUT_RECORD:
        return ""
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
    if latest and latest.made and detect.departed(latest.made.status):
        departed = latest.made.departs_on
    case = latest.case if latest else None
    verdict = detect.entered(customer.watch, case, departed=departed, at=now, stage=stage)
    if latest:
        latest.append(*verdict.events)
    if verdict.open:
        opening.opens(customer, latest, now, stage)
        return
    place = customer.connection.places("customer").get("decision")
    if place and any(e.kind is Kind.REOPENED and e.data["settled"] for e in verdict.events):
        fields = customer.records[customer.ref]
        customer.carried = {**customer.carried, place.field: fields.get(place.field)}
        customer.wake(now)


def _record(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Deleted, the record has no off-boarding; brought back, it goes on."""
    gone = happening.record == "deleted"
    if gone == customer.gone:
        return ""
    customer.gone = gone
    kind = Kind.GONE if gone else Kind.RESTORED
    if customer.departures:
        mark = f"{kind} {now.isoformat()}"
        customer.departures[-1].append(Event(at=now, kind=kind, mark=mark))
    return f"somebody {'deletes the record' if gone else 'brings the record back'}"


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
        after = customer.records[customer.ref]
        opening.hear(customer.departures[-1], customer, before, after, now)
    return ""


def _ticked(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """A word on the person's record; the first look at a record would be none, and this is none."""
    ticked = happening.ticked
    assert ticked is not None
    id, places = person_of(customer, ticked.person), customer.connection.places("person")
    given = {key: yes for key in CONSENTS if (yes := getattr(ticked, key)) is not None}
    if id is None:
        return ""
    if lacking := [key for key in given if key not in places]:
        return f"this CRM has no field for it: {', '.join(lacking)}"
    ref = next(one.ref for one in customer.people if one.ref.id == id)
    held = customer.records[ref]
    news = {key: yes for key, yes in given.items() if bool(held.get(places[key].field)) != yes}
    if not news:
        return ""
    schema = customer.connection.schemas.get(ref.object)
    known = schema.fields if schema else {}
    there = {
        places[key].field: to_crm(places[key], yes, known.get(places[key].field))
        for key, yes in news.items()
    }
    customer.set(ref, there, now)
    if customer.departures:
        said = {"stay" if key == "stay_in_touch" else "reference": yes for key, yes in news.items()}
        data = {"person": id, "where": "crm", **said}
        mark = f"ticked:{id}:{now.isoformat()}"
        customer.departures[-1].append(Event(at=now, kind=Kind.CONSENTED, data=data, mark=mark))
    boxes = (
        f"{'ticks' if yes else 'unticks'} {key.replace('_', ' ')}" for key, yes in news.items()
    )
    return f"a colleague {' and '.join(boxes)} for {customer.person(id)}"


def _moves_away(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Noticed at once of whoever said yes and has left with the customer; of others, never."""
    moving = happening.moves_away
    assert moving is not None
    id = person_of(customer, moving.person)
    if id is None:
        return ""
    name = customer.person(id)
    if moving.to is None:
        for one in customer.departures:
            if id in one.case.moved:
                one.append(Event(at=now, kind=Kind.MOVED_AWAY, data={"person": id, "to": None}))
        customer.wake(now)
        return f"{name} is back"
    will = customer.world.wills.get(id)
    followed = False
    if customer.connection.programme.people.employer == customer.ref.object:
        for one in customer.departures:
            status = one.made.status if one.made else ""
            said = will.consent if will else None
            if status in ("departed", "alumni") and said and said.stay and not one.case.closed_at:
                data = {"person": id, "to": moving.to, "words": one.remembers(moving.to)}
                one.append(Event(at=now, kind=Kind.MOVED_AWAY, data=data))
                followed = True
    if not followed:
        customer.people = [one for one in customer.people if one.ref.id != id]
    customer.wake(now)
    return f"{name} moves to {moving.to}"


def _shipped(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Whoever asked for it is told, once."""
    return ships(customer, happening.shipped or "", now)


def ships(customer: Customer, label: str, now: datetime, *, sure: bool = False) -> str:
    """A feature is there; ``sure``: nobody has looked at who is found, as with an item."""
    key, told = asked.feature_key(label), False
    customer.features[key] = label
    for one in customer.departures:
        status = one.made.status if one.made else ""
        if status not in LEAVERS or one.case.closed_at or key in one.case.shipped:
            continue
        found = asked.matches(
            label,
            case=one.case,
            fields=customer.records[customer.ref],
            words=one.words,
            programme=customer.connection.programme,
            questionnaire=customer.connection.rules.questionnaire,
        )
        listed = [*found]
        wishes = any(m.where in customer.connection.programme.touches.asked_for for m in listed)
        if listed and (not sure or wishes or features.wished(one.case)):
            one.append(announced(key, asked.askers(listed), now))
            told = True
    return f"“{label}” is there, which they asked for" if told else ""


def _opted_out(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    id = person_of(customer, happening.opted_out or "")
    if id is None:
        return ""
    answer = OptOut(out=True, words="opted out of e-mail in the CRM")
    customer.opt_outs[id] = answer
    customer.people = [
        replace(one, opt_out=answer) if one.ref.id == id else one for one in customer.people
    ]
    customer.wake(now)
    return f"{customer.person(id)} unsubscribes"


def _owner_leaves(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    customer.wake(now)
    return f"{happening.owner_leaves} leaves the company"


_ACTS: Final[Mapping[str, Act]] = {
    "stage": _stage,
    "departs": _field("departs_on", "the last day is agreed: {}"),
    "reason": _field("reason_csm", "the CSM enters the reason “{}”"),
    "fields": _fields,
    "decision": _field("decision", "somebody decides: {}"),
    "done": desk.done,
    "proved": desk.proved,
    "undone": desk.undone,
    "edited": desk.edited,
    "removed": desk.removed,
    "record": _record,
    "answered": visits.answered,
    "checked": visits.checked,
    "chooses": visits.chooses,
    "asks_export": visits.asks_export,
    "asks_to_talk": visits.asks_to_talk,
    "gives_notice": visits.gives_notice,
    "ticked": _ticked,
    "moves_away": _moves_away,
    "shipped": _shipped,
    "opted_out": _opted_out,
    "owner_leaves": _owner_leaves,
}
