"""The work itself: ``plan`` shows it, ``run`` does it."""

from __future__ import annotations

import signal
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import structlog
import typer
from rich.console import Console

from sync import log
from sync.app import App
from sync.backfill import backfill
from sync.cli.failures import UsageError, about
from sync.cli.options import DEFAULT, Config, Json, One, heading, opened, show, table
from sync.engine.jobs import Cycle, cycle
from sync.place import counted
from sync.preview import Preview, preview


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(plan)
    app.command()(run)


def plan(config: Config = DEFAULT, connection: One = None, as_json: Json = False) -> None:
    """Show what would be written now, and what is withheld.

    Every write, and every step that would not be taken, with its reason. Nothing is written.
    """
    service = opened(config)
    found: dict[str, Preview] = {}
    for name in service.names(connection):
        with about(name), service.store.rehearsal() as store:
            found[name] = preview(service.connection(name, store=store))
    result = {name: shown.as_json for name, shown in found.items()}

    def text(console: Console) -> None:
        for name, shown in found.items():
            _plan(console, name, shown)

    show(result, as_json=as_json, text=text)


def _plan(console: Console, name: str, shown: Preview) -> None:
    calls = sum(shown.calls.values())
    if until := shown.cycle.parked_until:
        console.print(f"{heading(name, shown.kind)}: {_parked(until)}; this is from before that.")
    console.print(
        f"{heading(name, shown.kind)}: {counted(len(shown.writes), 'write')} in "
        f"{counted(calls, 'call')} would be made now"
        + (f", but {shown.cycle.held}" if shown.cycle.held else "")
    )
    if shown.cycle.shadow:
        console.print("  In shadow mode none of them is.")
    if ahead := shown.forecast:
        console.print(
            f"  Looking for what changes takes about {ahead.looking:,} calls until "
            f"{ahead.ends:%Y-%m-%d %H:%M %Z}; today's budget has {ahead.left:,} left"
            + ("; what does not fit follows when the CRM's day ends." if ahead.short else ".")
        )
    rows = [(w.customer, w.does, w.kind, w.step, _gist(w.values)) for w in shown.writes]
    if rows:
        console.print(table(("customer", "does", "what", "step", ""), rows))
    if shown.withheld:
        console.print("\nWithheld:")
        console.print(table(("customer", "why", "step"), [*_reasons(shown)]))


def _reasons(shown: Preview) -> Iterator[tuple[str, str, str]]:
    """Steps that wait for the same thing, together: the customer, why, and which."""
    steps: dict[tuple[str, str, str], list[str]] = {}
    for held in shown.withheld:
        until = f", until {held.until:%Y-%m-%d %H:%M} UTC" if held.until else ""
        named = f"{held.step} ({held.person})" if held.person else held.step
        steps.setdefault((held.case, held.customer, held.reason + until), []).append(named)
    for (_, customer, why), some in steps.items():
        yield customer, why, ", ".join(some)


def _gist(values: dict[str, Any]) -> str:
    """What says most of a write, on one line."""
    for name in ("subject", "segment", "body"):
        if values.get(name):
            return str(values[name]).splitlines()[0]
    listed = ", ".join(f"{name}: {value}" for name, value in values.items())
    return textwrap.shorten(listed, 200, placeholder=" …")


def run(
    config: Config = DEFAULT,
    connection: One = None,
    once: Annotated[
        bool, typer.Option("--once", help="One full cycle until nothing is due, then end.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--backfill",
            metavar="SINCE",
            help="Also open cases for who entered the stage since this day, before the watch.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the service: watch, plan, deliver until told to stop."""
    service = opened(config)
    log.configure(format=service.service.log.format, level=service.service.log.level)
    names = service.names(connection)
    begins = _day(since)
    if begins and not once:
        raise UsageError("--backfill goes with --once; run the service without it afterwards")
    with service.alone():
        if once:
            _once(service, names, begins, as_json=as_json)
        else:
            _service(service, names)


def _once(service: App, names: list[str], begins: datetime | None, *, as_json: bool) -> None:
    found, kinds = {}, {}
    for name in names:
        with about(name):
            connection = service.connection(name)
            kinds[name] = connection.identity.kind
            opened_late = backfill(connection, begins) if begins else 0
            found[name] = cycle(connection)
            found[name].opened += opened_late

    def text(console: Console) -> None:
        for name, done in found.items():
            console.print(
                f"{heading(name, kinds[name])}: {counted(done.seen, 'customer')} looked at, "
                f"{counted(done.opened, 'case')} opened, {counted(done.writes, 'write')}, "
                f"{done.failed} failed"
            )
            if done.baseline:
                console.print(
                    f"  This was the first look: {_already(done.old)} in the stage already."
                    " `--backfill SINCE` opens cases for them."
                )
            for line in _withheld(done):
                console.print(f"  {line}")

    result = {name: {"kind": kinds[name], **done.as_json} for name, done in found.items()}
    show(result, as_json=as_json, text=text)


def _parked(until: datetime) -> str:
    return f"the calls of the day are used up until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _already(number: int) -> str:
    return f"{counted(number, 'customer')} {'was' if number == 1 else 'were'}"


def _withheld(done: Cycle) -> Iterator[str]:
    """What a cycle has not written, and what lets it."""
    if done.parked_until:
        yield f"It went no further: {_parked(done.parked_until)}."
    if done.held:
        yield f"Nothing was written: {done.held}. See `aurevoir status`."
    if done.paused == "outward":
        yield "Mail to customers is paused; `aurevoir release` lets it go on."
    elif done.paused:
        yield "Nothing was written: it is paused; `aurevoir release` lets it go on."
    if done.shadow:
        yield "Nothing was written: it is in shadow mode. See `aurevoir status`."


def _service(service: App, names: list[str]) -> None:
    engine = service.engine(names)

    def stop(*_: object) -> None:
        structlog.get_logger(__name__).info("stopping; the call in flight is finished first")
        engine.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    clocks = {name: partial(engine.clock, name) for name in names}
    with service.pages(clocks, wake=engine.wake, directory=engine.directory) as pages:
        places = {f"{of}_pages": url for of, url in pages.urls.items()}
        structlog.get_logger(__name__).info("the service runs until Ctrl-C", **places)
        engine.run()


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--backfill {text}: write a day, such as 2026-03-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
