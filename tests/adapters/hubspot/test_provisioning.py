"""What is made in a portal, made once, and brought back."""

from __future__ import annotations

from integrations.contract import FieldSpec, FieldType, Option, SegmentSpec, Spec
from integrations.hubspot import HubSpot
from tests.contract.crm.hubspot import HubSpotBench

REASON = FieldSpec(
    object="companies",
    name="our_reason",
    label="Reason",
    type=FieldType.CHOICE,
    options=(Option(value="price", label="Price"),),
)
WANTED: tuple[Spec, ...] = (REASON, SegmentSpec(object="contacts", name="Alumni: budget"))


def provision(crm: HubSpot) -> None:
    """As the command does it: what is missing is made."""
    for spec in crm.missing(WANTED):
        crm.provision(spec)


def writes(bench: HubSpotBench) -> list[str]:
    """The calls that changed something, since the last time we forgot them."""
    with bench.world.lock:
        return [entry.operation for entry in bench.world.traffic.entries() if entry.writes]


def test_a_second_run_writes_nothing(bench: HubSpotBench, crm: HubSpot) -> None:
    provision(crm)
    assert writes(bench)
    bench.forget()
    again = bench.connect()
    assert isinstance(again, HubSpot)
    provision(again)
    assert writes(bench) == []


def test_brings_an_archived_property_back(bench: HubSpotBench, crm: HubSpot) -> None:
    provision(crm)
    bench.drop("companies", REASON.name)
    assert crm.missing(WANTED) == (REASON,)
    provision(crm)
    assert crm.missing(WANTED) == ()
    assert REASON.name in crm.schema(["companies"])["companies"].fields


def test_what_an_admin_has_changed_stays(bench: HubSpotBench, crm: HubSpot) -> None:
    provision(crm)
    place = f"properties/2026-09/companies/{REASON.name}"
    bench.crm("PATCH", place, json={"label": "Why they go"})
    bench.add_option("companies", REASON.name, "fit", "Poor fit")
    provision(crm)
    field = crm.schema(["companies"])["companies"].fields[REASON.name]
    assert field.label == "Why they go"
    assert [option.value for option in field.options] == ["price", "fit"]
