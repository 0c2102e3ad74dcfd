"""An operation of HubSpot's API: its path, its name in the request log, and who answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from integrations.sandbox.http import Handler
from integrations.sandbox.hubspot.kinds import KINDS
from integrations.sandbox.hubspot.limits import Limit

#: The dated versions that are in support.
DATED: Final = ("2026-09", "2026-03")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method on one path, in every version that has it.

    Dated versions stand behind the family, ``/crm/objects/2026-09``; a numbered one stands behind
    its first word, ``/crm/v3/objects``. An operation with neither stands outside of versions.
    """

    method: str
    family: str
    rest: str = ""
    name: str
    handler: Handler
    limit: Limit = Limit.APP
    dated: tuple[str, ...] = DATED
    #: The numbered version with the same bodies, or nothing.
    numbered: str = "v3"
    #: Needs no key.
    open: bool = False
    #: Takes its body as a form sends it, not as JSON.
    form: bool = False

    @property
    def template(self) -> str:
        """The paths as the router takes them; a slash at their end does no harm."""
        end = "{slash:/?}"
        if not self.dated and not self.numbered:
            return f"/{self.family}{self.rest}{end}"
        roots = [f"/{self.family}/{version}" for version in self.dated]
        if self.numbered:
            first, *others = self.family.split("/")
            roots.append("/".join(("", first, self.numbered, *others)))
        return f"{{root:{'|'.join(roots)}}}{self.rest}{end}"


#: What paths call the object types that a portal made: ``2-3465404``, ``p146200311_boat``.
CUSTOM: Final = r"(?i:2-\d+|p\d*_\w+)"


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
    custom = replace(
        operation,
        rest=operation.rest.replace("{object}", f"{{object:{CUSTOM}}}"),
        name=operation.name.format(object="custom"),
    )
    return [*made, custom, replace(operation, name=operation.name.format(object="unknown"))]
