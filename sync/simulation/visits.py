"""What people at a simulated customer do on their pages, as the pages would keep it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from mappings.reasons import VERSION
from mappings.survey import CONSENTS
from sync.letters import CHECK
from sync.links import marked, purpose
from sync.model import Event, Kind, write_key
from sync.simulation import opening
from sync.simulation.customer import Customer
from sync.simulation.departure import Departure
from sync.simulation.script import Answered, Checked, Happening

_NOBODY = "there is no departure to talk about"


def answered(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """The survey is filled in."""
    said = happening.answered or Answered()
    found = _asked(customer, said.person, now)
    if found is None:
        return "nobody there has been asked yet, so nobody answers the survey"
    one, person = found
    codes, words = _said(customer, one, said.answers, check=False)
    data = {"person": person, "codes": codes, "words": words, "taxonomy": VERSION}
    one.append(Event(at=now, kind=Kind.ANSWERED, data=data))
    before, offered = one.case.consents.get(person), _offered(customer, person)
    stay, reference = (getattr(said, name) and name in offered for name in CONSENTS)
    if stay or reference or (before and (before.stay or before.reference)):
        consent = {"stay": stay, "reference": reference}
        one.append(Event(at=now, kind=Kind.CONSENTED, data={"person": person, **consent}))
    customer.wake(now)
    return f"{customer.person(person)} answers the survey"


def checked(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Somebody says how the goodbye itself was."""
    said = happening.checked or Checked()
    found = _checking(customer, said.person)
    if found is None:
        return "nobody there has been asked yet how the goodbye was"
    one, person = found
    codes, words = _said(customer, one, said.answers, check=True)
    data = {"person": person, "codes": codes, "words": words}
    one.append(Event(at=now, kind=Kind.CHECKED, data=data))
    return f"{customer.person(person)} says how the goodbye was"


def chooses(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Somebody says whether we may write to them; the same choice twice is one."""
    chosen = happening.chooses
    assert chosen is not None
    id = person_of(customer, chosen.person)
    if id is None:
        return ""
    if not customer.departures:
        return _NOBODY
    one, choice = customer.departures[-1], chosen.contact
    before, out = one.case.consents.get(id), one.case.opted_out.get(id)
    refused = out is not None and not (before and before.stay and before.at > out)
    if choice == "never" and refused:
        return ""
    if before is None or before.stay != (choice == "stay") or (choice == "stay" and refused):
        named = bool(before and before.reference) and choice != "never"
        data = {"person": id, "stay": choice == "stay", "reference": named}
        one.append(Event(at=now, kind=Kind.CONSENTED, data=data))
    if choice == "never":
        one.append(Event(at=now, kind=Kind.OPTED_OUT, data={"person": id, "where": "page"}))
    customer.wake(now)
    said = {"stay": "we may write", "quiet": "no news, please", "never": "never write again"}
    return f"{customer.person(id)} chooses: {said[choice]}"


def asks_to_talk(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Somebody wants to talk to a person instead."""
    words = "asks to talk to a person"
    return _wish(customer, happening.asks_to_talk or "", Kind.ASKED_TO_TALK, words, now)


def asks_export(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """Somebody wants a copy of their data."""
    words = "asks for a copy of their data"
    return _wish(customer, happening.asks_export or "", Kind.ASKED_EXPORT, words, now)


def gives_notice(customer: Customer, happening: Happening, now: datetime, start: datetime) -> str:
    """A notice that does not come by the stage; the stage stays where it is."""
    given = happening.gives_notice
    assert given is not None
    id = person_of(customer, given.person)
    if id is None:
        return ""
    latest = customer.departures[-1] if customer.departures else None
    status = latest.made.status if latest and latest.made else ""
    if not (latest and latest.case.inside and status not in ("departed", "alumni")):
        if latest:
            mark = f"{Kind.CLOSED} {now.isoformat()}"
            latest.append(Event(at=now, kind=Kind.CLOSED, mark=mark))
        stage = str(customer.records[customer.ref].get(customer.watch.stage) or "")
        latest = opening.opens(customer, latest, now, stage, phase="notice")
    day = given.last_day
    if day is not None and not isinstance(day, date):
        day = (start + timedelta(days=day)).date()
    data = {"person": id, "last_day": day.isoformat() if day else None}
    latest.append(Event(at=now, kind=Kind.NOTICED, data=data))
    return f"{customer.person(id)} gives notice by their link"


def person_of(customer: Customer, name: str) -> str | None:
    """The id of somebody there, by id, name or address."""
    humans = customer.world.people
    return next((h.id for h in humans if name in (h.id, h.facts.name, h.facts.email)), None)


def _wish(customer: Customer, name: str, kind: Kind, words: str, now: datetime) -> str:
    id = person_of(customer, name)
    if id is None:
        return ""
    if not customer.departures:
        return _NOBODY
    event = Event(at=now, kind=kind, data={"person": id}, mark=f"{kind}:{id}")
    customer.departures[-1].append(event)
    return f"{customer.person(id)} {words}"


def _said(
    customer: Customer, one: Departure, answers: Mapping[str, str], *, check: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Choices, and the ids of words, by question."""
    asked = customer.connection.rules.questionnaire
    questions: Collection[Any] = asked.check if check else asked.questions
    texts = {question.key for question in questions if question.kind == "text"}
    words = {key: one.remembers(text) for key, text in answers.items() if key in texts}
    return {key: code for key, code in answers.items() if key not in texts}, words


def _offered(customer: Customer, person: str) -> Collection[str]:
    """What the page gives somebody to agree to."""
    language = next(h.facts.language for h in customer.world.people if h.id == person)
    _, words = customer.connection.rules.questionnaire.wording(language)
    return words.consents


def _checking(customer: Customer, person: str | None) -> tuple[Departure, str] | None:
    """Who was given the link to the check, the newest departure first."""
    wanted = person_of(customer, person) if person else None
    for one in reversed(customer.departures):
        for entry in one.entries.values():
            if entry.settled is not None:
                for link in marked(entry.wanted.get("body")):
                    if purpose(link) == CHECK and wanted in (None, link.split(":")[2]):
                        return one, link.split(":")[2]
    return None


def _asked(customer: Customer, person: str | None, now: datetime) -> tuple[Departure, str] | None:
    """Whose link it is: this person's, or that of the first who has one that is still open."""
    wanted = person_of(customer, person) if person else None
    for one in reversed(customer.departures):
        asked = {who for step, who in one.case.sent if step == "survey"}
        for human in customer.people:
            if human.ref.id in asked and wanted in (None, human.ref.id):
                entry = one.entries.get(write_key(one.key, "survey", human.ref.id))
                if entry is None or entry.not_after is None or now < entry.not_after:
                    return one, human.ref.id
    return None
