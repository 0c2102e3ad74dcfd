"""What ``cases`` learns from all of them: reasons by month, and what was asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console

from sync.app import App
from sync.cli.failures import about
from sync.cli.options import heading, show, table
from sync.features import asked
from sync.planning import history, prepare
from sync.reasons import FEWEST, count, label


def reasons(service: App, names: list[str], state: str | None, *, as_json: bool) -> None:
    """Why customers left, by month and kind of customer; all of them, whatever the limit."""
    found = {}
    for name in names:
        with service.store.reading() as tables:
            found[name] = count(history(tables, name, status=state))

    def text(console: Console) -> None:
        for name, lines in found.items():
            words = "" if lines else "no customer has left yet"
            console.print(_headed(heading(name, service.kind(name)), words))
            rows = [
                [line.month, line.playbook, label(line.reason), line.cases, line.of, line.percent]
                for line in lines
            ]
            if rows:
                console.print(table(("month", "playbook", "reason", "cases", "of", "%"), rows))
            if any(line.percent is None for line in lines):
                console.print(f"Fewer than {FEWEST} departures have no percentages.")

    result = {
        name: [{**asdict(line), "percent": line.percent} for line in lines]
        for name, lines in found.items()
    }
    show(result, as_json=as_json, text=text)


def features(service: App, names: list[str], state: str | None, *, as_json: bool) -> None:
    """What customers missed, in their words, the newest departure first."""
    found = {name: _features(service, name, state) for name in names}

    def text(console: Console) -> None:
        for name, items in found.items():
            words = "" if items else "nothing was asked for yet"
            console.print(_headed(heading(name, service.kind(name)), words))
            rows = [[one["case"], one["customer"], one["asked_on"], one["asked"]] for one in items]
            if rows:
                console.print(table(("case", "customer", "asked on", "asked for"), rows))

    show(found, as_json=as_json, text=text)


def _headed(place: str, words: str) -> str:
    return f"{place}: {words}" if words else place


def _features(service: App, name: str, state: str | None) -> list[dict[str, Any]]:
    with about(name), service.store.rehearsal() as store:
        connection = service.connection(name, store=store)
        with connection.store.reading() as tables:
            rows = list(tables.cases.list(name, status=state))
        return [
            {
                "case": one.row.key,
                "customer": one.world.customer.name,
                "record": one.row.record,
                "asked_on": one.world.calendar.day_of(item.at),
                "asked": item.title,
                "words": item.words,
            }
            for one in prepare(connection, rows)
            if (item := asked(one.case, one.world))
        ]
