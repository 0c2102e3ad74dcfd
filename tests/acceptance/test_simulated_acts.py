"""Everything that people can do in a simulation, done in the sandbox as well: both end alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from integrations.contract import TASK
from integrations.sandbox import visitor
from integrations.sandbox.seed import Colleague, Person, Seed
from sync.agreement import agree
from sync.asked import feature_key
from sync.company import Company
from sync.connection import Connection
from sync.model import write_key
from sync.shipping import SHIPPED, askers
from sync.simulation import cast
from sync.simulation.play import play
from sync.simulation.script import Happening
from sync.simulation.seen import Seen
from sync.store.shipped import Feature
from sync.trial import CRMS, trial
from sync.twin import PROGRAMME
from tests.acceptance.office import staff
from tests.acceptance.test_simulation import run
from tests.faults.story import START

pytestmark = pytest.mark.slow

ONE, TWO = "Customer 1", "Customer 2"
PAT, KIM = "Pat1 Smith", "Kim Roe"
DAYS = 130
MAPPING = {**PROGRAMME, "notice_link": True}
#: By the vendor's names: a task's status, and what it says when it is open; subject, words, day.
TASKS = {
    "hubspot": ("hs_task_status", "NOT_STARTED", "hs_task_subject", "hs_task_body"),
    "salesforce": ("Status", "Not Started", "Subject", "Description"),
}


def _at(day: int, at: str, customer: str = ONE, **what: Any) -> Happening:
    return Happening(day=day, at=at, customer=customer, **what)


SCRIPT = (
    _at(0, "11:00", stage="churning"),
    _at(1, "08:00", fields={"reason_csm": "product_gap", "exit_words": "We need SSO for that."}),
    _at(1, "09:00", done="acknowledge"),
    _at(2, "09:00", undone="acknowledge"),
    _at(2, "10:00", edited={"step": "check_contract", "subject": "Read the contract aloud"}),
    _at(3, "08:00", departs=35),
    _at(3, "09:00", ticked={"person": KIM, "stay_in_touch": True}),
    _at(4, "09:00", answered={"person": PAT, "answers": {"reason": "price", "would_return": "9"},
                              "stay_in_touch": True}),
    _at(5, "09:00", asks_export=PAT),
    _at(5, "10:00", asks_to_talk=PAT),
    _at(5, "11:00", chooses={"person": PAT, "contact": "quiet"}),
    _at(20, "09:00", chooses={"person": PAT, "contact": "stay"}),
    _at(6, "09:00", removed="read_the_signals"),
    _at(6, "10:00", customer=TWO, gives_notice={"person": "Pat2 Smith", "last_day": 50}),
    _at(7, "09:00", opted_out=KIM),
    _at(7, "10:00", customer=TWO, fields={"reason_csm": "product_gap", "exit_words": "No login."}),
    _at(13, "09:00", customer=TWO, proved={"feature": "SSO"}),
    _at(15, "09:00", proved={"hand_over_data": "Handed over on paper, receipt 12."}),
    *(_at(day, "09:00", customer=name, done="due")
      for day in (14, 21, 28, 36, 60) for name in (ONE, TWO)),
    _at(16, "09:00", proved={"final_invoice": "Invoice 2026-77."}),
    _at(90, "10:00", moves_away={"person": PAT, "to": "Customer 3"}),
    _at(45, "10:00", shipped="SSO for that"),
    _at(70, "10:00", checked={"answers": {"promises_kept": "yes", "undone": "Nothing at all."}}),
)  # fmt: skip


@dataclass(kw_only=True)
class Colleagues(Company):
    """The same with what only a CRM's own screens or its API can do."""

    def act(self, happening: Happening, now: datetime) -> bool:
        (what,) = happening.what
        own = getattr(self, f"_{what}", None)
        if own is None:
            return super().act(happening, now)
        return bool(own(self._ids[happening.customer or ""], happening, now))

    def _undone(self, id: str, happening: Happening, now: datetime) -> bool:
        status, open_, *_ = TASKS[self.connection.name]
        return self._change(id, happening.undone, {status: open_})

    def _edited(self, id: str, happening: Happening, now: datetime) -> bool:
        assert happening.edited
        *_, subject, _ = TASKS[self.connection.name]
        return self._change(id, (happening.edited.step,), {subject: happening.edited.subject or ""})

    def _proved(self, id: str, happening: Happening, now: datetime) -> bool:
        *_, field = TASKS[self.connection.name]
        done = False
        for step, words in happening.proved.items():
            for entry in self._open(id, (step,), now):
                assert entry.id
                read = self.connection.crm.read(TASK, [entry.id], ("body",))[entry.id]
                body = f"{read.fields['body']} {words}"
                with self.stage.sandbox.world.lock:
                    self._desk.edit(self._desk.task_object, entry.id, field, body, by=self._by)  # type: ignore[attr-defined]
                    self._desk.complete(entry.id, by=self._by)
                done = True
        return done

    def _change(self, id: str, steps: Sequence[str], values: dict[str, str]) -> bool:
        tasks = [e.id for e in self._entries(id) if e.kind == TASK and e.step in steps and e.id]
        with self.stage.sandbox.world.lock:
            for task in tasks:
                for field, value in values.items():
                    self._desk.edit(self._desk.task_object, task, field, value, by=self._by)  # type: ignore[attr-defined]
        return bool(tasks)

    def _gives_notice(self, id: str, happening: Happening, now: datetime) -> bool:
        given, connection = happening.gives_notice, self.connection
        assert given
        object = connection.programme.watch[0].object
        person = self._named(id, given.person)
        link = connection.links.sealed("notice", connection.name, object, id, person)
        day = self.start.date() + timedelta(days=int(str(given.last_day)))
        address = self.survey + link[link.index("/n/") :]
        visitor.fill_in(address, {"last_day": day.isoformat()})
        return True

    def _shipped(self, id: str, happening: Happening, now: datetime) -> bool:
        label, service = happening.shipped or "", self.connection
        feature = Feature(key=feature_key(label), label=label, at=now)
        with service.store.transaction("test shipped") as tables:
            found = askers(tables, service.name, service.loaded, feature)
            cases = {one.case: one.people for one in found}
            tables.requests.ask(
                SHIPPED, now, connection=service.name, feature=feature.key, label=label, cases=cases
            )
        return True

    def _checked(self, id: str, happening: Happening, now: datetime) -> bool:
        assert happening.checked
        case = self._cases(id)[0]
        person = self._named(id, PAT)
        token = self.connection.links.token(write_key(case, "check", person))
        visitor.fill_in(f"{self.survey}/s/{token}", happening.checked.answers)
        return True

    def _moves_away(self, id: str, happening: Happening, now: datetime) -> bool:
        moving = happening.moves_away
        assert moving
        person = self._named(id, moving.person)
        url = self.stage.sandbox.urls[self.connection.name]
        new = self._ids[moving.to or ""]
        token = self.stage.dialect(self.connection.name).credentials()["token"]
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token}"
            if self.connection.name == "salesforce":
                path = f"{url}/services/data/v62.0/sobjects/Contact/{person}"
                session.patch(path, json={"AccountId": new}, timeout=10).raise_for_status()
            else:
                path = f"{url}/crm/v4/objects/contacts/{person}/associations"
                session.delete(f"{path}/companies/{id}", timeout=10).raise_for_status()
                session.put(f"{path}/default/companies/{new}", timeout=10).raise_for_status()
        with self.connection.store.transaction("test wakes") as tables:
            tables.cases.wake(self._cases(id)[:1], now)
        return True


def _people() -> Seed:
    few = staff()
    first, *rest = few.customers
    kim = Person(first="Kim", last="Roe", email="kim@c1.example")
    bea = Colleague(
        handle="bea", first="Bea", last="Birch", email="bea@vendor.example", title="CSM"
    )
    many = (replace(first, people=(*first.people, kim)), *rest)
    return replace(few, customers=many, colleagues=(*few.colleagues, bea))


@pytest.mark.parametrize("crm", CRMS)
def test_whatever_people_do_the_simulation_and_the_service_end_alike(crm: str) -> None:
    with (
        trial(_people(), start=START, crms=[crm], mapping=MAPPING) as stage,
        stage.pages() as pages,
    ):
        stage.provision(crm)
        connection = stage.connect(crm)
        connection.removals = timedelta(0)
        customers = cast.everyone(connection)
        seen = play(connection, customers, SCRIPT, START, DAYS)
        told = [one.words for one in seen if one.what == "event"]
        assert len(told) >= len(SCRIPT) - 3, told  # on some days nothing is due
        assert any("you asked for SSO," in one.words for one in seen)
        assert any("“SSO” is there" in one.words and one.customer == ONE for one in seen)
        assert any("congratulate" in one.words for one in seen)
        stage.cycle(connection)
        company = Colleagues(
            stage=stage, connection=connection, survey=pages.urls["public"], start=START
        )
        run(company, SCRIPT, START, DAYS)
        found = agree(connection, customers)
        assert found.differ == [], "\n".join(found.differ)
        assert found.records > 40


@pytest.fixture(scope="module", name="connection")
def _connection() -> Iterator[Connection]:
    """A CRM to simulate on, with digests on Mondays, and two touches a year."""
    feedback = {**PROGRAMME["feedback"], "digest": {"roles": ["customer_success"]}}
    mapping = {**MAPPING, "feedback": feedback, "touches": {"at_most": 2}}
    with trial(_people(), start=START, crms=["hubspot"], mapping=mapping) as stage:
        stage.provision("hubspot")
        yield stage.connect("hubspot")


def _played(connection: Connection, *script: Happening, days: int = DAYS) -> list[Seen]:
    return play(connection, cast.everyone(connection), script, START, days)


def test_a_customer_whose_record_is_deleted_is_left_alone_until_it_is_back(
    connection: Connection,
) -> None:
    def tasks(seen: Sequence[Seen]) -> set[tuple[int, str]]:
        return {((one.at - START).days, one.words) for one in seen if one.what == "task"}

    begins = _at(0, "11:00", stage="churning")
    gone = _at(4, "09:00", record="deleted"), _at(5, "09:00", reason="price")
    deleted = _played(connection, begins, *gone)
    assert {day for day, _ in tasks(deleted)} == {0}
    assert [one.words for one in deleted if one.what == "event"][1:] == [
        "somebody deletes the record"
    ]
    back = _played(connection, begins, *gone, _at(20, "09:00", record="restored"))
    assert min(day for day, _ in tasks(back) if day) >= 20
    assert len([one for one in back if one.words.startswith("Acknowledge")]) == 1


def test_each_week_has_its_digest(connection: Connection) -> None:
    words = {"reason_csm": "product_gap", "exit_words": "We need SSO for that."}
    script = [
        _at(0, "11:00", stage="churning"),
        _at(1, "08:00", fields=words),
        _at(0, "11:00", customer=TWO, stage="churning"),
        _at(9, "08:00", customer=TWO, fields=words),
        Happening(day=10, owner_leaves="Ann Archer"),
    ]
    seen = _played(connection, *script, days=40)
    weekly = [one for one in seen if one.words.startswith("Read what leaving customers told us")]
    assert [(one.at.date() - START.date()).days for one in weekly] == [7, 14]
    assert [one.customer for one in weekly] == [ONE, TWO]
    assert weekly[0].who == "Ann Archer"
    assert weekly[1].who != "Ann Archer"


def test_a_touch_because_of_an_earlier_departure_counts(connection: Connection) -> None:
    steps = tuple(f"touch_{name}" for name in connection.programme.touches.steps)

    def touched(*more: Happening) -> list[int]:
        """The days on which a touch is there after the second departure."""
        stays = {"person": PAT, "answers": {"reason": "price"}, "stay_in_touch": True}
        script = [
            _at(0, "11:00", stage="churned"),
            _at(2, "09:00", answered=stays),
            _at(3, "09:00", departs=4),
            *more,
            _at(150, "11:00", stage="active"),
            _at(190, "11:00", stage="churned"),
            _at(191, "09:00", departs=192),
        ]
        seen = _played(connection, *script, days=440)
        asks = [one for one in seen if one.what == "task" and f"{PAT} of {ONE}" in one.words]
        return [day for one in asks if (day := (one.at - START).days) > 190]

    assert len(touched()) > len(touched(_at(100, "09:00", done=steps)))
