"""Whose ledger this is, whether it may write, and how it fares."""

from __future__ import annotations

import pytest

from integrations.contract import Identity
from sync.store import Store
from sync.store.connections import WrongOrgError
from tests.contract.store.shelf import NOW, connection


def _org(number: str, name: str = "Acme") -> Identity:
    return Identity(org=number, name=name, kind="production", zone="Europe/Berlin")


def test_is_unknown_before_it_signs_in(store: Store) -> None:
    with store.reading() as tables:
        assert tables.connections.get("acme") is None
        assert tables.connections.all() == ()


def test_knows_the_org_it_leads_to(store: Store) -> None:
    with store.transaction("test") as tables:
        standing = tables.connections.register("acme", "hubspot", _org("7"))
        tables.connections.register("beta", "salesforce", _org("8", "Beta"))
    assert (standing.crm, standing.org, standing.title) == ("hubspot", "7", "Acme")
    with store.reading() as tables:
        assert [one.name for one in tables.connections.all()] == ["acme", "beta"]


def test_follows_the_name_of_its_org(store: Store) -> None:
    with store.transaction("test") as tables:
        tables.connections.register("acme", "hubspot", _org("7"))
        assert tables.connections.register("acme", "hubspot", _org("7", "Zenith")).title == "Zenith"


@pytest.mark.parametrize(("crm", "org"), [("hubspot", "8"), ("salesforce", "7")])
def test_never_changes_its_org(store: Store, crm: str, org: str) -> None:
    with store.transaction("test") as tables:
        tables.connections.register("acme", "hubspot", _org("7"))
    with (
        pytest.raises(WrongOrgError, match=r"hubspot 7 .*give the new one another name"),
        store.transaction("test") as tables,
    ):
        tables.connections.register("acme", crm, _org(org))
    with store.reading() as tables:
        assert [one.org for one in tables.connections.all()] == ["7"]


def test_an_org_has_one_ledger(store: Store) -> None:
    with store.transaction("test") as tables:
        tables.connections.register("acme", "hubspot", _org("7"))
        tables.connections.register("beta", "salesforce", _org("7"))
    with (
        pytest.raises(WrongOrgError, match=r"kept by connection 'acme' here; call it 'acme'"),
        store.transaction("test") as tables,
    ):
        tables.connections.register("zenith", "hubspot", _org("7"))
    with store.reading() as tables:
        assert [one.name for one in tables.connections.all()] == ["acme", "beta"]


def test_keeps_how_it_fares(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        connection(tables, "beta")
        tables.connections.set("acme", held="the brake", held_at=NOW, paused="outward")
    with store.reading() as tables:
        acme, beta = tables.connections.all()
    assert (acme.held, acme.held_at, acme.paused) == ("the brake", NOW, "outward")
    assert (beta.held, beta.held_at, beta.paused) == (None, None, None)


def test_what_is_said_before_the_first_sign_in_is_kept(store: Store) -> None:
    with store.transaction("test") as tables:
        tables.connections.expect("acme", "hubspot")
        tables.connections.set("acme", trouble="used up", paused="all")
        tables.connections.expect("acme", "hubspot")
    with store.reading() as tables:
        assert tables.connections.get("acme") is None
        assert tables.connections.all() == ()
        (fares,) = tables.connections.known()
        assert tables.connections.fares("acme") == fares
        assert (fares.org, fares.trouble) == ("", "used up")
    with store.transaction("test") as tables:
        standing = tables.connections.register("acme", "salesforce", _org("7"))
    assert (standing.crm, standing.org, standing.paused) == ("salesforce", "7", "all")
