"""A CRM that is no sandbox on the bench: a test portal or a developer org, and nothing left in it.

What the suite needs is made when it is asked for, through the vendor's API, and undone when the
test is over, whatever became of it. Names carry the mark of the run.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any, NoReturn, cast
from uuid import uuid4

import requests

from integrations.contract import Crm, FieldSpec, FieldType, Option, Ref
from integrations.registry import Access, connect
from integrations.sandbox.seed import STAGES, Seed
from tests.contract.crm.bench import Bench, Words
from tests.contract.crm.people import seed
from tests.live.lens import Lens

#: Between the CRM's clock and this machine's.
SKEW = timedelta(minutes=5)
#: Words whose fields are there for the whole run.
_KEYS = ("key", "step", "phase", "department", "required", "promise")
#: Answers to undoing what is gone already.
_GONE = (400, 404)


class Live(Bench):
    """One portal or org. What it cannot do is asked for by no test that is not marked."""

    #: What an org may say that it is.
    kinds = ("sandbox", "developer")

    def __init__(self, access: Access) -> None:
        self.access = access
        self._http = requests.Session()
        #: Told apart from everything else there, and from another run.
        self.mark = f"live{uuid4().hex[:8]}"
        self._test, self._calls = 0, 0
        self._first: list[Callable[[], object]] = []
        self._undo: list[Callable[[], object]] = []
        self._seed = seed()
        self._customers: dict[str, Ref] = {}
        self._people: dict[str, list[Ref]] = {}
        #: Records of this test, and those of them that a look has still to show.
        self.own: set[Ref] = set()
        self.awaited: set[Ref] = set()
        #: The adapter for what is not tried here, whose calls are not counted.
        self.aside = connect(self.name, access, self.names, lambda operation: nullcontext())
        self.url = access.url or self.home()

    @abstractmethod
    def home(self) -> str:
        """The address of the vendor's API."""

    @abstractmethod
    def create(self, object: str, values: Mapping[str, object], of: Ref | None = None) -> Ref:
        """A new record, through the vendor's API; ``of``: the customer it belongs to."""

    @abstractmethod
    def change(self, ref: Ref, values: Mapping[str, object]) -> None:
        """Change it there."""

    @abstractmethod
    def person(self, first: str, last: str, email: str) -> Mapping[str, object]:
        """What a person's record has."""

    @abstractmethod
    def company(self, name: str, ref: str) -> Mapping[str, object]:
        """What a customer's record has, beside the suite's own fields."""

    @abstractmethod
    def drop_segment(self, id: str) -> None:
        """A list or campaign goes."""

    @abstractmethod
    def remember(self) -> Callable[[], object] | None:
        """What provisioning leaves beside fields: how to undo it, if it is not there yet."""

    @property
    def patience(self) -> float:
        """Seconds that a look may take until it shows what was just done."""
        return 0.0

    def open(self) -> None:
        """The fields that every test needs; raises AssertionError in production."""
        kind = self.aside.identity().kind
        assert kind != "production", "this is production; the live suite writes, and wants a test"
        if undo := self.remember():
            self._first.append(undo)
        options = tuple(
            Option(value=stage, label=stage.replace("_", " ").capitalize()) for stage in STAGES
        )
        plain = {"stage": FieldType.CHOICE, "seats": FieldType.NUMBER, "ends": FieldType.DATE}
        own = [
            FieldSpec(
                object=self.words.customer,
                name=getattr(self.words, word),
                label=f"{word.title()} {self.mark}",
                type=type,
                options=options if type is FieldType.CHOICE else (),
            )
            for word, type in plain.items()
        ]
        for spec in (*own, *self.keys):
            self._first.append(partial(self.drop_again, spec))
            self.aside.provision(spec)

    def drop_again(self, spec: FieldSpec) -> None:
        """Delete a field, if nobody has."""
        if spec not in self.aside.missing([spec]):
            super().drop(spec.object, spec.name)

    def begin(self) -> None:
        """A test begins."""
        self._test += 1
        self.reset(seed())

    def end(self) -> None:
        """A test is over; raises AssertionError with what could not be undone."""
        self._undone(self._undo)

    def close(self) -> None:
        """The run is over."""
        try:
            self._undone(self._undo)
            self._undone(self._first)
        finally:
            self._http.close()

    def drop(self, object: str, field: str) -> None:
        """An admin deletes a field; the run's own come back when the test is over."""
        super().drop(object, field)
        for spec in self.keys:
            if (spec.object, spec.name) == (object, field):
                self.undo(partial(self.aside.provision, spec))

    def undo(self, how: Callable[[], object]) -> None:
        """Do this when the test is over."""
        self._undo.append(how)

    def _undone(self, steps: list[Callable[[], object]]) -> None:
        problems = []
        while steps:
            try:
                steps.pop()()
            except requests.HTTPError as problem:
                if problem.response is None or problem.response.status_code not in _GONE:
                    problems.append(str(problem))
            except Exception as problem:  # noqa: BLE001
                problems.append(str(problem))
        assert not problems, f"left behind, with {self.mark} in the name: {problems}"

    # What the suite sees.

    def reset(self, seed: Seed) -> None:
        """Other customers from here on; each is made when it is first asked for."""
        self._seed = seed
        self._customers, self._people = {}, {}
        self.own, self.awaited = set(), set()

    def connect(self, url: str | None = None, *, paced: bool = False, **access: str) -> Crm:
        """The adapter, through which only this test's records are seen."""
        given = replace(self.access, paced=paced, **({"url": url} if url else {}), **access)
        return cast(Crm, Lens(self, connect(self.name, given, self.names, self._counted)))

    @contextmanager
    def _counted(self, operation: str) -> Iterator[None]:
        self._calls += 1
        yield

    def our(self, word: str) -> str:
        number = "" if word in _KEYS else f"_{self._test}"
        return self.field(f"{self.mark}{number}_{word}")

    @abstractmethod
    def field(self, name: str) -> str:
        """The name of a field, as this CRM wants them."""

    def called(self, name: str) -> str:
        return f"{name} {self.mark}"

    def address(self, person: int, number: int) -> str:
        return f"p{person}.{self.mark}@c{number}.example"

    def is_now(self, moment: datetime | None) -> bool:
        return moment is not None and abs(moment - datetime.now(UTC)) < SKEW

    def named(self, name: str) -> Ref:
        """A customer of the seed, made when it is first asked for."""
        if name not in self._customers:
            (row,) = [row for row in self._seed.customers if row.name == name]
            own: dict[str, object] = {self.words.stage: row.stage, self.words.seats: row.seats}
            if row.contract_end:
                own[self.words.ends] = row.contract_end.isoformat()
            company = self.company(name, row.ref)
            ref = self._made(self.create(self.words.customer, {**company, **own}))
            self._customers[name], self._people[ref.id] = ref, []
            for place, one in enumerate(row.people, start=1):
                email = self.address(place, int(row.ref.removeprefix("C")))
                values = self.person(one.first, one.last, email)
                person = self.create(self.words.person, values, ref)
                self._people[ref.id].append(self._made(person))
        return self._customers[name]

    def _made(self, ref: Ref) -> Ref:
        self.undo(lambda: self.api("DELETE", ref))
        self.own.add(ref)
        self.awaited.add(ref)
        return ref

    def everybody(self) -> list[Ref]:
        return [self.named(row.name) for row in self._seed.customers]

    def people(self, number: int = 1) -> list[Ref]:
        return list(self._people[self.customer(number).id])

    def colleague(self, number: int = 0) -> str:
        return self._colleagues[min(number, len(self._colleagues) - 1)]

    @cached_property
    def _colleagues(self) -> list[str]:
        return [one.id for one in self.aside.owners() if one.active and not one.queue]

    def edit(self, ref: Ref, field: str, value: str, *, by: str | None = None) -> None:
        self.change(ref, {field: value})
        self.awaited.add(ref)

    def delete(self, ref: Ref) -> None:
        self.api("DELETE", ref)
        self.awaited.discard(ref)

    def pass_(self, by: timedelta = timedelta()) -> None:
        """Time passes by itself."""

    def calls(self, kind: str = "*") -> int:
        assert kind == "*", _unmarked("calls of one kind, counted at the sandbox")
        return self._calls

    def forget(self) -> None:
        self._calls = 0

    def installed(self) -> dict[str, str]:
        _refuse("an installed app")

    def expire(self) -> None:
        _refuse("sessions that end when told to")

    def mailing(self) -> None:
        _refuse("mail that reaches nobody")

    def strike(self, kind: str, **fault: Any) -> None:
        _refuse("faults on demand")

    def unsubscribe(self, person: Ref) -> None:
        _refuse("people who opt out")

    def __getattr__(self, name: str) -> NoReturn:
        _refuse(name)


def _refuse(what: str) -> NoReturn:
    raise AssertionError(_unmarked(what))


def _unmarked(what: str) -> str:
    return f"only the sandbox has this: {what}; mark the test with pytest.mark.sandbox"


def words(like: Words, **other: str) -> Words:
    """A CRM's words, with fields of this run's own."""
    return replace(like, **other)
