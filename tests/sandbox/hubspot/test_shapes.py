"""Every operation's happy answer has the shape that HubSpot's own models give it."""

from __future__ import annotations

import hubspot.communication_preferences as preferences
import pytest
from hubspot.crm import companies, lists, properties
from hubspot.crm.associations import v4 as associations

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.world import World
from tests.sandbox.hubspot.cases import (
    KEY,
    LIST,
    LISTS,
    NEEDED,
    PROPERTIES,
    of_associations,
    of_objects,
    of_properties,
)
from tests.sandbox.hubspot.client import Api, about
from tests.sandbox.hubspot.portal_cases import (
    BOAT,
    FILTERS,
    PIPELINES,
    of_lists,
    of_pipelines,
    of_signing_in,
    of_the_rest,
)
from tests.sandbox.hubspot.shapes import check

MODELS = {"associations": associations, "properties": properties, "groups": properties}
MODELS |= {"lists": lists, "memberships": lists, "subscriptions": preferences}
#: What is never merged.
WHOLE = ("tasks", "notes", "emails", "calls", "meetings", "products", "line_items")
CASES = {
    f"objects.{kind}.{name}": case
    for kind in NEEDED
    for name, case in of_objects().items()
    if name != "merge" or kind not in WHOLE
}
CASES |= of_associations() | of_properties() | of_lists() | of_pipelines()
CASES |= of_signing_in() | of_the_rest()
RENEWALS = CASES["pipelines.create"].body


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
    hubspot.options["marketing_enterprise"] = True
    words = prepare(api, operation)
    answer = api.session.request(
        case.method,
        api.url + str(filled(case.path, words)),
        json=filled(case.body, words),
        data=case.form,
        params=filled(case.query, words),
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == case.status, answer.text
    *_, entry = world.traffic.entries()
    assert entry.operation == operation
    if case.shape is None:
        assert answer.content == b""
        assert answer.status_code != 204 or "content-type" not in answer.headers
    elif case.shape:
        models = case.models or MODELS.get(operation.partition(".")[0], companies)
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
    if "{gone}" in case:
        words["gone"] = api.post(LISTS, LIST).json()["list"]["listId"]
        api("DELETE", f"{LISTS}/{words['gone']}")
    if "{dynamic}" in case:
        dynamic = {**LIST, "processingType": "DYNAMIC", "filterBranch": FILTERS}
        words["dynamic"] = api.post(LISTS, dynamic).json()["list"]["listId"]
    if "{label}" in case:
        (made,) = api.post(
            "/crm/associations/2026-09/contacts/companies/labels", {"name": "b", "label": "B"}
        ).json()["results"][:1]
        words["label"] = made["typeId"]
    if "{pipeline}" in case:
        words["pipeline"] = api.post(PIPELINES, RENEWALS).json()["id"]
    if "{access}" in case:
        made = api.session.post(f"{api.url}/oauth/v1/token", CASES["oauth.token"].form, timeout=10)
        words["access"] = made.json()["access_token"]
    if family == "webhooks":
        prepare_webhooks(api, words)
    if family == "objects" and rest != "contacts.erase":
        kind = rest.partition(".")[0]
        words["needed"] = dict(NEEDED[kind])
        kind = made_object(api) if kind == "custom" else kind
        words["object"] = kind
    if "{custom}" in case:
        words["custom"] = made_object(api)
    if "{plain}" in case:
        path = f"/crm/associations/2026-09/{words['custom']}/contacts/labels"
        words["plain"] = api.get(path).json()["results"][0]["typeId"]
    if "{new}" in case:
        words["new"] = linked(api, kind, str(words["birch"]))
    if "{other}" in case:
        other = {"email": "lou@elm.example"} if kind == "contacts" else {}
        words["other"] = api.create(kind, **(NEEDED.get(kind, NEEDED["custom"]) | other))
    if "outer_key" in case:
        group = api.get(f"/crm/properties/2026-09/{kind}/groups").json()["results"][0]["name"]
        api.post(f"/crm/properties/2026-09/{kind}", {**KEY, "groupName": group})
    if operation == "groups.archive":
        api.post(f"{PROPERTIES}/groups", {"name": "empty", "label": "Empty"})
    return words


def prepare_webhooks(api: Api, words: dict[str, object]) -> None:
    """An address and a subscription."""
    for name in ("webhooks.settings.update", "webhooks.create"):
        case = CASES[name]
        made = api(case.method, case.path, case.body, **(case.query or {})).json()
        words["wish"] = made.get("id")


def made_object(api: Api) -> str:
    """The type id of a custom object."""
    return str(api.post("/crm-object-schemas/v3/schemas", BOAT).json()["objectTypeId"])


def linked(api: Api, kind: str, company: str) -> str:
    """A record associated with a company."""
    if kind not in NEEDED:
        links = api.get(f"/crm/associations/2026-09/{kind}/companies/labels").json()["results"]
        types = [
            {"associationCategory": links[0]["category"], "associationTypeId": links[0]["typeId"]}
        ]
        return api.create(kind, [{"to": {"id": company}, "types": types}], **NEEDED["custom"])
    if kind in ("products", "line_items"):
        return api.create(kind, **NEEDED[kind])
    types = {"contacts": 279, "deals": 341, "tickets": 339, "tasks": 192, "notes": 190}
    types |= {"emails": 186, "calls": 182, "meetings": 188, "companies": 450}
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
