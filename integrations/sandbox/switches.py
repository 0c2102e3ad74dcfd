"""What of the sandbox can be switched, and how one asks for it: clock, world, faults, options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from integrations.sandbox.clock import span
from integrations.sandbox.desk import Keeper
from integrations.sandbox.faults import Fault
from integrations.sandbox.seed import Seed
from integrations.sandbox.world import Dialect, Option, World

#: Builds the world of a name, to start at a moment; raises ValueError with plain words.
Worlds = Callable[[str, datetime], Seed]


class Wish(BaseModel):
    """What one asks for. An unknown key is refused; so is, in JSON, a number written as text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, asked: bytes | Mapping[str, str]) -> Self:
        """From JSON, or from the texts of a form or a query; raises ValueError, one sentence."""
        try:
            if isinstance(asked, bytes):
                return cls.model_validate_json(asked or b"{}", strict=True)
            return cls.model_validate(asked)
        except ValidationError as problem:
            first = problem.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "the body"
        if first["type"] == "extra_forbidden":
            there = ", ".join(cls.model_fields)
            raise ValueError(f"{name!r} is not known here; there are: {there}")
        raise ValueError(f"{name}: {first['msg'][:1].lower()}{first['msg'][1:]}")


class ClockWish(Wish):
    """Exactly one of the three."""

    now: AwareDatetime | None = None
    #: Seconds, or a text such as ``2 days``.
    advance: Annotated[float | str, Field(union_mode="left_to_right")] | None = None
    run: bool = False


class ResetWish(Wish):
    """Without a world, the last one starts again."""

    world: str | None = None


class RecordWish(Wish):
    """What a colleague shall do with a record; anybody, where none is named."""

    do: Literal["delete", "restore", "merge"]
    object: str
    id: str
    #: The record that stays of a merge.
    into: str | None = None
    by: str | None = None


class FaultWish(Wish):
    """The fields of :class:`Fault`; the CRM left out: this port's."""

    crm: str | None = None
    operation: str
    nth: int = Field(1, ge=1)
    times: int = Field(1, ge=1)
    #: A refusal by the vendor's own name, instead of status, body and headers.
    says: str | None = None
    when: Literal["before", "after"] = "before"
    status: int | None = Field(None, ge=200, le=599)
    body: JsonValue = None
    headers: dict[
        Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")],
        Annotated[str, Field(pattern=r"^[\x20-\x7e]*$")],
    ] = Field(default_factory=dict)


class Switches:
    """The switches of one port. Each raises ValueError with one sentence, and then did nothing."""

    def __init__(self, world: World, dialect: Dialect, worlds: Worlds) -> None:
        self.world = world
        self.dialect = dialect
        self._worlds = worlds

    def move_clock(self, wish: ClockWish) -> None:
        """Stand at a moment, move on, or follow real time."""
        clock = self.world.clock
        if [wish.now is None, wish.advance is None, not wish.run].count(False) != 1:
            raise ValueError("say exactly one of now, advance, run")
        try:
            if wish.now is not None:
                clock.set(wish.now)
            elif isinstance(wish.advance, str):
                clock.advance(span(wish.advance))
            elif wish.advance is not None:
                clock.advance(timedelta(seconds=wish.advance))
            else:
                clock.run()
        except OverflowError:
            raise ValueError("the clock knows the years 1 to 9999 only") from None

    def reset(self, wish: ResetWish) -> None:
        """Forget everything and start again; a named world starts at the clock's time."""
        name = wish.world
        self.world.reset(self._worlds(name, self.world.clock.now()) if name else None)

    def keep(self, wish: RecordWish) -> None:
        """Delete, restore or merge, as a colleague would on the screen."""
        desk = self.dialect.desk
        if not isinstance(desk, Keeper):
            raise ValueError(f"{self.dialect.name} has no screen for that; its API does it")
        by = wish.by or desk.colleagues()[0][0]
        if wish.do == "merge":
            if not wish.into:
                raise ValueError("into: say which record stays")
            desk.merge(wish.object, wish.id, wish.into, by=by)
        elif wish.do == "delete":
            desk.delete(wish.object, wish.id, by=by)
        else:
            desk.restore(wish.object, wish.id, by=by)

    def arm(self, wish: FaultWish) -> Fault:
        """Set a fault."""
        crm = wish.crm or self.dialect.name
        if crm not in self.world.dialects:
            raise ValueError(f"crm: {crm!r} is none of {', '.join(self.world.dialects)}")
        known = [*self.world.dialects[crm].routes.operations(), "unknown.get"]
        if not any(fnmatchcase(name, wish.operation) for name in known):
            raise ValueError(
                f"operation: {crm} has none that fits {wish.operation!r};"
                " GET /__sandbox__/operations lists them"
            )
        fault = Fault(**{**wish.model_dump(exclude={"says"}), "crm": crm})
        if wish.says is not None:
            refusals = self.world.dialects[crm].refusals()
            if wish.says not in refusals:
                there = ", ".join(refusals)
                raise ValueError(f"says: {crm} has no refusal {wish.says!r}; there are: {there}")
            said = refusals[wish.says]
            fault.status, fault.body, fault.headers = said.status, said.body, said.headers
        self.world.faults.add(fault)
        return fault

    def set_options(self, wanted: Mapping[str, object]) -> None:
        """Set options of this port's CRM; each keeps its type."""
        options = self.dialect.options
        given = {name: self._option(name, value) for name, value in wanted.items()}
        options.update(given)

    def _option(self, name: str, value: object) -> Option:
        options = self.dialect.options
        if name not in options:
            there = ", ".join(options) or "none"
            raise ValueError(f"{self.dialect.name} has no option {name!r}; there are: {there}")
        now = options[name]
        if isinstance(value, bool | int | str) and type(value) is type(now):
            return value
        words = {bool: "true or false", int: "a whole number", str: "a text"}
        raise ValueError(f"{name}: say {words[type(now)]}")
