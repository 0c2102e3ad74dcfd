"""What an org remembers of the changes to its records.

Source: Object Reference, "StandardObjectNameHistory", "OpportunityHistory".
"""

from __future__ import annotations

from typing import Final

from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.field import Value

#: Where the history of an object is, if it is not named after it.
_HOMES: Final = {"Opportunity": "OpportunityFieldHistory"}
#: What makes an entry in the history of a deal's stages.
_STAGED: Final = ("StageName", "Amount", "CloseDate", "Probability")


def record_fields(row: Draft) -> None:
    """Entries for the fields whose changes are tracked, and for the record's beginning."""
    fields = row.org.schema[row.object].fields.values()
    tracked = [field for field in fields if field.tracked]
    home = _HOMES.get(row.object, f"{row.object}History")
    if not tracked or home not in row.org.tables:
        return
    parent = {f"{row.object}Id": row.id}
    if row.before is None:
        row.org.make(home, row.by, **parent, Field="created", DataType="Text")
        return
    for field in tracked:
        if row.changed(field.name):
            values: dict[str, Value] = {
                "Field": field.name,
                "DataType": "DynamicEnum" if field.choices else "Text",
                "OldValue": row.before.get(field.name),
                "NewValue": row.values.get(field.name),
            }
            row.org.make(home, row.by, **parent, **values)


def record_stage(row: Draft) -> None:
    """An entry in the history of a deal's stages."""
    if any(row.changed(field) for field in _STAGED):
        values = {field: row.values.get(field) for field in (*_STAGED, "ForecastCategory")}
        row.org.make("OpportunityHistory", row.by, OpportunityId=row.id, **values)
