"""The work itself: ``plan`` shows it, ``run`` does it."""

from __future__ import annotations

import signal
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
from sync.engine.jobs import cycle
from sync.preview import Preview, preview


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(plan)
    app.command()(run)


def plan(config: Config = DEFAULT, connection: One = None, as_json: Json = False) -> None:
    """Show every write that would be made now, and every step that would not; write nothing."""
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
        f"{heading(name, shown.kind)}: {len(shown.writes)} writes in {calls} calls "
        "would be made now" + (f", but {shown.cycle.held}" if shown.cycle.held else "")
    )
    if shown.cycle.shadow:
        console.print("  In shadow mode none of them is.")
    if ahead := shown.forecast:
        console.print(
            f"  Looking for what changes takes about {ahead.looking} calls until "
            f"{ahead.ends:%Y-%m-%d %H:%M %Z}; today's budget has {ahead.left} left"
            + ("; what does not fit follows when the CRM's day ends." if ahead.short else ".")
        )
    rows = [(w.customer, w.does, w.kind, w.step, _gist(w.values)) for w in shown.writes]
    if rows:
        console.print(table(("customer", "does", "what", "step", ""), rows))
    if shown.withheld:
        console.print("\nWithheld:")
        reasons = [(held.customer, held.step, held.reason) for held in shown.withheld]
        console.print(table(("customer", "step", "why"), reasons))


def _gist(values: dict[str, Any]) -> str:
    """What says most of a write, on one line."""
    for name in ("subject", "segment", "body"):
        if values.get(name):
            return str(values[name]).splitlines()[0]
    return ", ".join(f"{name}: {value}" for name, value in values.items())[:200]


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
    """Run the service: watch, plan and deliver until it is told to stop."""
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
                f"{heading(name, kinds[name])}: {done.seen} customers looked at, "
                f"{done.opened} cases opened, {done.writes} writes, {done.failed} failed"
            )
            if done.baseline:
                console.print(
                    f"  This was the first look: {done.old} customers were in the stage already."
                    " `--backfill SINCE` opens cases for them."
                )
            if done.parked_until:
                console.print(f"  It went no further: {_parked(done.parked_until)}.")
            shadow = "it is in shadow mode" if done.shadow else None
            for why in (done.held, done.paused and f"paused ({done.paused})", shadow):
                if why:
                    console.print(f"  Nothing was written: {why}. See `aurevoir status`.")

    result = {name: {"kind": kinds[name], **done.as_json} for name, done in found.items()}
    show(result, as_json=as_json, text=text)


def _parked(until: datetime) -> str:
    return f"the calls of the day are used up until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _service(service: App, names: list[str]) -> None:
    engine = service.engine(names)

    def stop(*_: object) -> None:
        structlog.get_logger(__name__).info("stopping; the call in flight is finished first")
        engine.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    clocks = {name: partial(engine.clock, name) for name in names}
    with service.pages(clocks, wake=engine.wake, directory=engine.directory):
        engine.run()


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--backfill {text}: write a day, such as 2026-03-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
