"""The command ``aurevoir``: every subcommand has ``--json`` and an honest exit code."""

from __future__ import annotations

import sys

import typer

from sync import __version__, log
from sync.cli import (
    connect,
    control,
    links,
    look,
    mend,
    move,
    setup,
    shipped,
    simulate,
    trial,
    work,
)
from sync.cli.failures import explained

app = typer.Typer(
    name="aurevoir",
    help="Customer off-boarding inside Salesforce and HubSpot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (trial, setup, connect, work, look, mend, control, move, links, shipped, simulate):
    group.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _aurevoir(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    """Customer off-boarding inside Salesforce and HubSpot."""


def main() -> None:
    """Run the command; whatever goes wrong is one clear sentence and a non-zero exit code."""
    log.configure(level="warning")
    with explained(as_json="--json" in sys.argv):
        app()
