"""Answers that real orgs gave, as the adapter reads them. Recorded by CumulusCI."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.contract import Change, Crm, FieldType, Ref
from integrations.salesforce import Salesforce
from tests.contract.crm.salesforce import SalesforceBench
from tests.contract.crm.test_sending import problems, send

SHARED = Path(os.environ.get("AUREVOIR_SHARED", Path(__file__).parents[4] / "shared"))
HERE = SHARED / "data" / "salesforce"

pytestmark = pytest.mark.skipif(not HERE.is_dir(), reason="no recordings are here")

DESCRIBES = sorted(path.name for path in HERE.glob("describe/*_describe.json"))


def recorded(name: str) -> Any:
    """A recorded body."""
    return json.loads((HERE / "describe" / name).read_text(encoding="utf-8"))


def exchanges(method: str, part: str) -> Iterator[Any]:
    """The recorded answers to calls of one kind, as JSON."""
    for file in sorted(HERE.glob("cumulusci-cassettes/**/*.yaml")):
        for one in yaml.safe_load(file.read_text(encoding="utf-8")).get("interactions", ()):
            request = one.get("request", {})
            if request.get("method") == method and part in request.get("uri", ""):
                yield json.loads(one["response"]["body"]["string"])


@pytest.mark.parametrize("name", [n for n in DESCRIBES if not n.startswith("Global")])
def test_reads_every_field_of_a_recorded_object(
    bench: SalesforceBench, crm: Crm, name: str
) -> None:
    said = recorded(name)
    bench.strike("schema", status=200, body=said)
    fields = crm.schema([said["name"]])[said["name"]].fields
    assert set(fields) == {raw["name"] for raw in said["fields"]}
    for raw in said["fields"]:
        field = fields[raw["name"]]
        assert field.writable == raw["updateable"]
        assert field.calculated == raw["calculated"]
        assert {o.value for o in field.options} == {o["value"] for o in raw["picklistValues"]}
        # What we have no word for is an address, a location and the like; nobody maps those.
        known = field.type is not FieldType.OTHER
        assert known or raw["type"] in ("address", "anyType", "base64", "encryptedstring", "time")


def test_knows_a_person_account(bench: SalesforceBench, crm: Crm) -> None:
    bench.strike("schema", status=200, body=recorded("Account_PersonAccount_describe.json"))
    fields = crm.schema(["Account"])["Account"].fields
    assert fields["IsPersonAccount"].type is FieldType.FLAG
    assert fields["PersonEmail"].type is FieldType.TEXT


def test_reads_the_organization(bench: SalesforceBench, crm: Crm) -> None:
    said = recorded("Organization.json")
    answer = {"totalSize": 1, "done": True, "records": [said]}
    bench.strike("changes", status=200, body=answer)
    identity = bench.connect().identity()
    assert (identity.org, identity.name) == (said["Id"], said["Name"])
    assert identity.kind in ("sandbox", "developer", "production")


def test_reads_every_recorded_page_of_a_query(bench: SalesforceBench, crm: Salesforce) -> None:
    seen = 0
    for said in exchanges("GET", "/query/?q="):
        if "tooling" in str(said.get("entityTypeName")):
            continue
        bench.strike("query", status=200, body=said)
        rows = list(crm._rows("recorded.query", "SELECT Id FROM Account LIMIT 1"))
        assert rows == said["records"]
        assert len(rows) == said["totalSize"] or not said["done"]
        seen += 1
    assert seen > 40


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_reads_the_outcome_of_every_recorded_upsert(
    bench: SalesforceBench, crm: Crm, method: str
) -> None:
    seen = 0
    send(crm, Change(key="warm", ref=bench.customer(), values={"Seats__c": 1}))
    for outcomes in exchanges(method, "/composite/sobjects"):
        writes = [
            Change(key=f"k{n}", ref=Ref(object="Account", id=f"{n}"), values={"Seats__c": n})
            for n in range(len(outcomes))
        ]
        bench.strike("change", status=200, body=outcomes)
        made = send(crm, *writes)
        for n, said in enumerate(outcomes):
            assert (made[f"k{n}"].problem is None) == said["success"]
            assert not said["success"] or made[f"k{n}"].id == said["id"]
        seen += 1
    assert seen > 5
    assert problems(send(crm, Change(key="k", ref=bench.customer(), values={"Seats__c": 1})))
