"""You asked, we built: ``shipped``."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from sync import clock
from sync.app import App
from sync.asked import feature_key
from sync.cli.failures import UsageError
from sync.cli.options import DEFAULT, Config, Json, One, heading, opened, show, table
from sync.shipping import SHIPPED, Asker, askers
from sync.store.shipped import Feature


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(shipped)


def shipped(
    feature: Annotated[
        str | None, typer.Argument(help="What it is called where customers asked for it: SSO.")
    ] = None,
    config: Config = DEFAULT,
    connection: One = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List what was shipped, and to how many it mattered.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show who asked for it, and do nothing.")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="CASE", help="Leave this case out; may be repeated."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    as_json: Json = False,
) -> None:
    """Tell those who asked for a feature that it is there.

    Shows first who that is. They are found by a field (`touches.asked_for`) or by the name standing
    in their own words. A task asks a person to tell them; nobody is told who may not be written to.
    """
    service = opened(config)
    names = service.names(connection)
    if listed:
        _list(service, names, as_json=as_json)
        return
    if not feature:
        raise UsageError('say what was shipped: aurevoir shipped "SSO"')
    try:
        new = Feature(key=feature_key(feature), label=feature.strip(), at=clock.system())
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    found = {name: _askers(service, name, new, {*(without or ())}) for name in names}
    fresh = {name: [one for one in some if not one.told] for name, some in found.items()}
    many = sum(map(len, fresh.values()))
    if not as_json:
        _shown(found)
    if many and not dry_run:
        if not yes and not typer.confirm(f"Have these {many} told?", err=True):
            raise UsageError("nobody is told")
        with service.store.transaction("command shipped") as tables:
            for name, some in fresh.items():
                if some:
                    tables.requests.ask(
                        SHIPPED,
                        clock.system(),
                        connection=name,
                        feature=new.key,
                        label=new.label,
                        cases={one.case: one.people for one in some},
                    )

    def text(console: Console) -> None:
        if not many:
            console.print("There is nobody to tell who has not been told.")
        elif dry_run:
            console.print(f"Nothing was done; without --dry-run, {many} are told.")
        else:
            console.print(
                f"Tasks to tell {many} follow with the next cycle, by the running service or by "
                "`aurevoir run --once`, for people who may be written to."
            )

    result = {
        "feature": new.key,
        "label": new.label,
        "asked": {name: [_plain(one) for one in some] for name, some in found.items()},
        "new": 0 if dry_run else many,
    }
    show(result, as_json=as_json, text=text)


def _askers(service: App, name: str, feature: Feature, without: set[str]) -> list[Asker]:
    with service.store.reading() as tables:
        found = askers(tables, name, service.mapping(name), feature)
    return [one for one in found if one.case not in without]


def _shown(found: dict[str, list[Asker]]) -> None:
    rows = [
        (one.case, one.customer, match.where.replace("_", " "), match.words, _told(one))
        for some in found.values()
        for one in some
        for match in one.found
    ]
    if rows:
        Console(soft_wrap=True, highlight=False).print(
            table(("case", "customer", "asked in", "words", ""), rows)
        )


def _told(one: Asker) -> str:
    return "told already" if one.told else ""


def _plain(one: Asker) -> dict[str, Any]:
    return {
        "case": one.case,
        "customer": one.customer,
        "told": one.told,
        "people": one.people,
        "matches": [{"where": match.where, "words": match.words} for match in one.found],
    }


def _list(service: App, names: list[str], *, as_json: bool) -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        with service.store.reading() as tables:
            features = tables.shipped.of(name)
            cases = tables.shipped.cases(name)
        found[name] = [
            {"feature": f.key, "label": f.label, "at": f.at, "cases": cases.get(f.key, 0)}
            for f in features
        ]

    def text(console: Console) -> None:
        for name, some in found.items():
            console.print(
                f"{heading(name, service.kind(name))}: {'' if some else 'nothing was shipped yet'}"
            )
            rows = [(f"{one['at']:%Y-%m-%d}", one["label"], one["cases"]) for one in some]
            if rows:
                console.print(table(("since", "feature", "customers"), rows))

    show(found, as_json=as_json, text=text)
