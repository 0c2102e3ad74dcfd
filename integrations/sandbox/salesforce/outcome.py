"""One record's part in a call of many: what is done with it, and what is said about it.

Source: REST API Developer Guide, "sObject Collections", "SaveResult", "UpsertResult".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from integrations.sandbox.salesforce import save, values
from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, dangling, wrong_id
from integrations.sandbox.salesforce.rows import matches
from integrations.sandbox.salesforce.schema import SObject

Given = Mapping[str, object]
Outcome = dict[str, object]


def tried(org: Org, do: Callable[[], Outcome], key: object = None) -> Outcome:
    """The outcome of one record's work; where it is refused, nothing of it stays."""
    try:
        with org.attempt():
            return do()
    except Refusal as refusal:
        own = {"id": key} if isinstance(key, str) and normal(key) else {}
        return {**own, "success": False, "errors": refusal.rows()}


def created(org: Org, sobject: SObject, given: Given, *, by: str) -> Outcome:
    """A new record; raises Refusal."""
    if get(given, "Id") is not None:
        words = "cannot specify Id in an insert call"
        raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", words, fields=["Id"])
    new = save.insert(org, sobject, _without(given, "Id"), by=by)
    return {"id": new, "success": True, "errors": []}


def updated(org: Org, sobject: SObject, given: Given, *, by: str) -> Outcome:
    """Other values; raises Refusal."""
    found = _own(sobject, get(given, "Id"), "an update")
    save.update(org, sobject, found, _without(given, "Id"), by=by)
    return {"id": found, "success": True, "errors": []}


def upserted(
    org: Org, sobject: SObject, field: Field, given: Given, twice: Iterable[object], *, by: str
) -> Outcome:
    """The record of that key changed, or a new one; raises Refusal."""
    value = get(given, field.name)
    if value is None and field.type != "id":
        words = f"{field.name} not specified"
        raise Refusal("MISSING_ARGUMENT", words, fields=[field.name])
    if _comparable(field, value) in twice:
        words = f"Duplicate external id specified: {value}"
        raise Refusal("DUPLICATE_VALUE", words, fields=[field.name])
    parsed = values.read(field, value)
    found = matches(org, sobject, field, parsed) if parsed is not None else []
    if len(found) > 1:
        words = f"{field.name}: more than one record found for external id field: {found}"
        raise Refusal("INVALID_FIELD", words, fields=[])
    rest = _without(given, "Id", field.name)
    if found:
        save.update(org, sobject, found[0], rest, by=by)
        return {"id": found[0], "success": True, "errors": [], "created": False}
    if field.type == "id" and parsed is not None:
        raise dangling()
    keyed = rest if field.type == "id" else {**rest, field.name: value}
    new = save.insert(org, sobject, keyed, by=by)
    return {"id": new, "success": True, "errors": [], "created": True}


def deleted(org: Org, sobject: SObject, key: object, *, by: str) -> Outcome:
    """The record goes into the recycle bin; raises Refusal."""
    found = _own(sobject, key, "a delete")
    save.delete(org, sobject, found, by=by)
    return {"id": found, "success": True, "errors": []}


def repeated(field: Field, records: Iterable[Given]) -> set[object]:
    """The keys that more than one of these records has."""
    held = (_comparable(field, get(given, field.name)) for given in records)
    seen = Counter(value for value in held if value is not None)
    return {value for value, n in seen.items() if n > 1}


def get(given: Given, name: str) -> object:
    """A value by its name in any case."""
    return next((value for key, value in given.items() if key.lower() == name.lower()), None)


def _comparable(field: Field, value: object) -> object:
    return field.key(value) if isinstance(value, str | int | float) else None


def _without(given: Given, *names: str) -> Given:
    gone = {name.lower() for name in names}
    return {key: value for key, value in given.items() if key.lower() not in gone}


def _own(sobject: SObject, key: object, call: str) -> str:
    if key is None:
        raise Refusal("MISSING_ARGUMENT", f"Id not specified in {call} call", fields=["Id"])
    found = normal(key) if isinstance(key, str) else None
    if found is None or found[:3] != sobject.prefix:
        raise wrong_id(f"{sobject.label} ID", key, "Id")
    return found
