from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from integrations.contract import Field, FieldType, Identity, Owner, Schema
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.needs import needs
from mappings.org import Org

OWNERS = (
    Owner(id="1", name="Ada Moss", email="ada@vendor.example"),
    Owner(id="2", name="Ben Ode", email="ben@vendor.example", active=False),
    Owner(id="9", name="Customer Success", queue=True),
)

#: The types of the business fields that the default mappings name, where they are no texts.
TYPES = {
    "customer_stage": FieldType.CHOICE,
    "Customer_Stage__c": FieldType.CHOICE,
    "annualrevenue": FieldType.NUMBER,
    "AnnualRevenue": FieldType.NUMBER,
    "contract_end_date": FieldType.DATE,
    "Contract_End_Date__c": FieldType.DATE,
    "hubspot_owner_id": FieldType.REFERENCE,
    "csm_owner": FieldType.REFERENCE,
    "OwnerId": FieldType.REFERENCE,
    "Csm__c": FieldType.REFERENCE,
    "hs_email_optout": FieldType.FLAG,
    "HasOptedOutOfEmail": FieldType.FLAG,
    "IsPersonAccount": FieldType.FLAG,
}


@pytest.fixture(params=["hubspot", "salesforce"])
def crm(request: pytest.FixtureRequest) -> str:
    """Each CRM in turn."""
    return str(request.param)


def build(loaded: Loaded) -> Org:
    """An org that has everything the mapping asks for."""
    watched = loaded.rows.watched["customer_stage"]
    fields: dict[str, dict[str, Field]] = {}
    for need in needs(loaded.programme, loaded.rows):
        row = need.placed.row if need.placed else watched if need.ours else None
        fields.setdefault(need.object, {})[need.field] = Field(
            name=need.field,
            label=row.label if row else need.field,
            type=row.type if row else TYPES.get(need.field, FieldType.TEXT),
            options=row.options if row else (),
            length=row.length if row else 255,
            unique=bool(row and row.unique),
            restricted=bool(row and row.options),
        )
    return Org(
        identity=Identity(org="42", name="Vendor", kind="sandbox", zone="Europe/London"),
        schemas={
            name: Schema(object=name, label=name, fields=inside) for name, inside in fields.items()
        },
        owners=OWNERS,
        segments=[segment.list for segment in loaded.programme.alumni],
    )


@pytest.fixture
def whole() -> Callable[[Loaded], Org]:
    """Makes an org that has everything a mapping asks for."""
    return build


@pytest.fixture
def without() -> Callable[[Org, str, str], Org]:
    """Takes one field out of an org."""

    def drop(org: Org, object: str, name: str) -> Org:
        schema = org.schemas[object]
        kept = {key: field for key, field in schema.fields.items() if key != name}
        return replace(org, schemas={**org.schemas, object: replace(schema, fields=kept)})

    return drop


@pytest.fixture
def changed() -> Callable[..., Org]:
    """Changes one field of an org."""

    def change(org: Org, object: str, name: str, **values: object) -> Org:
        schema = org.schemas[object]
        field = schema.fields.get(name) or Field(name=name, label=name, type=FieldType.TEXT)
        fields = {**schema.fields, name: replace(field, **values)}  # type: ignore[arg-type]
        return replace(org, schemas={**org.schemas, object: replace(schema, fields=fields)})

    return change


@pytest.fixture
def hubspot() -> Loaded:
    """The default mapping of HubSpot."""
    return load_text("", crm="hubspot")
