"""A call of each operation that succeeds, and the shape of its answer: records and their fields."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from hubspot.crm import contacts
from hubspot.crm.associations import schema

OBJECTS = "/crm/objects/2026-09/{object}"
PROPERTIES = "/crm/properties/2026-09/companies"
ASSOCIATIONS = "/crm/associations/2026-09/contacts/companies"
LISTS = "/crm/lists/2026-09"
PREFERENCES = "/communication-preferences/2026-09"

#: What a new record of each object needs.
NEEDED = {
    "companies": {"name": "Elm"},
    "contacts": {"email": "nia@elm.example"},
    "deals": {"dealname": "Renewal", "dealstage": "closedwon"},
    "tickets": {"hs_pipeline_stage": "1"},
    "tasks": {"hs_timestamp": "2026-03-09T09:00:00Z"},
    "notes": {"hs_timestamp": "2026-03-09T09:00:00Z"},
    "emails": {"hs_timestamp": "2026-03-09T09:00:00Z", "hs_email_direction": "EMAIL"},
    "calls": {"hs_timestamp": "2026-03-09T09:00:00Z"},
    "meetings": {"hs_timestamp": "2026-03-09T09:00:00Z"},
    "products": {"name": "Seat"},
    "line_items": {"name": "Seats", "price": "12.5", "quantity": "4"},
    "custom": {"boat_name": "Heron"},
}
PROPERTY = {
    "name": "tier",
    "label": "Tier",
    "type": "string",
    "fieldType": "text",
    "groupName": "companyinformation",
}
LIST = {"name": "Alumni", "objectTypeId": "0-1", "processingType": "MANUAL"}
KEY = {**PROPERTY, "name": "outer_key", "hasUniqueValue": True}
LINK = {"from": {"id": "{ida}"}, "to": {"id": "{birch}"}}
SPEC = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A call that succeeds. ``{...}`` in it are ids of the world."""

    method: str
    path: str
    body: object = None
    query: dict[str, object] | None = None
    status: int = 200
    #: None: the answer is empty; "": HubSpot's client has no shape for it.
    shape: str | None = None
    #: Where HubSpot's client has the shape, if not where the operation's family has its own.
    models: ModuleType | None = None
    #: A body as a form sends it, instead of JSON.
    form: dict[str, str] | None = None


def of_objects() -> dict[str, Case]:
    """Operations that every object type has, by the end of their names."""
    record, batch = f"{OBJECTS}/{{new}}", f"{OBJECTS}/batch"
    one = {"inputs": [{"id": "{new}", "properties": {}}]}
    history = {"propertiesWithHistory": "hs_object_id", "associations": "companies"}
    page = "CollectionResponseSimplePublicObjectWithAssociationsForwardPaging"
    found = "CollectionResponseWithTotalSimplePublicObjectForwardPaging"
    single = "SimplePublicObjectWithAssociations"
    many, upserted = "BatchResponseSimplePublicObject", "BatchResponseSimplePublicUpsertObject"
    keyed = {"id": "k", "idProperty": "outer_key", "objectWriteTraceId": "t"}
    return {
        "list": Case(method="GET", path=OBJECTS, query={"limit": 1, **history}, shape=page),
        "create": Case(
            method="POST",
            path=OBJECTS,
            body={"properties": "{needed}"},
            status=201,
            shape="SimplePublicObject",
        ),
        "get": Case(method="GET", path=record, query=history, shape=single),
        "update": Case(
            method="PATCH",
            path=record,
            body={"properties": "{needed}"},
            shape="SimplePublicObject",
        ),
        "archive": Case(method="DELETE", path=record, status=204),
        "search": Case(method="POST", path=f"{OBJECTS}/search", body={"limit": 1}, shape=found),
        "batch.create": Case(
            method="POST",
            path=f"{batch}/create",
            body={"inputs": [{"properties": "{needed}", "objectWriteTraceId": "t"}]},
            status=201,
            shape=many,
        ),
        "batch.read": Case(method="POST", path=f"{batch}/read", body=one, shape=many),
        "batch.update": Case(
            method="POST",
            path=f"{batch}/update",
            body={"inputs": [{"id": "{new}", "properties": "{needed}"}]},
            shape=many,
        ),
        "batch.upsert": Case(
            method="POST",
            path=f"{batch}/upsert",
            body={"inputs": [{**keyed, "properties": "{needed}"}]},
            shape=upserted,
        ),
        "batch.archive": Case(method="POST", path=f"{batch}/archive", body=one, status=204),
        "merge": Case(
            method="POST",
            path=f"{OBJECTS}/merge",
            body={"primaryObjectId": "{new}", "objectIdToMerge": "{other}"},
            shape="SimplePublicObject",
        ),
    }


def of_associations() -> dict[str, Case]:
    """Operations on associations."""
    path = "/crm/objects/2026-09/contacts/{ida}/associations"
    made = "BatchResponseLabelsBetweenObjectPair"
    default = "BatchResponsePublicDefaultAssociation"
    listed = "CollectionResponseMultiAssociatedObjectWithLabelForwardPaging"
    typed = {"inputs": [{**LINK, "types": [SPEC]}]}
    return {
        "associations.list": Case(method="GET", path=f"{path}/companies", shape=listed),
        "associations.default": Case(
            method="PUT", path=f"{path}/default/companies/{{birch}}", shape=default
        ),
        "associations.create": Case(
            method="PUT",
            path=f"{path}/companies/{{birch}}",
            body=[SPEC],
            status=201,
            shape="LabelsBetweenObjectPair",
        ),
        "associations.archive": Case(
            method="DELETE", path=f"{path}/companies/{{birch}}", status=204
        ),
        "associations.labels.list": Case(
            method="GET",
            path=f"{ASSOCIATIONS}/labels",
            shape="CollectionResponseAssociationSpecWithLabel",
        ),
        "associations.labels.create": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/labels",
            body={"name": "buyer", "label": "Buyer"},
            shape="CollectionResponseAssociationSpecWithLabel",
        ),
        "associations.labels.update": Case(
            method="PUT",
            path=f"{ASSOCIATIONS}/labels",
            body={"associationTypeId": "{label}", "label": "Payer"},
            status=204,
        ),
        "associations.labels.archive": Case(
            method="DELETE", path=f"{ASSOCIATIONS}/labels/{{label}}", status=204
        ),
        "associations.types.list": Case(
            method="GET",
            path="/crm/v3/associations/contacts/companies/types",
            shape="CollectionResponsePublicAssociationDefinitionNoPaging",
            models=schema,
        ),
        "associations.typed.list": Case(
            method="GET",
            path="/crm/v3/objects/contacts/{ida}/associations/companies",
            shape="CollectionResponseAssociatedIdForwardPaging",
        ),
        "associations.typed.create": Case(
            method="PUT",
            path=f"{path}/companies/{{birch}}/279",
            shape="SimplePublicObjectWithAssociations",
            models=contacts,
        ),
        "associations.typed.archive": Case(
            method="DELETE", path=f"{path}/companies/{{birch}}/279", status=204
        ),
        "associations.batch.read": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/batch/read",
            body={"inputs": [{"id": "{ida}"}]},
            shape="BatchResponsePublicAssociationMultiWithLabel",
        ),
        "associations.batch.create": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/batch/create",
            body=typed,
            shape=made,
        ),
        "associations.batch.default": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/batch/associate/default",
            body={"inputs": [LINK]},
            shape=default,
        ),
        "associations.batch.archive": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/batch/archive",
            body={"inputs": [{"from": {"id": "{ida}"}, "to": [{"id": "{birch}"}]}]},
            shape="BatchResponseVoid",
        ),
        "associations.batch.labels.archive": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/batch/labels/archive",
            body=typed,
            shape="BatchResponseVoid",
        ),
    }


def of_properties() -> dict[str, Case]:
    """Operations on properties and groups."""
    batch, group = f"{PROPERTIES}/batch", f"{PROPERTIES}/groups"
    named = {"inputs": [{"name": "plan"}], "archived": False}
    groups = "CollectionResponsePropertyGroupNoPaging"
    made = {"status": 201, "shape": "ModelProperty"}
    return {
        "properties.list": Case(
            method="GET", path=PROPERTIES, shape="CollectionResponsePropertyNoPaging"
        ),
        "properties.create": Case(method="POST", path=PROPERTIES, body=PROPERTY, **made),
        "properties.get": Case(method="GET", path=f"{PROPERTIES}/industry", shape="ModelProperty"),
        "properties.update": Case(
            method="PATCH",
            path=f"{PROPERTIES}/plan",
            body={"label": "Tariff"},
            shape="ModelProperty",
        ),
        "properties.archive": Case(method="DELETE", path=f"{PROPERTIES}/plan", status=204),
        "properties.batch.create": Case(
            method="POST",
            path=f"{batch}/create",
            body={"inputs": [PROPERTY]},
            shape="BatchResponseProperty",
        ),
        "properties.batch.read": Case(
            method="POST", path=f"{batch}/read", body=named, shape="BatchResponseProperty"
        ),
        "properties.batch.archive": Case(
            method="POST", path=f"{batch}/archive", body=named, status=204
        ),
        "groups.list": Case(method="GET", path=group, shape=groups),
        "groups.create": Case(
            method="POST",
            path=group,
            body={"name": "exit", "label": "Exit"},
            status=201,
            shape="PropertyGroup",
        ),
        "groups.get": Case(method="GET", path=f"{group}/companyinformation", shape="PropertyGroup"),
        "groups.update": Case(
            method="PATCH",
            path=f"{group}/customer_success",
            body={"label": "CS"},
            shape="PropertyGroup",
        ),
        "groups.archive": Case(method="DELETE", path=f"{group}/empty", status=204),
    }
