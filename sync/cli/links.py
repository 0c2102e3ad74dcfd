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
    """Print the link by which a contact can give notice.

    The mapping has to allow it: `notice_link: on`.
    """
    service = opened(config, signs_in=False)
    names = service.names(connection)
    if len(names) != 1:
        raise UsageError(f"say which connection with --connection: {', '.join(names)}")
    programme = service.mapping(names[0]).programme
    if not programme.notice_link:
        file = service.service.connections[names[0]].mapping
        raise UsageError(f"{file}: notice_link: is off; write `notice_link: on` there")
    object = programme.watch[0].object
    with service.store.reading() as tables:
        known = tables.watches.seen(names[0], object, [record])
    if not known:
        raise UsageError(
            f'no customer with the id "{record}" was seen yet in {names[0]}; the id is in the '
            "address of its page in the CRM, and `aurevoir run --once` looks at new ones"
        )
    link = service.links.sealed(NOTICE, names[0], object, record, person)

    def text(console: Console) -> None:
        console.print(link)

    show({"link": link}, as_json=as_json, text=text)
