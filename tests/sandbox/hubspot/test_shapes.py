"""Every operation's happy answer has the shape that HubSpot's own models give it."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import hubspot.communication_preferences as preferences
import pytest
from hubspot.crm import companies, lists, owners, properties
from hubspot.crm.associations import v4 as associations
from hubspot.marketing import transactional

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.client import Api, about
from tests.sandbox.hubspot.shapes import check

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
    shape: str | None = None
    models: ModuleType = companies


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
            status=201,
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
            status=204,
        ),
        "associations.batch.labels.archive": Case(
            method="POST",
            path=f"{ASSOCIATIONS}/batch/labels/archive",
            body=typed,
            status=204,
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
            status=201,
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


def of_lists() -> dict[str, Case]:
    """Operations on lists."""
    members = f"{LISTS}/{{list}}/memberships"
    changed = "MembershipsUpdateResponse"
    both = {"recordIdsToAdd": ["{ida}"], "recordIdsToRemove": ["{jon}"]}
    return {
        "lists.create": Case(method="POST", path=LISTS, body=LIST, shape="ListCreateResponse"),
        "lists.get": Case(method="GET", path=f"{LISTS}/{{list}}", shape="ListFetchResponse"),
        "lists.search": Case(
            method="POST", path=f"{LISTS}/search", body={}, shape="ListSearchResponse"
        ),
        "lists.archive": Case(method="DELETE", path=f"{LISTS}/{{list}}", status=204),
        "memberships.list": Case(
            method="GET", path=members, shape="ApiCollectionResponseJoinTimeAndRecordId"
        ),
        "memberships.get": Case(
            method="GET",
            path=f"{LISTS}/records/0-1/{{jon}}/memberships",
            shape="APICollectionResponseRecordListMembership",
        ),
        "memberships.add": Case(method="PUT", path=f"{members}/add", body=["{ida}"], shape=changed),
        "memberships.remove": Case(
            method="PUT", path=f"{members}/remove", body=["{jon}"], shape=changed
        ),
        "memberships.change": Case(
            method="PUT", path=f"{members}/add-and-remove", body=both, shape=changed
        ),
    }


def of_the_rest() -> dict[str, Case]:
    """Owners, subscriptions, e-mail and the account."""
    channel: dict[str, object] = {"channel": "EMAIL"}
    address = f"{PREFERENCES}/statuses/jon@birch.example"
    said = "ActionResponseWithResultsPublicStatus"
    choice = {"channel": "EMAIL", "subscriptionId": "604218001", "statusState": "SUBSCRIBED"}
    mail = {"emailId": 7, "message": {"to": "ida@birch.example", "sendId": "s"}}
    return {
        "owners.list": Case(
            method="GET",
            path="/crm/owners/2026-09",
            query={"limit": 1},
            shape="CollectionResponsePublicOwnerForwardPaging",
            models=owners,
        ),
        "owners.get": Case(
            method="GET", path="/crm/owners/2026-09/{owner}", shape="PublicOwner", models=owners
        ),
        "subscriptions.definitions.list": Case(
            method="GET",
            path=f"{PREFERENCES}/definitions",
            shape="ActionResponseWithResultsSubscriptionDefinition",
        ),
        "subscriptions.get": Case(method="GET", path=address, query=channel, shape=said),
        "subscriptions.update": Case(method="POST", path=address, body=choice, shape=said),
        "subscriptions.all.get": Case(
            method="GET",
            path=f"{address}/unsubscribe-all",
            query=channel,
            shape="ActionResponseWithResultsPublicWideStatus",
        ),
        "subscriptions.all.leave": Case(
            method="POST",
            path=f"{address}/unsubscribe-all",
            query={**channel, "verbose": "true"},
            shape=said,
        ),
        "email.send": Case(
            method="POST",
            path="/marketing/transactional/2026-09/single-email/send",
            body=mail,
            shape="EmailSendStatusView",
            models=transactional,
        ),
        "account.info": Case(
            method="GET", path="/account-info/2026-09/details", shape="PortalInformationResponse"
        ),
        "usage.get": Case(
            method="GET",
            path="/account-info/2026-09/api-usage/daily/private-apps",
            shape="CollectionResponseAPIUsage",
        ),
    }


MODELS = {"associations": associations, "properties": properties, "groups": properties}
MODELS |= {"lists": lists, "memberships": lists, "subscriptions": preferences}
CASES = {f"objects.{kind}.{name}": case for kind in NEEDED for name, case in of_objects().items()}
CASES |= of_associations() | of_properties() | of_lists() | of_the_rest()


def filled(value: object, words: dict[str, object]) -> object:
    """A body or path with the world's ids in it."""
    if isinstance(value, str):
        if value == "{needed}":
            return words["needed"]
        return value.format(**words)
    if isinstance(value, list):
        return [filled(one, words) for one in value]
    if isinstance(value, dict):
        return {name: filled(one, words) for name, one in value.items()}
    return value


def test_every_operation_is_looked_at(hubspot: HubSpot) -> None:
    there = [one for one in hubspot.routes.operations() if not one.startswith("objects.unknown")]
    assert sorted(CASES) == there


@pytest.mark.parametrize("operation", sorted(CASES))
def test_the_shape_of_an_answer(api: Api, hubspot: HubSpot, world: World, operation: str) -> None:
    case = CASES[operation]
    hubspot.options["transactional_email"] = True
    words = prepare(api, operation)
    answer = api(
        case.method,
        str(filled(case.path, words)),
        filled(case.body, words),
        **(case.query or {}),
    )
    assert answer.status_code == case.status, answer.text
    *_, entry = world.traffic.entries()
    assert entry.operation == operation
    if case.shape is None:
        assert answer.content == b""
        assert "content-type" not in answer.headers
    else:
        models = MODELS.get(operation.partition(".")[0], case.models)
        check(answer.json(), case.shape, models.models)


def prepare(api: Api, operation: str) -> dict[str, object]:
    """The ids that the case's ``{...}`` mean, once what they need is there."""
    case, kind = repr(CASES[operation]), ""
    family, _, rest = operation.partition(".")
    words: dict[str, object] = {}
    if "{birch}" in case or "{new}" in case:
        words["birch"] = api.company("Birch Ltd")
    if "{ida}" in case:
        words["ida"] = api.contact("ida@birch.example")
    if "{jon}" in case or "{list}" in case:
        words["jon"] = api.contact("jon@birch.example")
    if "{owner}" in case:
        words["owner"] = api.get("/crm/owners/2026-09").json()["results"][0]["id"]
    if "{list}" in case:
        made = api.post(LISTS, {**LIST, "name": "Known"}).json()["list"]["listId"]
        api("PUT", f"{LISTS}/{made}/memberships/add", [words["jon"]])
        words["list"] = made
    if family == "objects":
        kind = rest.partition(".")[0]
        words |= {"object": kind, "needed": dict(NEEDED[kind])}
    if "{new}" in case:
        words["new"] = linked(api, kind, str(words["birch"]))
    if "outer_key" in case:
        group = api.get(f"/crm/properties/2026-09/{kind}/groups").json()["results"][0]["name"]
        api.post(f"/crm/properties/2026-09/{kind}", {**KEY, "groupName": group})
    if operation == "groups.archive":
        api.post(f"{PROPERTIES}/groups", {"name": "empty", "label": "Empty"})
    return words


def linked(api: Api, kind: str, company: str) -> str:
    """A record associated with a company."""
    types = {"contacts": 279, "deals": 341, "tickets": 339, "tasks": 192, "notes": 190}
    types |= {"emails": 186, "companies": 450}
    values = {**NEEDED[kind], **({"email": "ole@elm.example"} if kind == "contacts" else {})}
    return api.create(kind, [about(company, types[kind])], **values)


def test_errors_have_the_shape_of_errors(api: Api) -> None:
    path = "/crm/objects/2026-09/companies"
    for answer in (
        api.post(path, {"properties": {"nope": "1"}}),
        api.post(path, {"properties": {}}),
        api.get(f"{path}/999"),
        api.post("/marketing/transactional/2026-09/single-email/send", {}),
    ):
        body = answer.json()
        assert body.pop("status") == "error"
        check(body, "Error", companies.models)


def test_partial_failures_have_the_shape_of_theirs(api: Api) -> None:
    inputs = [
        {"properties": {"name": "Elm"}, "objectWriteTraceId": "a"},
        {"properties": {"nope": "1"}, "objectWriteTraceId": "b"},
    ]
    answer = api.post("/crm/objects/2026-09/companies/batch/create", {"inputs": inputs})
    assert answer.status_code == 207
    check(answer.json(), "BatchResponseSimplePublicObjectWithErrors", companies.models)
