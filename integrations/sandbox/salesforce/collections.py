"""Up to 200 records in one call, each with its own outcome, or all or none.

Source: REST API Developer Guide, "sObject Collections".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import outcome
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.outcome import Given, Outcome
from integrations.sandbox.salesforce.refusals import Refusal, missing
from integrations.sandbox.salesforce.rows import fields_named, key_field
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import record

LIMIT: Final = 200
READ_LIMIT: Final = 2_000
CHUNKS: Final = 10

#: Does one record's work; raises Refusal.
Work = Callable[[], Outcome]


class _RolledBack(Exception):
    """One record failed where all or none was asked for."""


def create(call: Call) -> Answer:
    """``POST /composite/sobjects``; others for clients that can only POST, by ``_HttpMethod``."""
    if other := {"PATCH": update, "DELETE": delete}.get(call.meant):
        return other(call)
    records = _records(call)
    work = [partial(_created, call, given) for given in records]
    return _all(call, work, [None] * len(records), all_or_none=call.body.get("allOrNone"))


def update(call: Call) -> Answer:
    """``PATCH /composite/sobjects``"""
    records = _records(call)
    keys = [outcome.get(given, "Id") for given in records]
    work = [partial(_updated, call, given) for given in records]
    return _all(call, work, keys, all_or_none=call.body.get("allOrNone"))


def upsert(call: Call) -> Answer:
    """``PATCH /composite/sobjects/{object}/{field}``"""
    records = _records(call)
    field = key_field(call.org, call.sobject, call.request.params["field"])
    twice = outcome.repeated(field, records)
    work = [partial(_upserted, call, field, given, twice) for given in records]
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
                outcomes.append(outcome.tried(call.org, do, key))
            if all_or_none is True and not all(o["success"] for o in outcomes):
                raise _RolledBack
    except _RolledBack:
        both = zip(outcomes, ids, strict=True)
        outcomes = [_undone(key) if told["success"] else told for told, key in both]
    return Answer(body=outcomes)


def _undone(key: object) -> Outcome:
    error = {
        "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "message": "Record rolled back because not all records were valid and the request was "
        "using AllOrNone header",
        "fields": [],
    }
    named = {"id": normal(key)} if isinstance(key, str) else {}
    return {**named, "success": False, "errors": [error]}


def _created(call: Call, given: Given) -> Outcome:
    return outcome.created(call.org, _typed(call, given), given, by=call.session.user)


def _updated(call: Call, given: Given) -> Outcome:
    return outcome.updated(call.org, _typed(call, given), given, by=call.session.user)


def _upserted(call: Call, field: Field, given: Given, twice: set[object]) -> Outcome:
    if _typed(call, given) is not call.sobject:
        words = "All records must be of the type that the address names"
        raise Refusal("INVALID_TYPE", words)
    by = call.session.user
    return outcome.upserted(call.org, call.sobject, field, given, twice, by=by)


def _deleted(call: Call, key: str) -> Outcome:
    found = normal(key)
    sobject = call.org.schema.of_id(found) if found else None
    if sobject is None:
        raise Refusal("MALFORMED_ID", "Id value incorrect", fields=["Id"])
    return outcome.deleted(call.org, sobject, key, by=call.session.user)


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


ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", "/composite/sobjects", "collections.create", create),
    ("PATCH", "/composite/sobjects", "collections.update", update),
    ("DELETE", "/composite/sobjects", "collections.delete", delete),
    ("GET", "/composite/sobjects/{object}", "collections.read", read),
    ("POST", "/composite/sobjects/{object}", "collections.read", read_many),
    ("PATCH", "/composite/sobjects/{object}/{field}", "collections.upsert", upsert),
)
