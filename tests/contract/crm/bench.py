"""A CRM on the bench: a sandbox behind a socket, its words, and people at its desk.

The suite sees a CRM from three sides: through the adapter, which is tried; through the desk, as
people see it; and through the vendor's own API with nothing but an HTTP client.
"""

from __future__ import annotations

import fnmatch
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import requests

from integrations.contract import (
    NOTE,
    TASK,
    Crm,
    FieldSpec,
    FieldType,
    Mail,
    Names,
    Option,
    Page,
    Query,
    Ref,
    Task,
)
from integrations.registry import Access, connect
from integrations.sandbox.clock import Clock
from integrations.sandbox.desk import Happening, Letter
from integrations.sandbox.faults import Fault
from integrations.sandbox.open import Sandbox
from integrations.sandbox.seed import Seed
from mappings.loader import rows
from tests.contract.crm.people import MINUTE, START


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a CRM calls the things that every CRM has."""

    customer: str
    person: str
    name: str
    stage: str
    seats: str
    ends: str
    csm: str
    email: str


class Bench(ABC):
    """One CRM. A subclass says its words; everything else is the same for all."""

    name: ClassVar[str]
    words: Words
    #: What it says that it is.
    kinds: ClassVar[tuple[str, ...]] = ("sandbox",)
    #: What faults are set on, by kind of call: patterns of the sandbox's operations.
    operations: ClassVar[Mapping[str, str]]
    #: Bodies of answers, by what they say.
    said: ClassVar[Mapping[str, object]]
    #: The faults of too many calls at once, and of too many today.
    busy: ClassVar[Mapping[str, Any]]
    exhausted: ClassVar[Mapping[str, Any]]
    #: Credentials that lead nowhere.
    wrong: ClassVar[Mapping[str, str]]

    def __init__(self, sandbox: Sandbox) -> None:
        self.world = sandbox.world
        self.url = sandbox.urls[self.name]
        self.dialect = sandbox.world.dialects[self.name]
        self._options = dict(self.dialect.options)
        self._http = requests.Session()

    @abstractmethod
    def our(self, word: str) -> str:
        """The name of a field of ours."""

    @abstractmethod
    def mailing(self) -> None:
        """Let the CRM send mail."""

    @abstractmethod
    def api(self, method: str, ref: Ref, fields: tuple[str, ...] = ()) -> Any:
        """One record through the vendor's API."""

    @abstractmethod
    def segments(self, name: str) -> int:
        """How many lists or campaigns have this name."""

    @abstractmethod
    def deal(self, number: int = 1) -> Ref:
        """A new deal with the people of a customer."""

    @abstractmethod
    def role(self, customer: Ref, person: Ref, *roles: str) -> None:
        """Somebody says what a person is to a customer."""

    @abstractmethod
    def drop(self, object: str, field: str) -> None:
        """An admin deletes a field."""

    @abstractmethod
    def choices(self, object: str, field: str, options: tuple[Option, ...]) -> None:
        """An admin sets the choices of a field."""

    @property
    def token(self) -> str:
        """What the vendor's API lets in."""
        return self.dialect.credentials()["token"]

    def ask(self, method: str, path: str, token: str, **more: Any) -> Any:
        """The vendor's own API; its answer's JSON."""
        answer = self._http.request(
            method,
            self.url + path,
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
            **more,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def reset(self, seed: Seed) -> None:
        """A fresh world, without limits per second: its clock stands still."""
        self.clock.set(START)
        self.dialect.options.update(self._options)
        if "rate_limits" in self._options:
            self.dialect.options["rate_limits"] = False
        with self.world.lock:
            self.world.reset(seed)

    @abstractmethod
    def installed(self) -> dict[str, str]:
        """Credentials whose sessions end, and are renewed."""

    @abstractmethod
    def expire(self) -> None:
        """End every session."""

    def close(self) -> None:
        """Give the sockets back."""
        self._http.close()

    def connect(self, url: str | None = None, *, paced: bool = False, **access: str) -> Crm:
        """The adapter, not signed in yet."""
        given = self.dialect.credentials()
        known = {name: given[name] for name in ("client_id", "client_secret") if name in given}
        credentials = access if "client_id" in access else known or {"token": given["token"]}
        where = Access(url=url or self.url, paced=paced, **{**credentials, **access})
        return connect(self.name, where, self.names, lambda operation: nullcontext())

    @property
    def names(self) -> Names:
        """The fields that we add to tasks and notes, and the object that keeps departures."""
        words = ("key", "step", "phase", "department", "required", "promise")
        task, kept = {word: self.our(word) for word in words}, rows().departure.keeping(self.name)
        return Names(task=task, note={"key": task["key"]}, departure=kept)

    @property
    def keys(self) -> tuple[FieldSpec, ...]:
        """The specs of those fields."""
        options = tuple(Option(value=v, label=v.title()) for v in ("leaving", "billing"))
        plain = (
            ("step", FieldType.TEXT),
            ("required", FieldType.FLAG),
            ("promise", FieldType.FLAG),
        )
        choices = (("phase", FieldType.CHOICE), ("department", FieldType.CHOICE))
        return (
            *(self._key(object) for object in (TASK, NOTE)),
            *(
                FieldSpec(
                    object=TASK, name=self.our(word), label=word.title(), type=type, length=60
                )
                for word, type in plain
            ),
            *(
                FieldSpec(
                    object=TASK,
                    name=self.our(word),
                    label=word.title(),
                    type=type,
                    options=options,
                )
                for word, type in choices
            ),
        )

    def _key(self, object: str) -> FieldSpec:
        return FieldSpec(
            object=object,
            name=self.our("key"),
            label="Our key",
            type=FieldType.TEXT,
            length=80,
            unique=True,
            case_sensitive=True,
        )

    def called(self, name: str) -> str:
        """The name for a list or a campaign of the suite."""
        return name

    def address(self, person: int, number: int) -> str:
        """The address of somebody at a customer."""
        return f"p{person}@c{number}.example"

    def is_now(self, moment: datetime | None) -> bool:
        """Whether the CRM means the present."""
        return moment == self.clock.now()

    @property
    def clock(self) -> Clock:
        """The time of the CRM."""
        return self.world.clock

    def pass_(self, by: timedelta = MINUTE) -> None:
        """Let time pass."""
        with self.world.lock:
            self.clock.advance(by)

    @contextmanager
    def earlier(self, by: timedelta) -> Iterator[None]:
        """What happens inside is stamped with an earlier time, as what becomes visible late is."""
        now = self.clock.now()
        self.clock.set(now - by)
        try:
            yield
        finally:
            self.clock.set(now)

    @staticmethod
    def ref(object: str, id: str) -> Ref:
        """One record."""
        return Ref(object=object, id=id)

    def customer(self, number: int = 1) -> Ref:
        """A customer by the number in its name."""
        return self.named(f"Customer {number}")

    def named(self, name: str) -> Ref:
        """A customer by name."""
        with self.world.lock:
            rows = self.dialect.desk.customers(name)
        (id,) = [row.id for row in rows if row.name == name]
        return Ref(object=self.words.customer, id=id)

    def everybody(self) -> list[Ref]:
        """Every customer."""
        with self.world.lock:
            rows = self.dialect.desk.customers(limit=1_000_000)
        return [Ref(object=self.words.customer, id=row.id) for row in rows]

    def people(self, number: int = 1) -> list[Ref]:
        """The people of a customer, eldest first."""
        with self.world.lock:
            sheet = self.dialect.desk.customer(self.customer(number).id)
        assert sheet is not None
        return [Ref(object=self.words.person, id=contact.id) for contact in sheet.contacts]

    def colleague(self, number: int = 0) -> str:
        """The id of somebody with a seat."""
        with self.world.lock:
            return self.dialect.desk.colleagues()[number][0]

    def edit(self, ref: Ref, field: str, value: str, *, by: str | None = None) -> None:
        """Somebody sets a field."""
        with self.world.lock:
            self.dialect.desk.edit(ref.object, ref.id, field, value, by=by or self.colleague())

    def move(self, ref: Ref, stage: str = "churning") -> None:
        """Somebody moves a customer to another stage."""
        self.edit(ref, self.words.stage, stage)

    def complete(self, task: str) -> None:
        """Somebody ticks off a task."""
        with self.world.lock:
            self.dialect.desk.complete(task, by=self.colleague())

    def unsubscribe(self, person: Ref) -> None:
        """A person opts out."""
        with self.world.lock:
            self.dialect.desk.unsubscribe(person.id)

    def timeline(self, number: int = 1, kind: str = "") -> list[Happening]:
        """What people see on a customer, of one kind."""
        with self.world.lock:
            sheet = self.dialect.desk.customer(self.customer(number).id)
        assert sheet is not None
        return [one for one in sheet.timeline if kind in ("", one.kind)]

    def letters(self) -> list[Letter]:
        """What was mailed."""
        with self.world.lock:
            return list(self.dialect.desk.letters())

    def raw(self, ref: Ref, field: str) -> Any:
        """A value as the vendor's API shows it."""
        return self.api("GET", ref, (field,))

    def delete(self, ref: Ref) -> None:
        """Somebody deletes a record."""
        self.api("DELETE", ref)

    def calls(self, kind: str = "*") -> int:
        """Calls since the last :meth:`forget`, of one kind or all."""
        wanted = self.operations.get(kind, kind)
        with self.world.lock:
            counted = self.world.traffic.count(self.name)
        return sum(n for operation, n in counted.items() if fnmatch.fnmatch(operation, wanted))

    def forget(self) -> None:
        """Count calls from here."""
        with self.world.lock:
            self.world.traffic.clear()

    def strike(self, kind: str, **fault: Any) -> None:
        """Arm a fault on a kind of call."""
        operation = self.operations.get(kind, kind)
        with self.world.lock:
            self.world.faults.add(Fault(crm=self.name, operation=operation, **fault))

    def task(self, **values: Any) -> Task:
        """A task about the first customer."""
        return Task(
            **{
                "about": self.customer(),
                "subject": "Send the final invoice",
                "body": "Ask Ann for the figures.",
                "due": START + timedelta(days=7),
                "owner": self.colleague(),
                "step": "final_invoice",
                "phase": "leaving",
                "department": "billing",
                **values,
            }
        )

    def mail(self, person: Ref, **values: Any) -> Mail:
        """A message to a person of the first customer."""
        return Mail(
            **{
                "to": person,
                "address": "p1@c1.example",
                "about": self.customer(),
                "subject": "How was it?",
                "body": "Tell us: https://bye.example/s/1",
                "template": "7",
                **values,
            }
        )


def look(crm: Crm, query: Query, cursor: str | None = None) -> list[Page]:
    """Every page of a look."""
    return list(crm.changes(query, cursor))


def ids(pages: list[Page]) -> list[str]:
    """The records of these pages, in the order they came."""
    return [record.ref.id for page in pages for record in page.records]
