"""Nonsense is refused by HubSpot's words, and never makes the sandbox itself fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from integrations.sandbox.http import Request
from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.hubspot.grants import KEY
from tests.sandbox.hubspot.client import Api
from tests.sandbox.hubspot.test_shapes import CASES, filled, prepare

VALUES = (None, "", 0, -1, 1.5, 10**30, True, "x", [], {}, ["x"], [None], [{}], [[]], {"x": 1})
WORDS = ("", "-1", "abc", "9" * 30, "true,false", "\0", "é")
#: Objects are alike; these stand for all of them.
KINDS = ("objects.contacts", "objects.deals", "objects.custom", "objects.tasks.create")


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a body has values."""
    yield place
    inner = value.items() if isinstance(value, dict) else ()
    for name, one in enumerate(value) if isinstance(value, list) else inner:
        yield from places(one, (*place, name))


def spoilt(body: Any) -> Iterator[Any]:
    """A body with nonsense in each of its places, and without each of its fields."""
    for place in places(body):
        for value in VALUES:
            made = {"": copy.deepcopy(body)}
            inner: Any = made
            for name in ("", *place)[:-1]:
                inner = inner[name]
            inner[("", *place)[-1]] = value
            yield made[""]
            if value is None and isinstance(inner, dict):
                del inner[("", *place)[-1]]
                yield made.get("")


@pytest.mark.parametrize(
    "operation",
    sorted(one for one in CASES if not one.startswith("objects.") or one.startswith(KINDS)),
)
def test_nonsense_is_refused(api: Api, hubspot: HubSpot, operation: str) -> None:
    case = CASES[operation]
    hubspot.options["transactional_email"] = True
    hubspot.options["marketing_enterprise"] = True
    words = prepare(api, operation)
    path, body = str(filled(case.path, words)), filled(case.body, words)
    found = hubspot.routes.find(case.method, path)
    assert found
    query: Any = filled(case.query, words) or {}
    calls = [(one, query) for one in spoilt(body)] if body else []
    for name in {*query, "limit", "after", "properties", "archived", "idProperty"}:
        calls += [(body, {**query, name: word}) for word in WORDS]
    for given, asked in calls:
        answer = found[0].handler(
            Request(
                method=case.method,
                path=path,
                query_string=urlencode(asked, doseq=True),
                headers={"authorization": f"Bearer {KEY}", "content-type": "application/json"},
                body=json.dumps(given).encode() if given is not None else b"",
                params=found[1],
            )
        )
        assert answer.status < 500, (given, asked)
        json.loads(answer.content or b"null")


@pytest.mark.parametrize(
    ("field", "value"),
    [("displayOrder", "x"), ("label", []), ("hidden", "maybe"), ("dataSensitivity", "secret")],
)
def test_a_property_has_values_of_its_own_kinds(api: Api, field: str, value: object) -> None:
    given = {"name": "a", "label": "A", "type": "string", "fieldType": "text"}
    body = {**given, "groupName": "companyinformation", field: value}
    answer = api.post("/crm/properties/2026-09/companies", body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_places_and_choices_may_be_null(api: Api) -> None:
    option = {"label": "A", "value": "a", "displayOrder": None, "hidden": None}
    body = {"name": "a", "label": 5, "type": "enumeration", "fieldType": "select"}
    body |= {"groupName": "companyinformation", "displayOrder": "3", "options": [option]}
    made = api.post("/crm/properties/2026-09/companies", body).json()
    assert (made["label"], made["displayOrder"]) == ("5", 3)
    assert made["options"] == [{"label": "A", "value": "a", "displayOrder": -1, "hidden": False}]


@pytest.mark.parametrize("chance", ["7", "-0.1", "nan", "x"])
def test_a_probability_is_from_0_to_1(api: Api, chance: str) -> None:
    stage = {"label": "S", "displayOrder": 0, "metadata": {"probability": chance}}
    body = {"label": "P", "displayOrder": 0, "stages": [stage]}
    assert api.post("/crm/pipelines/2026-09/deals", body).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b"{bad", 400),
        (b"", 400),
        (b'{"properties":{"name":"\\ud83d"}}', 201),
        ('{"properties":{"name":"Zoë 😀"}}'.encode("utf-16"), 201),
    ],
)
def test_bodies_that_are_hardly_json(api: Api, body: bytes, status: int) -> None:
    url = f"{api.url}/crm/objects/2026-09/companies"
    answer = api.session.post(url, data=body, timeout=10)
    assert answer.status_code == status
    assert answer.json()


def test_ids_without_end_are_nobodys(api: Api) -> None:
    id = "9" * 5_000
    assert api.get(f"/crm/objects/2026-09/contacts/{id}").status_code == 404
    body = {"inputs": [{"id": id}], "properties": []}
    read = api.post("/crm/objects/2026-09/contacts/batch/read", body)
    assert read.json()["errors"][0]["context"] == {"ids": [id]}


def test_a_value_that_is_said_is_not_blank(api: Api) -> None:
    one = {"propertyName": "name", "operator": "HAS_PROPERTY", "value": ""}
    path = "/crm/objects/2026-09/companies/search"
    assert api.post(path, {"filterGroups": [{"filters": [one]}]}).status_code == 400
    body = {"filterGroups": [{"filters": [{**one, "value": None}]}]}
    assert api.post(path, body).status_code == 200
