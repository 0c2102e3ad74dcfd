"""Shipped features: each once, under its first name, for each connection."""

from __future__ import annotations

from sync.model import Event, Kind
from sync.store import Store
from sync.store.shipped import Feature
from tests.contract.store.shelf import NOW, case

OWNER = "acme"

SSO = Feature(key="sso", label="SSO", at=NOW)


def test_a_feature_is_kept_once(store: Store) -> None:
    with store.transaction("test") as tables:
        case(tables)
        tables.shipped.put(OWNER, SSO)
        tables.shipped.put(OWNER, Feature(key="sso", label="sso", at=NOW))
    with store.reading() as tables:
        assert tables.shipped.of(OWNER) == (SSO,)
        assert tables.shipped.of("another") == ()


def test_it_is_known_how_many_it_mattered_to(store: Store) -> None:
    told = Event(
        at=NOW, kind=Kind.FEATURE_SHIPPED, data={"feature": "sso", "people": None}, mark="sso"
    )
    with store.transaction("test") as tables:
        case(tables)
        assert tables.cases.append("case1", [told]) == 1
        assert tables.cases.append("case1", [told]) == 0
    with store.reading() as tables:
        assert tables.shipped.cases(OWNER) == {"sso": 1}
        assert tables.shipped.cases("another") == {}


def test_every_case_of_a_customer_is_found(store: Store) -> None:
    with store.transaction("test") as tables:
        row = tables.cases.get(case(tables))
        assert row
        assert tables.cases.all_of(OWNER, [row.record]) == {row.record: ("case1",)}
        assert tables.cases.all_of("another", [row.record]) == {}
