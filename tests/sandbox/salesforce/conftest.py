"""A sandbox on a socket, and clients as other people write them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from integrations.sandbox.clock import Clock
from integrations.sandbox.http import Router
from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.seed import Colleague, Customer, Person, Seed
from integrations.sandbox.server import Gate, Serving
from integrations.sandbox.world import World

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
SEED = Seed(
    name="test",
    started_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    colleagues=(
        Colleague(
            handle="cora", first="Cora", last="Vance", email="cora@vendor.example", title="CSM"
        ),
        Colleague(
            handle="omar", first="Omar", last="Reed", email="omar@vendor.example", title="Sales"
        ),
        Colleague(
            handle="left",
            first="Lea",
            last="Gone",
            email="lea@vendor.example",
            title="CSM",
            active=False,
        ),
    ),
    customers=(
        Customer(
            ref="A-1",
            name="Alder & Co",
            created_at=datetime(2026, 2, 1, 8, 0, tzinfo=UTC),
            domain="alder.example",
            country="DE",
            industry="Technology",
            plan="Pro",
            seats=12,
            mrr=1200.5,
            open_tickets=3,
            usage=90,
            contract_end=date(2027, 1, 31),
            owner="omar",
            csm="cora",
            people=(
                Person(first="Ada", last="Alder", email="Ada@Alder.example", title="CTO"),
                Person(first="Ben", last="Out", email="ben@alder.example", opted_out=True),
            ),
        ),
        Customer(
            ref="A-2",
            name="Birch Ltd",
            created_at=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
            country="GB",
            stage="at_risk",
            owner="left",
        ),
        Customer(ref="A-3", name="Cedar Inc", created_at=datetime(2026, 4, 1, 8, 0, tzinfo=UTC)),
    ),
)


#: How an org is set up at first.
OPTIONS = dict(Salesforce(World(SEED, clock=Clock(manual=NOW), dialects=[])).options)


@dataclass(kw_only=True)
class Api:
    """One signed-in client of one API version, over plain HTTP."""

    url: str
    http: requests.Session
    sandbox: Salesforce
    version: str = "v62.0"

    @property
    def data(self) -> str:
        return f"{self.url}/services/data/{self.version}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.http.request(method, self.data + path, timeout=10, **more)

    def get(self, path: str, **params: str) -> Any:
        return self.call("GET", path, params=params).json()

    def post(self, path: str, body: object) -> requests.Response:
        return self.call("POST", path, json=body)

    def patch(self, path: str, body: object) -> requests.Response:
        return self.call("PATCH", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def query(self, soql: str) -> list[dict[str, Any]]:
        """The records of a query, which must have an answer."""
        answer = self.call("GET", "/query", params={"q": soql})
        assert answer.status_code == 200, answer.text
        records: list[dict[str, Any]] = answer.json()["records"]
        return records

    def one(self, soql: str) -> dict[str, Any]:
        (record,) = self.query(soql)
        return record

    def refusal(self, soql: str) -> dict[str, str]:
        """How a query was refused."""
        answer = self.call("GET", "/query", params={"q": soql})
        assert answer.status_code == 400, answer.text
        (error,) = answer.json()
        return error

    def create(self, object: str, **values: object) -> str:
        answer = self.post(f"/sobjects/{object}", values)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def field(self, name: str, **metadata: object) -> requests.Response:
        """A new custom field."""
        body = {"FullName": name, "Metadata": metadata}
        return self.post("/tooling/sobjects/CustomField", body)

    def key_field(self) -> None:
        """The unique key on tasks that an integration would add."""
        made = self.field(
            "Activity.Key__c",
            type="Text",
            label="Key",
            length=80,
            unique=True,
            externalId=True,
            caseSensitive=True,
        )
        assert made.status_code == 201, made.text


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[World, str]]:
    world = World(SEED, clock=Clock(manual=NOW), dialects=[Salesforce])
    gate = Gate(world, world.dialects["salesforce"], Router())
    with Serving({"salesforce": (gate, 0)}) as serving:
        yield world, serving.urls["salesforce"]


@pytest.fixture
def world(served: tuple[World, str]) -> World:
    """The world as it was at first."""
    world, _ = served
    world.clock.set(NOW)
    for dialect in world.dialects.values():
        dialect.options.update(OPTIONS)
    world.reset(SEED)
    return world


@pytest.fixture
def sandbox(world: World) -> Salesforce:
    found = world.dialects["salesforce"]
    assert isinstance(found, Salesforce)
    return found


@pytest.fixture
def url(served: tuple[World, str]) -> str:
    return served[1]


@pytest.fixture
def api(sandbox: Salesforce, url: str) -> Iterator[Api]:
    with requests.Session() as http:
        http.headers["Authorization"] = f"Bearer {sandbox.credentials()['token']}"
        yield Api(url=url, http=http, sandbox=sandbox)


@pytest.fixture
def account(api: Api) -> str:
    return str(api.one("SELECT Id FROM Account WHERE Name = 'Alder & Co'")["Id"])


@pytest.fixture
def person(api: Api) -> str:
    return str(api.one("SELECT Id FROM Contact WHERE LastName = 'Alder'")["Id"])


class Recordings:
    """Answers of real orgs, where this machine has them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self, name: str) -> Any:
        return json.loads((self._folder / "describe" / f"{name}.json").read_text())

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Every recorded JSON call."""
        found = []
        for file in sorted((self._folder / "cumulusci-cassettes").rglob("*.yaml")):
            text = file.read_text()
            if "/services/data/" not in text or len(text) > 50_000:
                continue
            content = yaml.safe_load(text)
            whole = content if isinstance(content, dict) else {}
            for entry in whole.get("interactions", [whole]):
                if exchange := _exchange(entry):
                    found.append(exchange)
        return found


#: Method, path with query, body sent, status and body received.
Exchange = tuple[str, str, Any, int, Any]


def _exchange(entry: dict[str, Any]) -> Exchange | None:
    if "request" not in entry or "/services/data/" not in entry["request"]["uri"]:
        return None
    sent, got = entry["request"], entry["response"]
    try:
        received = json.loads(got["body"]["string"])
        body = json.loads(sent["body"]) if sent.get("body") else None
    except (ValueError, TypeError):
        return None
    path = sent["uri"].partition("/services/data/")[2].partition("/")[2]
    return sent["method"], "/" + path, body, got["status"]["code"], received


@pytest.fixture(scope="session")
def recordings(pytestconfig: pytest.Config) -> Recordings:
    shared = os.environ.get("AUREVOIR_SHARED") or pytestconfig.rootpath.parent / "shared"
    folder = Path(shared) / "data" / "salesforce"
    if not folder.is_dir():
        pytest.skip("the recorded answers of real orgs are not on this machine")
    return Recordings(folder)
