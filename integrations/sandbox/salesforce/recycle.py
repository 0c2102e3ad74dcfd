"""The recycle bin, and merging: what deletes records, brings them back, or makes one of several.

Source: SOAP API Developer Guide, "undelete()", "merge()"; REST has neither, people do it on their
screens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from integrations.sandbox.salesforce import automation, persons
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, dangling, deleted
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row

#: Which objects can be merged, and where their merged records say into what.
MERGEABLE: Final = ("Account", "Contact", "Lead")
_MASTER: Final = "MasterRecordId"


def delete(org: Org, object: SObject, id: str, *, by: str) -> None:
    """Put a record and what belongs to it into the bin; raises Refusal."""
    row = present(org, object, id)
    persons.of_account(row)
    with org.attempt():
        _bin(org, object, id, row, by)


def restore(org: Org, object: SObject, id: str, *, by: str) -> None:
    """Take a record and what went with it out of the bin; raises Refusal."""
    row = org.tables[object.name].rows.get(id)
    if row is None or not row.get("IsDeleted"):
        raise Refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", fields=())
    persons.of_account(row)
    for field in object.fields.values():
        held = row.get(field.name) if field.unique else None
        if held is not None and any(org[object.name].having(field.name, held)):
            words = f"duplicate value found: {field.name}"
            raise Refusal("DUPLICATE_VALUE", words, fields=())
    with org.attempt():
        for child, own in [(object, row), *_gone_with(org, object, row)]:
            back = {"IsDeleted": False, **({_MASTER: None} if _MASTER in child.fields else {})}
            org.put(child.name, str(own["Id"]), {**own, **back, **org.touched(child, by)})


def erase(org: Org, object: SObject, id: str) -> None:
    """Take a deleted record out of the bin, for good."""
    row = org.tables[object.name].rows.get(id)
    if row is not None and row.get("IsDeleted"):
        org.put(object.name, id, None)


def merge(org: Org, object: SObject, id: str, into: str, *, by: str) -> None:
    """What pointed at a record points at another; the record goes. Raises Refusal."""
    if object.name not in MERGEABLE:
        words = f"entity type {object.name} does not support merge"
        raise Refusal("INVALID_TYPE_FOR_OPERATION", words, fields=())
    if id == into:
        raise Refusal("INVALID_ID_FIELD", "the record to merge and the master must be different")
    for one in (id, into):
        persons.of_account(present(org, object, one))
    with org.attempt():
        _merge(org, object, id, into, by)


def _merge(org: Org, object: SObject, id: str, into: str, by: str) -> None:
    lost, master = present(org, object, id), present(org, object, into)
    if object.name == "Account" and (both := persons.pair(lost, master)):
        _merge(org, org.schema["Contact"], *both, by)
    for child, field, related in _pointing(org, object, id):
        moved = {**related, field: into, **org.touched(child, by)}
        org.put(child.name, str(related["Id"]), moved)
    org.put(object.name, into, {**master, **org.touched(object, by)})
    gone = {"IsDeleted": True, _MASTER: into, **org.touched(object, by)}
    org.put(object.name, id, {**lost, **gone})


def present(org: Org, object: SObject, id: str) -> Row:
    """A record that is not in the bin; raises Refusal."""
    row = org.tables[object.name].rows.get(id)
    if row is None:
        raise dangling()
    if row.get("IsDeleted"):
        raise deleted()
    return row


def _bin(org: Org, object: SObject, id: str, row: Row, by: str) -> None:
    for child, field in list(org.schema.children(object.name)):
        for related in list(org.tables[child.name].having(field.name, id)):
            if field.restrict:
                raise Refusal(
                    "DELETE_FAILED",
                    f"Your attempt to delete {row.get('Name') or id} could not be completed "
                    f"because it is associated with the following {child.facts['labelPlural']}.",
                    fields=(),
                )
            own = str(related["Id"])
            if field.cascade:
                _bin(org, child, own, related, by)
            elif field.nillable and field.createable:
                org.put(child.name, own, {**related, field.name: None})
    if gone := automation.GONE.get(object.name):
        gone(org, row)
    if "IsDeleted" in object.fields:
        org.put(object.name, id, {**row, "IsDeleted": True, **org.touched(object, by)})
    else:
        org.put(object.name, id, None)


def _gone_with(org: Org, object: SObject, row: Row) -> Iterator[tuple[SObject, Row]]:
    """The records that were deleted together with this one."""
    for child, field in list(org.schema.children(object.name)):
        if not field.cascade or "IsDeleted" not in child.fields:
            continue
        table = org.tables[child.name]
        for key in list(table.with_values(field, (row["Id"],))):
            own = table.rows[key]
            if own["IsDeleted"] and own.get("SystemModstamp") == row.get("SystemModstamp"):
                yield child, own
                yield from _gone_with(org, child, own)


def _pointing(org: Org, object: SObject, id: str) -> Iterator[tuple[SObject, str, Row]]:
    for child, field in list(org.schema.children(object.name)):
        if field.name not in (_MASTER, persons.TWIN):
            for related in list(org.tables[child.name].having(field.name, id)):
                yield child, field.name, org.tables[child.name].rows[str(related["Id"])]
