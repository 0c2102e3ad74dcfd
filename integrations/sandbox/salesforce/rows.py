"""Single records: create, read, change, delete, by id or by an external id.

Source: REST API Developer Guide, "sObject Rows", "sObject Rows by External ID".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce import conditions, save, values
from integrations.sandbox.salesforce.call import Call, Handler, Resource
from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import (
    Refusal,
    deleted,
    no_column,
    no_external_id,
    not_allowed,
    not_found,
)
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import record
from integrations.sandbox.salesforce.table import Row


def create(call: Call) -> Answer:
    """``POST /sobjects/{object}``"""
    sobject, body = call.sobject, call.body
    _without(body, "Id")
    new = save.insert(call.org, sobject, body, by=call.session.user)
    home = f"/services/data/{call.version}/sobjects/{sobject.name}/{new}"
    return Answer(status=201, body=_saved(new), headers={"Location": home})


def read(call: Call) -> Answer:
    """``GET /sobjects/{object}/{id}?fields=``"""
    key, sobject = call.request.params["id"], call.sobject
    if key.lower() in _ELSEWHERE:
        raise not_found()
    if normal(key) is None:
        raise no_external_id(key)
    row = call.org.locate(sobject, key)
    if row is None or row.get("IsDeleted"):
        raise not_found()
    if stopped := conditions.unmet(call, row):
        return stopped
    return Answer(body=_shown(call, row), headers=conditions.headers(call, row))


def update(call: Call) -> Answer:
    """``PATCH /sobjects/{object}/{id}``"""
    row, body = _present(call), call.body
    if stopped := conditions.unmet(call, row):
        return stopped
    _without(body, "Id")
    save.update(call.org, call.sobject, str(row["Id"]), body, by=call.session.user)
    return Answer(status=204)


def delete(call: Call) -> Answer:
    """``DELETE /sobjects/{object}/{id}``"""
    row = _present(call)
    save.delete(call.org, call.sobject, str(row["Id"]), by=call.session.user)
    return Answer(status=204)


def posted(call: Call) -> Answer:
    """``POST /sobjects/{object}/{id}?_HttpMethod=``, and ``.../Id``: an upsert of what is new."""
    if call.request.params["id"].lower() == "id":
        made = create(call)
        return Answer(status=201, body={**made.body, "created": True}, headers=made.headers)
    return _instead(call, {"DELETE": delete, "GET": read, "PATCH": update})


def posted_by_key(call: Call) -> Answer:
    """``POST /sobjects/{object}/{field}/{value}?_HttpMethod=``"""
    return _instead(call, {"DELETE": delete_by_key, "GET": read_by_key, "PATCH": upsert})


def _instead(call: Call, handlers: Mapping[str, Handler]) -> Answer:
    handler = handlers.get(call.meant)
    if handler is None:
        raise not_allowed(call.request.method, handlers)
    return handler(replace(call, request=replace(call.request, method=call.meant)))


def read_by_key(call: Call) -> Answer:
    """``GET /sobjects/{object}/{field}/{value}``"""
    found = _by_key(call)
    if not found:
        raise not_found()
    row = call.org[call.sobject.name].rows[found[0]]
    return _several(call, found) or Answer(body=_shown(call, row))


def upsert(call: Call) -> Answer:
    """``PATCH /sobjects/{object}/{field}/{value}?updateOnly=``"""
    found, field, body = _by_key(call), _key_field(call), call.body
    _without(body, "Id", field.name)
    if several := _several(call, found):
        return several
    by = call.session.user
    if found:
        save.update(call.org, call.sobject, found[0], body, by=by)
        return Answer(body={**_saved(found[0]), "created": False})
    if call.flag("updateOnly") or field.type == "id":
        raise not_found()
    keyed = {**body, field.name: call.request.params["value"]}
    new = save.insert(call.org, call.sobject, keyed, by=by)
    return Answer(status=201, body={**_saved(new), "created": True})


def delete_by_key(call: Call) -> Answer:
    """``DELETE /sobjects/{object}/{field}/{value}``"""
    found = _by_key(call)
    if not found:
        raise not_found()
    if several := _several(call, found):
        return several
    save.delete(call.org, call.sobject, found[0], by=call.session.user)
    return Answer(status=204)


def key_field(org: Org, object: SObject, name: str) -> Field:
    """A field that records can be addressed by; raises Refusal."""
    if name.lower() in _ELSEWHERE:
        raise not_found()
    field = org.find_field(object, name)
    if field is None or not (field.external_id or field.id_lookup):
        raise no_external_id(name)
    return field


def matches(org: Org, object: SObject, field: Field, value: Value) -> list[str]:
    """The ids of the records, not deleted, that have this value in a key field."""
    if field.type == "id":
        row = org.locate(object, str(value))
        return [str(row["Id"])] if row and not row.get("IsDeleted") else []
    return [str(row["Id"]) for row in org[object.name].having(field.name, value)]


def fields_named(org: Org, object: SObject, names: Iterable[str]) -> list[Field]:
    """The fields of a list such as ``Id,Name``; raises Refusal."""
    found: list[Field] = []
    for name in names:
        field = org.find_field(object, name.strip())
        if field is None:
            raise no_column(name.strip(), object.name)
        found.append(field)
    return found


def _key_field(call: Call) -> Field:
    return key_field(call.org, call.sobject, call.request.params["field"])


def _by_key(call: Call) -> list[str]:
    field = _key_field(call)
    value = values.read(field, call.request.params["value"])
    return matches(call.org, call.sobject, field, value)


def _several(call: Call, found: list[str]) -> Answer | None:
    if len(found) < 2:
        return None
    home = f"/services/data/{call.version}/sobjects/{call.sobject.name}"
    return Answer(status=300, body=[f"{home}/{key}" for key in found])


def _present(call: Call) -> Row:
    key = call.request.params["id"]
    if normal(key) is None:
        raise no_external_id(key)
    row = call.org.locate(call.sobject, key)
    if row is None:
        raise not_found()
    if row.get("IsDeleted"):
        raise deleted()
    return row


def _shown(call: Call, row: Row) -> object:
    asked = call.request.query.get("fields")
    org, sobject = call.org, call.sobject
    names = asked.split(",") if asked else None
    fields = fields_named(org, sobject, names) if names else org.visible(sobject)
    if names and not any(field.name == "Id" for field in fields):
        fields.append(sobject.fields["Id"])
    return record(sobject, row, fields, call.version)


def _without(body: Mapping[str, object], *names: str) -> None:
    wrong = {name.lower(): name for name in names}
    for key in body:
        if name := wrong.get(key.lower()):
            words = f"The {name} field should not be specified in the sobject data."
            raise Refusal("INVALID_FIELD", words)


def _saved(key: str) -> dict[str, object]:
    return {"id": key, "success": True, "errors": []}


#: Resources of Salesforce below an object that are not here; no id and no field has such a name.
_ELSEWHERE: Final = ("describe", "defaultvalues", "listviews", "quickactions", "relevantitems")
_ID: Final = "/sobjects/{object}/{id}"
_KEY: Final = "/sobjects/{object}/{field}/{value}"
ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", "/sobjects/{object}", "rows.create", create),
    ("GET", _ID, "rows.read", read),
    ("PATCH", _ID, "rows.update", update),
    ("POST", _ID, "rows.update", posted),
    ("DELETE", _ID, "rows.delete", delete),
    ("GET", _KEY, "rows.bykey.read", read_by_key),
    ("PATCH", _KEY, "rows.upsert", upsert),
    ("POST", _KEY, "rows.upsert", posted_by_key),
    ("DELETE", _KEY, "rows.bykey.delete", delete_by_key),
)
