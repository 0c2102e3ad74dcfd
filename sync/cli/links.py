"""Links that people pass on: ``notice-link``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from sync.cli.failures import UsageError
from sync.cli.options import DEFAULT, Config, Json, One, opened, show
from sync.notices import NOTICE


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("notice-link")(notice_link)


def notice_link(
    record: Annotated[str, typer.Argument(help="The customer, by the CRM's id.")],
    person: Annotated[str, typer.Argument(help="Who may give notice, by the CRM's id.")],
    config: Config = DEFAULT,
    connection: One = None,
    as_json: Json = False,
) -> None:
    """Print the link by which a contact can give notice, where the mapping allows it."""
    service = opened(config)
    names = service.names(connection)
    if len(names) != 1:
        raise UsageError(f"say which connection with --connection: {', '.join(names)}")
    programme = service.mapping(names[0]).programme
    if not programme.notice_link:
        raise UsageError("the mapping does not allow it; write `notice_link: on` there")
    object = programme.watch[0].object
    link = service.links.sealed(NOTICE, names[0], object, record, person)

    def text(console: Console) -> None:
        console.print(link)

    show({"link": link}, as_json=as_json, text=text)
