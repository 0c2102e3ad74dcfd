"""``move-cases``: an open case keeps its playbook until somebody agrees to a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from integrations.contract import Value
from mappings.findings import did_you_mean
from mappings.texts import shown
from sync import clock
from sync.app import App
from sync.cli.failures import UsageError, about
from sync.cli.options import DEFAULT, Config, Json, One, heading, opened, show
from sync.move import Change
from sync.moving import OVER, Proposal, ask, proposals
from sync.place import counted
from sync.store.cases import CaseRow

_SIGNS = {
    "add": "+", "send": "+", "join": "+", "change": "~", "fields": "~",
    "close": "-", "drop": "-", "leave": "-",
}  # fmt: skip
#: Too long for a line.
_TEXTS = ("body",)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("move-cases")(move_cases)


def move_cases(
    case: Annotated[
        list[str] | None, typer.Argument(help="The keys of cases, or ids of customers.")
    ] = None,
    config: Config = DEFAULT,
    connection: One = None,
    everything: Annotated[bool, typer.Option("--all", help="Every open case.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    as_json: Json = False,
) -> None:
    """Move open cases to the playbooks as they are now.

    Shows first what changes in each; they are moved once you agree.
    """
    if bool(case) == everything:
        raise UsageError("say which cases: their keys, or --all")
    service = opened(config)
    names = service.names(connection)
    chosen = _open(service, names) if everything else _named(service, names, case or [])
    found = {}
    for name, rows in chosen.items():
        with about(name), service.store.rehearsal() as store:
            found[name] = list(proposals(service.connection(name, store=store), rows))
    if not as_json:
        console = Console(highlight=False, soft_wrap=True)
        for name, listed in found.items():
            _told(console, heading(name, service.kind(name)), listed)
    number = sum(map(len, found.values()))
    agreed = yes or (number > 0 and not as_json and _agreed(number))
    if number and agreed:
        with service.store.transaction("command move") as tables:
            for name, listed in found.items():
                ask(tables, name, listed, clock.system())
    result = {
        name: {
            "kind": service.kind(name),
            "moved": len(listed) if agreed else 0,
            "cases": [one.as_json for one in listed],
        }
        for name, listed in found.items()
    }

    def text(console: Console) -> None:
        if number and agreed:
            console.print(
                f"{_cases(number)} will be moved with the next cycle, by the running service or by "
                "`aurevoir run --once`."
            )

    show(result, as_json=as_json, text=text)


def _agreed(number: int) -> bool:
    if typer.confirm(f"Move {_cases(number)}?", err=True):
        return True
    raise UsageError("nothing was moved")


def _cases(number: int) -> str:
    return counted(number, "case")


def _open(service: App, names: Sequence[str]) -> dict[str, list[CaseRow]]:
    with service.store.reading() as tables:
        return {
            name: [r for r in tables.cases.list(name) if not r.closed and r.status not in OVER]
            for name in names
        }


def _named(service: App, names: Sequence[str], wanted: Sequence[str]) -> dict[str, list[CaseRow]]:
    with service.store.reading() as tables:
        rows = [row for name in names for row in tables.cases.list(name)]
    chosen: dict[str, list[CaseRow]] = {}
    for word in dict.fromkeys(wanted):
        named = [row for row in rows if word.lower() == row.key or word == row.record]
        still = [row for row in named if not row.closed]
        if not named:
            known = [row.key for row in rows]
            meant = did_you_mean(word, known, listing=False) or "; `aurevoir cases` lists them"
            raise UsageError(f'there is no case "{word}"{meant}')
        if not still:
            raise UsageError(f"case {word} is closed; a later departure has taken its place")
        chosen.setdefault(still[0].connection, []).append(still[0])
    return chosen


def _told(console: Console, place: str, listed: Sequence[Proposal]) -> None:
    console.print(
        f"{place}: {_cases(len(listed))} would be moved"
        if listed
        else f"{place}: every case has the playbook that it would get now"
    )
    for one in listed:
        move = one.move
        to = "another version of it" if one.before == one.after else one.after
        console.print(f"\n  {one.customer}, case {one.case}: {one.before} -> {to}", markup=False)
        for step, before in move.renamed.items():
            console.print(f"    = {step} was {before} and keeps its task", markup=False)
        for change in move.changes:
            console.print(f"    {_line(change)}", markup=False)
        for later in move.later:
            until = f", until {later.until:%Y-%m-%d}" if later.until else ""
            console.print(f"    later: {later.step}: {later.reason}{until}", markup=False)
        if not (move.renamed or move.changes or move.later):
            console.print("    nothing changes in the CRM now", markup=False)
    if listed:
        console.print()


def _line(change: Change) -> str:
    what = f"{_SIGNS[change.does]} {change.does:<7}{change.kind:<7}{change.step}: {change.words}"
    if change.does not in ("change", "fields"):
        return what
    changed = [_changed(name, *values) for name, values in change.values.items()]
    if change.does == "fields":
        return f"{_SIGNS['fields']} fields       {change.step}: {'; '.join(changed)}"
    return f"{what} ({'; '.join(changed)})"


def _changed(name: str, before: Value, after: Value) -> str:
    return name if name in _TEXTS else f"{name}: {shown(before) or '—'} -> {shown(after) or '—'}"
