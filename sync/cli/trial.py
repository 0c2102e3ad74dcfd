"""Trying it out: ``demo`` tells the story, ``practice`` and ``sandbox`` open CRMs to play with."""

from __future__ import annotations

import signal
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox
from sync import demo as story
from sync import replay as replaying
from sync.cli.failures import UsageError
from sync.cli.options import Json, show, table
from sync.trial import CRMS, Trial, free_address, trial
from sync.twin import twin

_PROGRAMMES = {"standard": replaying.replay, "full": twin}
#: What the story ends with, as people read it.
_COUNTED = {
    "cases": "cases",
    "tasks": "tasks",
    "answered": "surveys answered",
    "saved": "customers who stayed",
    "returned": "customers who came back",
    "missing": "missing in the CRM",
    "extra": "there twice, or too much",
    "calls": "calls to the CRM",
    "calls_least": "least calls possible",
}
_TITLES = {"hubspot": "HubSpot", "salesforce": "Salesforce"}


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(practice)
    app.command()(sandbox)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the story; do not leave the pages open.")
    ] = False,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="FOLDER", help="Play recorded departures instead."),
    ] = None,
    crm: Annotated[str | None, typer.Option("--crm", help="One CRM; else both.")] = None,
    programme: Annotated[
        str,
        typer.Option(
            help="What is replayed: standard; or full, simulated as well, every record compared."
        ),
    ] = "standard",
    as_json: Json = False,
) -> None:
    """Watch customers leave well: the whole story, on a sandbox."""
    crms = _crms(crm)
    if programme not in _PROGRAMMES:
        raise UsageError(f"there is no programme {programme!r}; choose standard or full")
    if replay is not None:
        _replay(replay, crm, _PROGRAMMES[programme], as_json=as_json)
        return
    if programme != "standard":
        raise UsageError(f"--programme {programme} goes with --replay FOLDER")
    stays = not once and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    console = Console(highlight=False)
    with (
        trial("demo", start=story.START, crms=crms, **_places() if stays else {}) as stage,
        stage.pages() as pages,
    ):
        tell = _teller(stage, console, as_json=as_json)
        result = {"crms": story.play(stage, pages.urls["public"], tell)}
        show(result, as_json=as_json, text=lambda to: _told(to, result))
        if stays:
            console.print("\nLook around; nothing here reaches a real customer:")
            _addresses(console, stage)
            _serve(stage)


def practice(
    crm: Annotated[str | None, typer.Option("--crm", help="One CRM; else both.")] = None,
    as_json: Json = False,
) -> None:
    """Practise a goodbye in a browser, with an invented customer."""
    with (
        trial("demo", start=story.START, crms=_crms(crm), **_places()) as stage,
        stage.pages(),
    ):
        stage.settle_in()

        def text(console: Console) -> None:
            console.print("Open an address in a browser and press Begin. Nothing here is real:")
            _addresses(console, stage)

        show(stage.urls, as_json=as_json, text=text)
        sys.stdout.flush()
        _serve(stage)


def _crms(crm: str | None) -> list[str]:
    if crm is not None and crm not in CRMS:
        raise UsageError(f"there is no CRM {crm!r}; choose one of {', '.join(CRMS)}")
    return [crm] if crm else list(CRMS)


def _places() -> dict[str, Any]:
    """The usual ports, or others where somebody else has them."""
    hubspot, salesforce, public = (free_address(port) for port in (8031, 8032, 8030))
    ports = tuple(int(address.rpartition(":")[2]) for address in (hubspot, salesforce))
    return {"ports": ports, "public": public}


def _addresses(console: Console, stage: Trial) -> None:
    for name, url in stage.urls.items():
        console.print(f"  {_TITLES[name]:<11} {url}")
    console.print("Ctrl-C ends it.")


def _serve(stage: Trial) -> None:
    """Run the service on what people do, until Ctrl-C or SIGTERM."""

    def heed(stop: Callable[[], None]) -> None:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop())

    stage.serve(heed)


def _teller(stage: Trial, console: Console, *, as_json: bool) -> Any:
    said: list[str] = []

    def tell(crm: str, words: str) -> None:
        if as_json:
            return
        day = f"{stage.clock.now():%a %d %b}"
        if not said or said[-1] != day:
            said.append(day)
            console.print(f"\n[bold]{day}[/bold]")
        before, gap, rest = words.rpartition("  ")
        head = f"  {_TITLES[crm]:<11} "
        indent = " " * len(head + before + gap)
        # Lines wrap below themselves, not below the name of the CRM.
        lines = textwrap.wrap(rest, max(console.width - len(indent), 20))
        body = before + gap + f"\n{indent}".join(lines)
        console.print(Text.assemble((head, "dim"), body), soft_wrap=True)

    return tell


def _told(console: Console, result: dict[str, Any]) -> None:
    crms = result["crms"]
    rows = []
    for what, title in _COUNTED.items():
        rows.append((title, *(one[what] for one in crms.values())))
    for segment in sorted({name for one in crms.values() for name in one["segments"]}):
        rows.append((segment, *(one["segments"].get(segment, 0) for one in crms.values())))
    console.print()
    console.print(table(("", *(_TITLES[name] for name in crms)), rows))
    console.print("\nTime was simulated; the CRMs' limits per second were off.")


def _replay(
    folder: Path, crm: str | None, play: Callable[..., dict[str, Any]], *, as_json: bool
) -> None:
    if crm is None:
        raise UsageError("--replay plays in one CRM at a time; add --crm hubspot or salesforce")
    with Progress(disable=as_json, transient=True) as progress:
        bar = progress.add_task("replaying", total=None)
        result = play(
            folder, crm, tell=lambda done, of: progress.update(bar, completed=done, total=of)
        )
    plain = [(name, value) for name, value in result.items() if not isinstance(value, dict)]

    def text(console: Console) -> None:
        console.print(table(("", ""), plain))
        console.print(table(("step", "tasks"), list(result["by_step"].items())))
        if "simulated" in result:
            console.print(_compared(**result["simulated"]))

    show(result, as_json=as_json, text=text)


def _compared(records: int, agree: int, differ: list[str]) -> str:
    words = f"\nSimulated and in the CRM: {agree} of {records} records are the same."
    return "\n".join([words, *(f"  {one}" for one in differ[:20])])


def sandbox(
    hubspot_port: Annotated[int, typer.Option(help="HubSpot's port; 0 takes a free one.")] = 8031,
    salesforce_port: Annotated[
        int, typer.Option(help="Salesforce's port; 0 takes a free one.")
    ] = 8032,
    world: Annotated[str, typer.Option(help="empty, demo, or a folder of CSV files.")] = "demo",
    clock: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="A clock that stands still: 2026-03-02T09:00:00Z."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Open both CRMs on this machine, with pages to look at."""
    with open_sandbox(
        world=world,
        hubspot_port=hubspot_port,
        salesforce_port=salesforce_port,
        clock=Clock(manual=_moment(clock)),
    ) as opened:
        found = {
            name: {"url": url, **opened.world.dialects[name].credentials()}
            for name, url in opened.urls.items()
        }
        show(
            found, as_json=as_json, text=lambda console: console.print(opened.words(), markup=False)
        )
        sys.stdout.flush()
        _wait()


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--clock {text}: write a moment, such as 2026-03-02T09:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wait() -> None:
    """Until Ctrl-C or SIGTERM."""
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    done.wait()
