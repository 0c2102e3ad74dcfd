"""Stopping and letting go: ``pause`` and ``release``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from sync import clock
from sync.cli.options import DEFAULT, Config, Json, One, opened, show
from sync.place import called


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(pause)
    app.command()(release)


def pause(
    config: Config = DEFAULT,
    connection: One = None,
    outward: Annotated[
        bool, typer.Option("--outward", help="Stop only what reaches customers.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Stop writing to the CRM, at the next call. Watching and planning go on."""
    what = "outward" if outward else "all"
    service = opened(config, signs_in=False)
    names = service.names(connection)
    with service.store.transaction("command pause") as tables:
        for name in names:
            tables.connections.expect(name, service.service.connections[name].crm)
            tables.connections.set(name, paused=what, paused_at=clock.system())

    def text(console: Console) -> None:
        halted = "mail to customers" if outward else "every write"
        places = ", ".join(called(name, service.kind(name)) for name in names)
        console.print(f"Paused {halted} of {places}. `aurevoir release` lets it go on.")

    show({"paused": what, "connections": names}, as_json=as_json, text=text)


def release(config: Config = DEFAULT, connection: One = None, as_json: Json = False) -> None:
    """Let go on what was paused, or what the brake holds."""
    service = opened(config, signs_in=False)
    names = service.names(connection)
    freed = []
    with service.store.transaction("command release") as tables:
        for name in names:
            standing = tables.connections.fares(name)
            if standing and (standing.held or standing.paused):
                freed.append(name)
            tables.connections.set(
                name, paused=None, paused_at=None, held=None, held_at=None, parked_until=None
            )

    def text(console: Console) -> None:
        if freed:
            places = ", ".join(called(name, service.kind(name)) for name in freed)
            console.print(f"Released {places}. The next cycle writes what is waiting.")
        else:
            console.print("Nothing was held or paused.")

    show({"released": freed}, as_json=as_json, text=text)
