"""What a record's type offers of a picklist: often less than the field itself has.

Source: "Get Values for All Picklist Fields of a Record Type" in the User Interface API developer
guide. Asked once for each type, and only where an object has types at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from integrations.errors import CrmError
from integrations.salesforce.client import Client

#: The field that an object with record types has.
FIELD: Final = "RecordTypeId"
#: Records whose type is remembered; what is read is soon written, or never.
_MOST: Final = 20_000
#: Field -> its values for a type.
Offered = Mapping[str, frozenset[str]]


class RecordTypes:
    """Remembers of which type records are, and what each type offers."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._types: dict[str, str] = {}
        self._offered: dict[tuple[str, str], Offered] = {}

    def note(self, raw: Mapping[str, Any]) -> None:
        """A record was read."""
        if type := raw.get(FIELD):
            if len(self._types) >= _MOST:
                self._types.clear()
            self._types[raw["Id"]] = type

    def offered(self, object: str, id: str) -> Offered:
        """The choices that this record may have, as far as that is known."""
        if (type := self._types.get(id)) is None:
            return {}
        if (object, type) not in self._offered:
            self._offered[object, type] = self._ask(object, type)
        return self._offered[object, type]

    def forget(self, object: str) -> None:
        """An admin may have changed them since."""
        for known in [key for key in self._offered if key[0] == object]:
            del self._offered[known]

    def _ask(self, object: str, type: str) -> Offered:
        try:
            fields = self._client.picklists(object, type)
        except CrmError:
            return {}  # the refusal of a write will say what it does not take
        return {
            name: frozenset(str(value["value"]) for value in said["values"])
            for name, said in fields.items()
        }
