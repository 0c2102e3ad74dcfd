"""Up to 200 records in one call, each with its own outcome, or all or none.

Source: REST API Developer Guide, "sObject Collections".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import save, values
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.refusals import Refusal, dangling, missing, wrong_id
from integrations.sandbox.salesforce.rows import fields_named, key_field, matches
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import record

LIMIT: Final = 200
READ_LIMIT: Final = 2_000
CHUNKS: Final = 10

Given = Mapping[str, object]
Outcome = dict[str, object]
#: Does one record's work; raises Refusal.
Work = Callable[[], Outcome]


class _RolledBack(Exception):
    """One record failed where all or none was asked for."""


def create(call: Call) -> Answer:
    """``POST /composite/sobjects``"""
    records = _records(call)
    work = [partial(_created, call, given) for given in records]
    return _all(call, work, [None] * len(records), all_or_none=call.body.get("allOrNone"))


def update(call: Call) -> Answer:
    """``PATCH /composite/sobjects``"""
    records = _records(call)
    keys = [_given_id(given) for given in records]
    work = [partial(_updated, call, given, key) for given, key in zip(records, keys, strict=True)]
    return _all(call, work, keys, all_or_none=call.body.get("allOrNone"))


def upsert(call: Call) -> Answer:
    """``PATCH /composite/sobjects/{object}/{field}``"""
    records, sobject = _records(call), call.sobject
    field = key_field(call.org, sobject, call.request.params["field"])
    held = [_get(given, field.name) for given in records]
    seen = Counter(field.key(v) for v in held if isinstance(v, str | int | float))
    twice: set[object] = {value for value, n in seen.items() if n > 1}
    work = [
        partial(_upserted, call, sobject, field.name, given, value, twice)
        for given, value in zip(records, held, strict=True)
    ]
    return _all(call, work, [None] * len(records), all_or_none=call.body.get("allOrNone"))


def delete(call: Call) -> Answer:
    """``DELETE /composite/sobjects?ids=&allOrNone=``"""
    ids = [key for key in call.request.query.get("ids", "").split(",") if key]
    _limited(ids, LIMIT)
    work = [partial(_deleted, call, key) for key in ids]
    return _all(call, work, ids, all_or_none=call.flag("allOrNone"))


def read(call: Call) -> Answer:
    """``GET /composite/sobjects/{object}?ids=&fields=``"""
    query = call.request.query
    return _read(call, query.get("ids", "").split(","), query.get("fields", "").split(","))


def read_many(call: Call) -> Answer:
    """``POST /composite/sobjects/{object}`` with ids and fields."""
    ids, fields = call.body.get("ids"), call.body.get("fields")
    if not isinstance(ids, list) or not isinstance(fields, list):
        raise Refusal("JSON_PARSER_ERROR", "ids and fields must be arrays")
    return _read(call, [str(key) for key in ids], [str(name) for name in fields])


def _read(call: Call, ids: Sequence[str], names: Sequence[str]) -> Answer:
    _limited(ids, READ_LIMIT)
    org, sobject = call.org, call.sobject
    fields = fields_named(org, sobject, names)
    rows = [org.locate(sobject, key) for key in ids]
    return Answer(
        body=[
            record(sobject, row, fields, call.version) if row and not row.get("IsDeleted") else None
            for row in rows
        ]
    )


def _all(call: Call, work: Sequence[Work], ids: Sequence[object], *, all_or_none: object) -> Answer:
    outcomes: list[Outcome] = []
    try:
        with call.org.attempt():
            for do, key in zip(work, ids, strict=True):
                outcomes.append(_tried(call, do, key))
            if all_or_none is True and not all(o["success"] for o in outcomes):
                raise _RolledBack
    except _RolledBack:
        outcomes = [_undone(outcome) if outcome["success"] else outcome for outcome in outcomes]
    return Answer(body=outcomes)


def _tried(call: Call, do: Work, key: object) -> Outcome:
    try:
        with call.org.attempt():
            return do()
    except Refusal as refusal:
        own = {"id": key} if isinstance(key, str) and normal(key) else {}
        return {**own, "success": False, "errors": [refusal.row()]}


def _undone(outcome: Outcome) -> Outcome:
    error = {
        "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "message": "Record rolled back because not all records were valid and the request was "
        "using AllOrNone header",
        "fields": [],
    }
    return {"id": outcome["id"], "success": False, "errors": [error]}


def _created(call: Call, given: Given) -> Outcome:
    if _given_id(given) is not None:
        words = "cannot specify Id in an insert call"
        raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", words, fields=["Id"])
    new = save.insert(call.org, _typed(call, given), _without_id(given), by=call.session.user)
    return {"id": new, "success": True, "errors": []}


def _updated(call: Call, given: Given, key: object) -> Outcome:
    sobject = _typed(call, given)
    if key is None:
        words = "Id not specified in an update call"
        raise Refusal("MISSING_ARGUMENT", words, fields=["Id"])
    found = _own(sobject, key)
    save.update(call.org, sobject, found, _without_id(given), by=call.session.user)
    return {"id": found, "success": True, "errors": []}


def _upserted(
    call: Call, sobject: SObject, name: str, given: Given, value: object, twice: set[object]
) -> Outcome:
    org, by = call.org, call.session.user
    if _typed(call, given) is not sobject:
        words = "All records must be of the type that the address names"
        raise Refusal("INVALID_TYPE", words)
    field = sobject.fields[name]
    if value is None and field.type != "id":
        words = f"{field.name} not specified"
        raise Refusal("MISSING_ARGUMENT", words, fields=[field.name])
    if isinstance(value, str | int | float) and field.key(value) in twice:
        words = f"Duplicate external id specified: {value}"
        raise Refusal("DUPLICATE_VALUE", words, fields=[field.name])
    parsed = values.read(field, value)
    found = matches(org, sobject, field, parsed) if parsed is not None else []
    if len(found) > 1:
        words = f"{field.name}: more than one record found for external id field: {found}"
        raise Refusal("INVALID_FIELD", words, fields=[])
    rest = {k: v for k, v in given.items() if k.lower() not in ("id", name.lower())}
    if found:
        save.update(org, sobject, found[0], rest, by=by)
        return {"id": found[0], "success": True, "errors": [], "created": False}
    if field.type == "id" and parsed is not None:
        raise dangling()
    keyed = rest if field.type == "id" else {**rest, name: value}
    new = save.insert(org, sobject, keyed, by=by)
    return {"id": new, "success": True, "errors": [], "created": True}


def _deleted(call: Call, key: str) -> Outcome:
    found = normal(key)
    sobject = call.org.schema.of_id(found) if found else None
    if found is None or sobject is None:
        raise Refusal("MALFORMED_ID", "Id value incorrect", fields=["Id"])
    save.delete(call.org, sobject, found, by=call.session.user)
    return {"id": found, "success": True, "errors": []}


def _records(call: Call) -> list[Given]:
    records = call.body.get("records")
    if not isinstance(records, list) or not all(isinstance(given, dict) for given in records):
        raise missing(["records"])
    _limited(records, LIMIT)
    chunks = len(list(groupby(records, key=_type)))
    if chunks > CHUNKS:
        words = (
            f"Cannot have more than {CHUNKS} chunks in a single operation. "
            "Please rearrange the data to reduce chunking."
        )
        raise Refusal("LIMIT_EXCEEDED", words)
    return records


def _limited(items: Sequence[object], most: int) -> None:
    if len(items) > most:
        words = f"record limit reached. cannot submit more than {most} records into this call"
        raise Refusal("EXCEEDED_ID_LIMIT", words)


def _type(given: Given) -> object:
    attributes = given.get("attributes")
    return attributes.get("type") if isinstance(attributes, dict) else None


def _typed(call: Call, given: Given) -> SObject:
    name = _type(given)
    if not isinstance(name, str):
        raise Refusal("INVALID_INPUT", "Include an entity type with your request.")
    found = call.org.schema.find(name)
    if found is None:
        raise Refusal("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return found


def _get(given: Given, name: str) -> object:
    return next((value for key, value in given.items() if key.lower() == name.lower()), None)


def _given_id(given: Given) -> object:
    return _get(given, "Id")


def _without_id(given: Given) -> Given:
    return {key: value for key, value in given.items() if key.lower() != "id"}


def _own(sobject: SObject, key: object) -> str:
    found = normal(key) if isinstance(key, str) else None
    if found is None or found[:3] != sobject.prefix:
        raise wrong_id(f"{sobject.label} ID", key, "Id")
    return found


ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", "/composite/sobjects", "collections.create", create),
    ("PATCH", "/composite/sobjects", "collections.update", update),
    ("DELETE", "/composite/sobjects", "collections.delete", delete),
    ("GET", "/composite/sobjects/{object}", "collections.read", read),
    ("POST", "/composite/sobjects/{object}", "collections.read", read_many),
    ("PATCH", "/composite/sobjects/{object}/{field}", "collections.upsert", upsert),
)
