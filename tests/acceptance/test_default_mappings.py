"""An empty mapping file against a CRM over HTTP: what is missing is said, made, and then enough."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from integrations.contract import Crm, Query
from integrations.registry import Access, connect
from integrations.sandbox.open import open_sandbox
from mappings.check import check
from mappings.facts import CustomerFacts, customer_facts
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.needs import needs, reads
from mappings.org import Org
from mappings.translate import names
from mappings.wanted import wanted


@pytest.fixture(name="loaded", params=["hubspot", "salesforce"])
def _loaded(request: pytest.FixtureRequest) -> Loaded:
    return load_text("", crm=request.param)


@pytest.fixture(name="crm", params=["demo", "empty"])
def _crm(request: pytest.FixtureRequest, loaded: Loaded) -> Iterator[Crm]:
    name = loaded.programme.crm
    with open_sandbox(world=request.param, hubspot_port=0, salesforce_port=0) as box:
        secrets = box.world.dialects[name].credentials()
        access = Access(
            token=secrets.get("token"),
            client_id=secrets.get("client_id"),
            client_secret=secrets.get("client_secret"),
            url=box.urls[name],
            paced=False,
        )
        given = names(loaded.programme, loaded.rows)
        yield connect(name, access, given, lambda operation: nullcontext())


def org(crm: Crm, loaded: Loaded) -> Org:
    return Org(
        identity=crm.identity(),
        schemas=crm.schema({need.object for need in needs(loaded.programme, loaded.rows)}),
        owners=crm.owners(),
        segments=crm.segments([segment.list for segment in loaded.programme.alumni]),
    )


def customers(crm: Crm, loaded: Loaded) -> list[CustomerFacts]:
    watch = loaded.programme.watch[0]
    schema = crm.schema([watch.object])[watch.object]
    query = Query(object=watch.object, fields=reads(loaded.programme, loaded.rows, schema))
    return [
        customer_facts(record, loaded.programme, loaded.rows)
        for page in crm.changes(query, None)
        for record in page.records
    ]


def test_after_provisioning_the_default_mapping_fits(crm: Crm, loaded: Loaded) -> None:
    before = [f for f in check(loaded, org(crm, loaded)) if f.severity != "hint"]
    assert before
    assert all(found.words.endswith("run `aurevoir provision`") for found in before)
    specs = wanted(loaded.programme, loaded.rows)
    for spec in crm.missing(specs):
        crm.provision(spec)
    assert crm.missing(specs) == ()
    assert [f for f in check(loaded, org(crm, loaded)) if f.severity != "hint"] == []
    for facts in customers(crm, loaded):
        assert facts.name
        assert facts.stage in ("active", "at_risk", "churning", "churned")
        assert facts.more["plan"]
        assert facts.own.keys() == loaded.rows.customer.keys()
