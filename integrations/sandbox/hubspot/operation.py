"""An operation of HubSpot's API: its path, its name in the request log, and who answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from integrations.sandbox.http import Handler
from integrations.sandbox.hubspot.kinds import KINDS
from integrations.sandbox.hubspot.limits import Limit

#: A regular expression for the versions that paths may have.
VERSION: Final = "2026-09"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method on one path: ``/<family>/<version><rest>``."""

    method: str
    family: str
    rest: str = ""
    name: str
    handler: Handler
    limit: Limit = Limit.APP

    @property
    def template(self) -> str:
        """The path as the router takes it."""
        return f"/{self.family}/{{version:{VERSION}}}{self.rest}"


def per_object(operation: Operation) -> list[Operation]:
    """The operation once for each object type, so that the request log tells them apart.

    ``{object}`` in the path takes every spelling of the type; in the name it is the plural. The
    last one takes what no type is called, to be refused by its handler.
    """
    spelled = {kind.plural: f"{kind.plural}|{kind.singular}|{kind.type_id}" for kind in KINDS}
    made = [
        replace(
            operation,
            rest=operation.rest.replace("{object}", f"{{object:(?i:{spellings})}}"),
            name=operation.name.format(object=plural),
        )
        for plural, spellings in spelled.items()
    ]
    return [*made, replace(operation, name=operation.name.format(object="unknown"))]
