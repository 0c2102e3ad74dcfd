"""Creating, changing and deleting records by the rules of the platform."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.sandbox.salesforce import (
    automation,
    duplicates,
    history,
    persons,
    recordtypes,
    recycle,
    validation,
    values,
)
from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import (
    Refusal,
    dangling,
    deleted,
    missing,
    no_column,
    read_only,
    wrong_reference,
)
from integrations.sandbox.salesforce.schema import SObject


def insert(org: Org, object: SObject, given: Mapping[str, object], *, by: str) -> str:
    """Create a record from JSON values; its id. Raises Refusal, and then nothing has changed."""
    _allowed(object, "createable", "create")
    _may(org, object, by)
    parsed = _parse(org, object, given, "createable")
    new = org.ids.next(object.prefix)
    row: dict[str, Value] = {
        field.name: _initial(org, field, parsed.get(field.name), by)
        for field in object.fields.values()
    }
    row.update(org.born(object, by), Id=new)
    draft = Draft(org=org, object=object.name, id=new, values=row, before=None, by=by)
    _store(object, draft)
    return new


def update(org: Org, object: SObject, id: str, given: Mapping[str, object], *, by: str) -> None:
    """Change fields of a record; raises Refusal, and then nothing has changed."""
    _allowed(object, "updateable", "update")
    _may(org, object, by)
    before = recycle.present(org, object, id)
    parsed = _parse(org, object, given, "updateable")
    row = {**before, **parsed, **org.touched(object, by)}
    _store(object, Draft(org=org, object=object.name, id=id, values=row, before=before, by=by))


def delete(org: Org, object: SObject, id: str, *, by: str) -> None:
    """Put a record and what belongs to it into the recycle bin; raises Refusal."""
    _allowed(object, "deletable", "delete")
    _lock(org, id, by)
    recycle.delete(org, object, id, by=by)


def _allowed(object: SObject, right: str, verb: str) -> None:
    if not object.facts[right]:
        words = f"entity type {object.name} does not support {verb}"
        raise Refusal("INVALID_TYPE_FOR_OPERATION", words, fields=())


def _may(org: Org, object: SObject, by: str) -> None:
    """Colleagues work on as they always did."""
    if by == org.integration and not org.edits(object):
        raise Refusal("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")


def _parse(org: Org, object: SObject, given: Mapping[str, object], right: str) -> dict[str, Value]:
    """JSON values in stored form by the fields' own names; raises Refusal."""
    parsed: dict[str, Value] = {}
    locked: list[str] = []
    for name, value in given.items():
        if name == "attributes":
            continue
        field = org.find_field(object, name)
        step = object.related(name) if field is None and isinstance(value, Mapping) else None
        if step is not None and isinstance(value, Mapping):
            field, value = step, _by_key(org, step, value)
        if field is None:
            raise no_column(name, object.name)
        parsed[field.name] = values.read(field, value)
        allowed = field.createable if right == "createable" else field.updateable
        if not allowed or not org.sees(object, field, edit=True):
            locked.append(field.name)
    if locked:
        raise read_only(locked)
    return {name: values.check(object.fields[name], value) for name, value in parsed.items()}


def _by_key(org: Org, step: Field, given: Mapping[str, object]) -> str | None:
    """The id of a parent that is named by a key of its own; raises Refusal."""
    keys = {name: value for name, value in given.items() if name != "attributes"}
    named = given.get("attributes")
    kind = named.get("type") if isinstance(named, Mapping) else None
    home = org.schema.find(str(kind or step.reference_to[0]))
    name, value = next(iter(keys.items()), ("", None))
    field = org.find_field(home, name) if home else None
    if home is None or field is None or not (field.external_id or field.id_lookup):
        raise Refusal(
            "INVALID_FIELD",
            f"{name} is not an External ID or indexed field for {kind or step.reference_to[0]}",
            fields=(),
        )
    if value is None:
        return None
    found = list(org[home.name].having(field.name, values.read(field, value)))
    if len(found) != 1:
        many = "more than one record found for" if found else "not found for"
        raise Refusal(
            "INVALID_FIELD",
            f"Foreign key external ID: {str(value).lower()} {many} field {field.name} in entity "
            f"{home.name}",
            fields=(),
        )
    return str(found[0]["Id"])


def _initial(org: Org, field: Field, value: Value, by: str) -> Value:
    if value is not None:
        return value
    if field.name == "OwnerId":
        return by
    if field.auto_number:
        return f"{org.ids.count(field.name):08d}"
    return field.default


def _store(object: SObject, draft: Draft) -> None:
    org, row = draft.org, draft.values
    recordtypes.check(draft)
    persons.check(draft)
    _lock(org, draft.id, draft.by)
    fields = object.fields.values()
    empty = [f.name for f in fields if _required(f) and row.get(f.name) is None]
    if empty:
        raise missing(empty)
    for field in fields:
        if field.type == "reference" and draft.changed(field.name):
            _refers(org, object, field, row.get(field.name))
    if before := automation.BEFORE.get(object.name):
        before(draft)
    validation.check(draft)
    if draft.by == org.integration:
        duplicates.check(draft)
    for field in fields:
        if field.unique and draft.changed(field.name):
            _only_one(org, object, field, draft)
    twin = persons.twin(draft)
    with org.attempt():
        for one in (draft, twin) if twin else (draft,):
            org.put(one.object, one.id, one.values)
            history.record_fields(one)
            if after := automation.AFTER.get(one.object):
                after(one)


def _lock(org: Org, id: str, by: str) -> None:
    """Let API clients meet the lock of somebody else, as often as the org's option says."""
    left = int(org.options["locked_saves"])
    if left and by == org.integration:
        org.options["locked_saves"] = left - 1
        words = f"unable to obtain exclusive access to this record or 1 records: {id}"
        raise Refusal("UNABLE_TO_LOCK_ROW", words, fields=())


def _required(field: Field) -> bool:
    """Whether a client must see to a value; the platform sees to all others."""
    return not field.nillable and field.type != "id" and (field.createable or field.updateable)


def _refers(org: Org, object: SObject, field: Field, id: Value) -> None:
    if not isinstance(id, str):
        return
    found = org.schema.of_id(id)
    if found is None or found.name not in field.reference_to:
        raise wrong_reference(field.label, id, field.name)
    row = org.get(id)
    if row is None:
        raise dangling()
    if row.get("IsDeleted"):
        raise deleted()
    if field.name == "OwnerId" and row.get("IsActive") is False:
        raise Refusal(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{id[:15]}] as owner of "
            f"{object.label.lower()}",
            fields=(),
        )


def _only_one(org: Org, object: SObject, field: Field, draft: Draft) -> None:
    value = draft.values.get(field.name)
    if value is None:
        return
    for other in org.tables[object.name].having(field.name, value):
        if other["Id"] != draft.id:
            raise Refusal(
                "DUPLICATE_VALUE",
                f"duplicate value found: {field.name} duplicates value on record with id: "
                f"{other['Id']}",
                fields=(),
            )
