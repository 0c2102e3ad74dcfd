"""People and machines do whatever they like to a CRM; once all rests, it is as it should be.

`AUREVOIR_HYPOTHESIS=long` plays many more and longer games.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Literal

import pytest
import requests
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from integrations.contract import TASK
from integrations.errors import CrmError
from integrations.sandbox.faults import Fault
from sync.connection import Connection
from sync.engine.jobs import cycle
from sync.model import Membership
from sync.outbox import State
from sync.planning import prepare
from sync.verify import verify
from tests.faults.story import Play, count, opened

CUSTOMERS = st.integers(1, 3)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class World(RuleBasedStateMachine):
    """One CRM, one store, and a service that is sometimes broken off."""

    crm: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = self.open.enter_context(TemporaryDirectory())
        self.play: Play = self.open.enter_context(opened(self.crm, Path(folder)))
        self.service: Connection = self.play.restart()
        cycle(self.service)
        self.completed: set[str] = set()
        self.deleted: set[str] = set()
        self.opted_out: set[str] = set()
        self.answered: set[str] = set()

    @rule(customer=CUSTOMERS, to=st.sampled_from(["churning", "churning", "churned", "active"]))
    def somebody_moves_a_stage(self, customer: int, to: str) -> None:
        self.play.stage_to(customer, to)

    @rule(customer=CUSTOMERS, reason=st.sampled_from(["price", "product_gap", "competitor"]))
    def somebody_enters_a_reason(self, customer: int, reason: str) -> None:
        place = self.service.places("customer")["reason_csm"]
        self.play.stage.edit(
            self.crm,
            self.play.customer(customer),
            place.field,
            reason,
            by=self.play.stage.colleague(self.crm),
        )

    @rule(pick=st.integers(0, 40))
    def somebody_completes_a_task(self, pick: int) -> None:
        tasks = self._tasks()
        if tasks:
            key, id = tasks[pick % len(tasks)]
            with self.play.stage.sandbox.world.lock:
                desk = self.play.stage.desk(self.crm)
                desk.complete(id, by=self.play.stage.colleague(self.crm))
            self.completed.add(key)

    @rule(pick=st.integers(0, 40))
    def somebody_deletes_a_task(self, pick: int) -> None:
        tasks = self._tasks()
        if tasks:
            key, id = tasks[pick % len(tasks)]
            _delete(self.play, id)
            self.deleted.add(key)

    @rule(customer=CUSTOMERS)
    def somebody_unsubscribes(self, customer: int) -> None:
        person = self._person(customer)
        if person:
            with self.play.stage.sandbox.world.lock:
                self.play.stage.desk(self.crm).unsubscribe(person)
            self.opted_out.add(person)

    @rule(customer=CUSTOMERS)
    def somebody_answers_the_survey(self, customer: int) -> None:
        with self.service.store.reading() as tables:
            row = tables.cases.of(
                self.crm, self.service.programme.watch[0].object, [self.play.customer(customer)]
            )
        person = self._person(customer)
        if row and person and row[self.play.customer(customer)].key not in self.answered:
            self.answered.add(row[self.play.customer(customer)].key)
            self.play.answer(customer)

    @rule(by=st.sampled_from([MINUTE, 11 * MINUTE, DAY, 3 * DAY, 12 * DAY, 40 * DAY]))
    def time_passes(self, by: timedelta) -> None:
        self.play.stage.advance(by)

    @rule(nth=st.integers(1, 6), when=st.sampled_from(["before", "after"]))
    def a_socket_will_drop(self, nth: int, when: Literal["before", "after"]) -> None:
        with self.play.stage.sandbox.world.lock:
            fault = Fault(crm=self.crm, operation="*", nth=nth, when=when)
            self.play.stage.sandbox.world.faults.add(fault)

    @rule()
    def the_service_looks(self) -> None:
        with suppress(CrmError):  # it will look again
            cycle(self.service)

    @precondition(lambda self: not self.play.stage.sandbox.world.faults.active)
    @rule()
    def the_service_starts_again(self) -> None:
        self.service = self.play.restart()

    def _tasks(self) -> list[tuple[str, str]]:
        """Open tasks in the CRM: our key, its id."""
        with self.play.stage.sandbox.world.lock:
            self.play.stage.sandbox.world.faults.clear()
        return sorted((key, id) for key, (id, done) in self._held().items() if not done)

    def _held(self) -> dict[str, tuple[str, bool]]:
        """Every task of ours in the CRM: by key, its id, and whether it is done."""
        ids = {one.key: one.id for one in self.service.crm.find(TASK, None)}
        read = self.service.crm.read(TASK, list(ids.values()), ("done",))
        return {key: (id, bool(read[id].fields["done"])) for key, id in ids.items()}

    def _person(self, customer: int) -> str | None:
        with self.service.store.reading() as tables:
            found = tables.people.people(self.crm, [self.play.customer(customer)])
        listed = found.get(self.play.customer(customer), ())
        return listed[0].ref.id if listed else None

    def teardown(self) -> None:
        try:
            self._rest()
            self._check()
        finally:
            self.open.close()

    def _rest(self) -> None:
        """Until nothing is left to do."""
        with self.play.stage.sandbox.world.lock:
            self.play.stage.sandbox.world.faults.clear()
        for _ in range(20):
            self.play.stage.advance(MINUTE)
            cycle(self.service)
            with self.service.store.reading() as tables:
                later = tables.ledger.next_due(self.crm)
                waiting = tables.ledger.in_state(
                    self.crm, State.PENDING, State.SENDING, State.UNKNOWN
                )
            if not waiting:
                return
            if later:
                self.play.stage.until(later)
        raise AssertionError(f"does not come to rest: {waiting}")

    def _check(self) -> None:
        there = count(self.play)
        assert set(there.tasks.values()) <= {1}
        assert set(there.notes.values()) <= {1}
        assert set(there.members.values()) <= {1}
        assert not self.deleted & there.tasks.keys()
        held = self._held()
        assert all(held[key][1] for key in self.completed & held.keys())
        found = verify(self.service)
        # A CRM that does not tell of deleted tasks is believed until one of them is to change.
        assert set(found.missing) <= self.deleted
        assert found.extra == []
        members = {one.rpartition(": ")[2] for one in there.members}
        assert not members & self.opted_out
        assert members == self._wanted()

    def _wanted(self) -> set[str]:
        with self.service.store.reading() as tables:
            rows = list(tables.cases.list(self.crm))
        return {
            want.item.person.id
            for one in prepare(self.service, rows)
            for want in one.plan(self.service.clock()).wants
            if isinstance(want.item, Membership)
        }


def _delete(play: Play, id: str) -> None:
    """Somebody deletes a task; nobody but the vendor's API can tell how."""
    base = play.stage.sandbox.urls[play.crm]
    path = {
        "hubspot": f"/crm/objects/2026-09/tasks/{id}",
        "salesforce": f"/services/data/v62.0/sobjects/Task/{id}",
    }[play.crm]
    token = play.stage.dialect(play.crm).credentials()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.delete(f"{base}{path}", headers=headers, timeout=10)
    assert answer.status_code == 204, answer.text


def _game(name: str) -> Any:
    class Game(World):
        crm = name

    case = Game.TestCase
    case.settings = settings(
        settings(),
        deadline=None,
        max_examples=max(5, settings().max_examples // 8),
        stateful_step_count=25,
        # Every step plays a real CRM; a smaller story would take minutes to find.
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    return case


@pytest.mark.slow
class TestHubspot(_game("hubspot")):  # type: ignore[misc]
    """Plays with HubSpot."""


@pytest.mark.slow
class TestSalesforce(_game("salesforce")):  # type: ignore[misc]
    """Plays with Salesforce."""
