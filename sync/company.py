"""The people around a sandbox's CRM, colleagues and customers, who do what a script says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from integrations.contract import TASK, Ref
from integrations.sandbox import visitor
from integrations.sandbox.desk import Desk, Enroller, Keeper
from mappings.survey import CONSENTS
from sync.connection import Connection
from sync.model import Kind, case_key, write_key
from sync.outbox import Entry, State
from sync.simulation.script import DUE, Answered, Happening, Ticked
from sync.trial import Trial

#: Our field behind a key of the script.
_FIELDS = {"departs": "departs_on", "reason": "reason_csm", "decision": "decision"}


@dataclass(kw_only=True)
class Company:
    """One sandbox, the service's connection to it, and where the survey's pages are."""

    stage: Trial
    connection: Connection
    survey: str
    start: datetime
    _ids: dict[str, str] = field(init=False)
    _by: str = field(init=False)

    def __post_init__(self) -> None:
        rows = self.stage.customers(self.connection.name)
        self._ids = {name: row.id for name, row in rows.items()}
        self._by = self.stage.colleague(self.connection.name, 1)

    def act(self, happening: Happening, now: datetime) -> bool:
        """Do it at this moment, to one customer; whether there was anything to do.

        Raises ValueError for what nobody can do here.
        """
        id = self._ids[happening.customer or ""]
        (what,) = happening.what
        if what == "stage":
            watch = self.connection.programme.watch[0]
            self._edit(id, watch.stage, happening.stage or "")
        elif what in _FIELDS:
            self._set(id, _FIELDS[what], getattr(happening, what))
        elif what == "fields":
            for key, value in happening.fields.items():
                self._set(id, key, value)
        elif what == "done":
            return self._complete(id, happening.done, now)
        elif what == "answered" and happening.answered:
            return self._answer(id, happening.answered, now)
        elif what == "removed":
            return self._delete(id, happening.removed, now)
        elif what == "opted_out":
            with self.stage.sandbox.world.lock:
                self._desk.unsubscribe(self._named(id, happening.opted_out or ""))
        elif what == "ticked" and happening.ticked:
            self._tick(id, happening.ticked)
        elif what in ("asks_export", "asks_to_talk"):
            page = {"asks_export": "export", "asks_to_talk": "talk"}[what]
            self._visit(id, getattr(happening, what), page, {})
        elif what == "chooses" and happening.chooses:
            choice = {"contact": happening.chooses.contact}
            self._visit(id, happening.chooses.person, "contact", choice)
        else:
            raise ValueError(f"nobody in the sandbox can do this: {what}")
        return True

    @property
    def _desk(self) -> Desk:
        return self.stage.desk(self.connection.name)

    def _delete(self, id: str, steps: tuple[str, ...], now: datetime) -> bool:
        tasks, desk = [entry.id for entry in self._open(id, steps, now) if entry.id], self._desk
        assert isinstance(desk, Keeper)
        assert isinstance(desk, Enroller)
        with self.stage.sandbox.world.lock:
            for task in tasks:
                desk.delete(desk.task_object, task, by=self._by)
        return bool(tasks)

    def _tick(self, id: str, ticked: Ticked) -> None:
        """Boxes on somebody's record."""
        places, person = self.connection.places("person"), self._named(id, ticked.person)
        with self.stage.sandbox.world.lock:
            for key in CONSENTS:
                if (yes := getattr(ticked, key)) is not None:
                    value = "true" if yes else "false"
                    self._desk.edit(
                        self._desk.person_object, person, places[key].field, value, by=self._by
                    )

    def _visit(self, id: str, person: str, page: str, form: Mapping[str, str]) -> None:
        """Somebody opens their own page, by the link to it, and sends one of its forms."""
        key = write_key(self._cases(id)[0], "page", self._named(id, person))
        visitor.fill_in(f"{self.survey}/c/{self.connection.links.token(key)}/{page}", form)

    def _named(self, id: str, name: str) -> str:
        """Somebody at a customer, by id, name or address."""
        with self.stage.sandbox.world.lock:
            sheet = self._desk.customer(id)
        assert sheet
        return next(one.id for one in sheet.contacts if name in (one.id, one.name, one.email))

    def _set(self, id: str, key: str, value: date | int | str | None) -> None:
        if isinstance(value, int):
            value = (self.start + timedelta(days=value)).date()
        self._edit(id, self.connection.places("customer")[key].field, str(value or ""))

    def _edit(self, id: str, field: str, value: str) -> None:
        self.stage.edit(self.connection.name, id, field, value, by=self._by)

    def _complete(self, id: str, steps: tuple[str, ...], now: datetime) -> bool:
        tasks = [entry.id for entry in self._open(id, steps, now) if entry.id]
        desk = self.stage.desk(self.connection.name)
        with self.stage.sandbox.world.lock:
            for task in tasks:
                desk.complete(task, by=self._by)
        return bool(tasks)

    def _open(self, id: str, steps: tuple[str, ...], now: datetime) -> Iterator[Entry]:
        """The open tasks of these steps, or whatever is due."""
        for entry in self._entries(id):
            due = entry.wanted.get("due")
            late = DUE in steps and isinstance(due, datetime) and due <= now
            is_open = entry.kind == TASK and entry.state is State.DELIVERED
            if is_open and not entry.wanted["done"] and (late or entry.step in steps):
                yield entry

    def _answer(self, id: str, said: Answered, now: datetime) -> bool:
        """The first person there who has a link that is still open opens it."""
        person = self._named(id, said.person) if said.person else None
        key = self._invitation(id, person, now)
        if key is None:
            return False
        consents = {name: "on" for name in ("stay_in_touch", "reference_ok") if getattr(said, name)}
        address = f"{self.survey}/s/{self.connection.links.token(key)}"
        visitor.fill_in(address, {**said.answers, **consents}, language=self._speaks(id, key))
        return True

    def _speaks(self, id: str, invitation: str) -> str:
        """What the browser of whoever is invited asks for."""
        name, person = self.connection.programme.people.language, invitation.split(":")[-1]
        with self.connection.store.reading() as tables:
            people = tables.people.people(self.connection.name, [id])[id]
        fields = next(one.fields for one in people if one.ref.id == person)
        return str(fields.get(name or "") or "").replace("_", "-")

    def _invitation(self, id: str, person: str | None, now: datetime) -> str | None:
        """The key behind the link, the newest departure first."""
        entries = {entry.key: entry for entry in self._entries(id)}
        with self.connection.store.reading() as tables:
            histories = tables.cases.histories(self._cases(id), kinds=[Kind.SENT])
        for case in self._cases(id):
            sent = {e.data["person"] for e in histories.get(case, ()) if e.data["step"] == "survey"}
            for one in self._people(id) if sent else ():
                key = write_key(case, "survey", one)
                ends = entries[key].not_after if key in entries else None
                if one in sent and person in (None, one) and (ends is None or now < ends):
                    return key
        return None

    def _people(self, id: str) -> list[str]:
        connection = self.connection
        to, object = connection.programme.people.object, connection.programme.watch[0].object
        found = connection.crm.related(object, [id], to, connection.person_fields)
        return [record.ref.id for record in found.get(id, ())]

    def _cases(self, id: str) -> list[str]:
        """A customer's cases, the newest first."""
        connection = self.connection
        ref = Ref(object=connection.programme.watch[0].object, id=id)
        with connection.store.reading() as tables:
            last = tables.cases.of(connection.name, ref.object, [id])
        numbers = range(last[id].number if last else 0, 0, -1)
        return [case_key(connection.identity.org, ref, number) for number in numbers]

    def _entries(self, id: str) -> list[Entry]:
        with self.connection.store.reading() as tables:
            found = tables.ledger.of_cases(self._cases(id))
        return [entry for case in found.values() for entry in case.values()]
