"""``simulate``: what people would see in the days to come, with nothing written anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from mappings.findings import did_you_mean
from sync import demo
from sync.cli.failures import UsageError
from sync.cli.options import DEFAULT, Json, One, heading, opened, show
from sync.connection import Connection
from sync.place import counted
from sync.simulation import cast, script
from sync.simulation.customer import Customer
from sync.simulation.play import play
from sync.simulation.script import Happening
from sync.simulation.seen import Seen
from sync.trial import CRMS, trial


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(simulate)


@dataclass(frozen=True, kw_only=True)
class _Stage:
    """One connection and who is simulated on it."""

    connection: Connection
    customers: list[Customer]
    story: tuple[Happening, ...] = ()
    start: datetime


def simulate(
    days: Annotated[int, typer.Option(help="So many days.", min=1, max=10_000)] = 400,
    customer: Annotated[
        str | None, typer.Option(metavar="NAME", help="One customer; else every one.")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What people do meanwhile.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            envvar="AUREVOIR_CONFIG",
            help="The file aurevoir.yaml; without one, the demo's world and its story.",
        ),
    ] = None,
    connection: One = None,
    crm: Annotated[str, typer.Option("--crm", help="The CRM of the demo's world.")] = "hubspot",
    by: Annotated[
        Literal["day", "person"], typer.Option("--by", help="What is told together.")
    ] = "day",
    as_json: Json = False,
) -> None:
    """Show, day by day, what each person would see.

    Tasks, mails, fields and segments. It only reads.
    """
    if crm not in CRMS:
        raise UsageError(f"there is no CRM {crm!r}; choose one of {', '.join(CRMS)}")
    if config is None and DEFAULT.is_file():
        config = DEFAULT
    stages = _demo(crm, customer, days) if config is None else _own(config, connection, customer)
    result: dict[str, Any] = {}
    with stages as found:
        for stage in found:
            names = cast.names(stage.customers, stage.connection)
            given = script.read(events, names) if events else ()
            seen = play(stage.connection, stage.customers, stage.story + given, stage.start, days)
            result[stage.connection.name] = {
                "kind": stage.connection.identity.kind,
                "start": stage.start,
                "days": days,
                "customers": len(stage.customers),
                "seen": [asdict(one) for one in seen],
                "count": dict(sorted(Counter(one.what for one in seen).items())),
            }
            if not as_json:
                show(
                    result,
                    as_json=False,
                    text=partial(_told if by == "day" else _by_person, stage, seen),
                )
    if as_json:
        show(result, as_json=True, text=lambda console: None)


@contextmanager
def _demo(crm: str, customer: str | None, days: int) -> Iterator[list[_Stage]]:
    with trial("demo", start=demo.START, crms=[crm]) as stage:
        stage.provision(crm)
        connection = stage.connect(crm)
        known = cast.everyone(connection)
        chosen = [one for one in known if customer in (None, one.name)]
        if customer and not chosen:
            raise _nobody(customer, [one.name for one in known])
        names = {one.name for one in chosen}
        story = tuple(s for s in script.told(demo.STORY, days) if s.customer in names)
        yield [
            _Stage(connection=connection, customers=chosen, story=story, start=connection.clock())
        ]


@contextmanager
def _own(config: Path, only: str | None, customer: str | None) -> Iterator[list[_Stage]]:
    """From a copy of the store; a customer without a case is looked for in the CRM."""
    service = opened(config)
    stages = []
    for name in service.names(only):
        with service.store.rehearsal() as store:
            connection = service.connection(name, store=store)
            now = connection.clock()
            chosen = cast.known(connection, now, customer)
            if customer and not chosen:
                chosen = cast.everyone(connection, customer)
            stages.append(_Stage(connection=connection, customers=chosen, start=now))
    if customer and not any(stage.customers for stage in stages):
        raise _nobody(customer, [])
    yield stages


def _nobody(name: str, known: Sequence[str]) -> UsageError:
    return UsageError(f'there is no customer "{name}"{did_you_mean(name, known, listing=False)}')


def _heading(stage: _Stage) -> str:
    place = heading(stage.connection.name, stage.connection.identity.kind)
    many = counted(len(stage.customers), "customer")
    return f"{place}: {many} from {stage.start:%d %b %Y}; nothing is written"


def _by_person(stage: _Stage, seen: Sequence[Seen], console: Console) -> None:
    """Each colleague's tasks, and what each person at a customer gets; then what has no owner."""
    console.print(_heading(stage))
    ordered = sorted(seen, key=lambda one: (not one.who, one.who, one.at))
    for who, listed in groupby(ordered, key=lambda one: one.who):
        console.print(f"\n{who or 'on the record'}", style="bold", markup=False)
        for one in listed:
            due = f"  due {one.due:%d %b}" if one.due else ""
            day = f"{one.at:%d %b %Y}"
            console.print(f"  {day}  {one.what:<8}{one.customer}: {one.words}{due}", markup=False)


def _told(stage: _Stage, seen: Sequence[Seen], console: Console) -> None:
    """The days on which somebody sees something."""
    console.print(_heading(stage))
    for day, some in groupby(seen, key=lambda one: one.at.date()):
        console.print(f"\n[bold]{day:%a %d %b %Y}[/bold], day {(day - stage.start.date()).days}")
        for customer, listed in groupby(
            sorted(some, key=lambda one: one.customer), key=lambda one: one.customer
        ):
            console.print(f"  {customer}", markup=False)
            for one in listed:
                due = f"  due {one.due:%d %b}" if one.due else ""
                who = f"{one.who}: " if one.who else ""
                console.print(
                    f"    {one.at:%H:%M}  {one.what:<8}{who}{one.words}{due}", markup=False
                )
