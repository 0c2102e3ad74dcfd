"""What went wrong, and trying it again: ``failures`` and ``retry``."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from sync import clock
from sync.app import App
from sync.cli.failures import UsageError
from sync.cli.options import DEFAULT, Config, Json, One, heading, opened, show, table
from sync.failures import RETRY, Chosen, kind_of, repeatable
from sync.failures import as_json as told
from sync.failures import failures as sorted_out
from sync.place import counted

#: Customers and keys that a terminal shows of one failure.
_SHOWN = 5


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(failures)
    app.command()(retry)


def failures(
    config: Config = DEFAULT,
    connection: One = None,
    as_json: Json = False,
) -> None:
    """List what the CRM has not taken, and what to do.

    Also since when, and which customers it concerns.
    """
    service = opened(config, signs_in=False)
    found = {name: _found(service, name) for name in service.names(connection)}

    def text(console: Console) -> None:
        for name, some in found.items():
            place = heading(name, service.kind(name))
            if not some:
                console.print(f"{place}: nothing has failed.")
                continue
            console.print(place)
            titles = ("class", "count", "first seen", "what", "what to do", "customers", "key")
            console.print(table(titles, [_row(one) for one in some]))

    result = {
        name: [{"org_kind": service.kind(name), **one} for one in some]
        for name, some in found.items()
    }
    show(result, as_json=as_json, text=text)


def _found(service: App, name: str) -> list[dict[str, Any]]:
    field = service.mapping(name).programme.customer.name
    with service.store.reading() as tables:
        found = []
        for failure in sorted_out(tables.ledger.failing(name)):
            rows = [row for key in failure.cases if (row := tables.cases.get(key))]
            customers = []
            for row in rows:
                known = tables.people.customers(name, row.object, [row.record])
                facts = known[row.record].fields if row.record in known else {}
                customers.append(str(facts.get(field) or row.record))
            found.append(told(failure, customers))
    return found


def _row(one: dict[str, Any]) -> tuple[object, ...]:
    return (
        one["class"],
        one["count"],
        f"{one['first_seen']:%Y-%m-%d %H:%M}",
        one["words"],
        one["what_to_do"],
        _few(one["customers"]),
        _few(one["keys"]),
    )


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def retry(
    key: Annotated[
        str | None, typer.Argument(help="The key of a write, as `aurevoir failures` shows it.")
    ] = None,
    config: Config = DEFAULT,
    connection: One = None,
    case: Annotated[str | None, typer.Option("--case", help="What failed of one case.")] = None,
    kind: Annotated[
        str | None, typer.Option("--class", metavar="CLASS", help="What failed in one way.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Whatever failed.")] = False,
    as_json: Json = False,
) -> None:
    """Try again what failed.

    The service does it with its next cycle. Mail that may have gone out is never repeated.
    """
    if sum((key is not None, case is not None, kind is not None, everything)) != 1:
        raise UsageError("say what to try again: a KEY, --case, --class or --all")
    service = opened(config, signs_in=False)
    chosen = Chosen(key=key, case=case, problem=kind)
    asked: dict[str, int] = {}
    with service.store.transaction("command retry") as tables:
        for name in service.names(connection):
            entries = [one for one in tables.ledger.failing(name) if chosen.has(one)]
            if number := sum(map(repeatable, entries)):
                wanted = {"key": key, "case": case, "problem": kind}
                tables.requests.ask(RETRY, clock.system(), connection=name, **wanted)
                asked[name] = number
            elif entries and key:
                raise UsageError(f"{key} is not repeated: {_why(kind_of(entries[0]))}")
    if not asked and not everything:
        raise UsageError("nothing like that has failed; `aurevoir failures` lists what has")

    def text(console: Console) -> None:
        for name, number in asked.items():
            console.print(
                f"{heading(name, service.kind(name))}: {counted(number, 'write')} will be tried "
                "again with the next cycle, by the running service or by `aurevoir run --once`."
            )
        if not asked:
            console.print("Nothing has failed that could be tried again.")

    show({"retried": asked}, as_json=as_json, text=text)


def _why(kind: str) -> str:
    return "it may have gone out" if kind == "maybe sent" else "its fate is asked for first"
