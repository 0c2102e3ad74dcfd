"""Options that many commands share, and how results are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, JustifyMethod
from rich.table import Table

from sync.app import App
from sync.place import called

Config = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="AUREVOIR_CONFIG", help="The file aurevoir.yaml."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
One = Annotated[
    str | None, typer.Option("--connection", "-C", help="One connection; else every one.")
]

DEFAULT = Path("aurevoir.yaml")


def opened(config: Path, *, signs_in: bool = True) -> App:
    """The service's files; without credentials for what asks no CRM. Raises MappingError."""
    return App.load(config, signs_in=signs_in)


def show(result: Any, *, as_json: bool, text: Callable[[Console], None]) -> None:
    """Print a result as JSON, or as people read it."""
    if as_json:
        sys.stdout.write(json.dumps(result, default=_plain, ensure_ascii=False, indent=2) + "\n")
    else:
        text(Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 140))


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """A quiet table."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for at, title in enumerate(titles):
        numbers = bool(rows) and all(isinstance(row[at], int | None) for row in rows)
        side: JustifyMethod = "right" if numbers else "left"
        drawn.add_column(title, justify=side, overflow="fold", no_wrap=title == "case")
    for row in rows:
        drawn.add_row(*("" if cell is None else str(cell) for cell in row))
    return drawn


def heading(name: str, kind: str | None) -> str:
    """How what is said of a connection begins."""
    return f"[bold]{name}[/bold]" + called("", kind)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return str(value)
