"""A record on its way into its table."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.table import Row


@dataclass(kw_only=True)
class Draft:
    """What it will be, what it was, and who is saving it."""

    org: Org
    object: str
    id: str
    values: dict[str, Value]
    #: None for a new record.
    before: Row | None
    by: str

    @property
    def new(self) -> bool:
        """Whether the record is being created."""
        return self.before is None

    def text(self, field: str) -> str | None:
        """A value that is text, or None."""
        value = self.values.get(field)
        return value if isinstance(value, str) else None

    def changed(self, field: str) -> bool:
        """Whether this save sets the field to something else."""
        return self.before is None or self.before.get(field) != self.values.get(field)

    def parent(self, field: str) -> Row | None:
        """The record that a reference field points at."""
        target = self.text(field)
        return self.org.get(target) if target else None
