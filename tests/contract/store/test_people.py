"""Customers with a case and their people, as last read from the CRM."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.contract import RELATION, OptOut, Ref
from sync.store import Store, Tables
from sync.store.database import DatabaseError
from sync.store.people import CustomerRow, PersonRow
from tests.contract.store.shelf import HOUR, NOW, connection


def _customer(id: str, **values: Any) -> CustomerRow:
    return CustomerRow(ref=Ref(object="companies", id=id), fields={"name": "Alder"}, **values)


def _person(id: str, customer: str = "1", **values: Any) -> PersonRow:
    about = {"fields": {"email": f"{id}@alder.example"}} | values
    return PersonRow(ref=Ref(object="contacts", id=id), customer=customer, **about)


def _read(tables: Tables, *people: PersonRow) -> None:
    by_customer: dict[str, list[PersonRow]] = {}
    for person in people:
        by_customer.setdefault(person.customer, []).append(person)
    tables.people.put_people("acme", "contacts", by_customer, NOW)


def test_customers_come_back_as_they_were_read(store: Store) -> None:
    rows = [_customer("1", carried={"reason": "price"}, known_at=NOW), _customer("2")]
    with store.transaction("test") as tables:
        connection(tables)
        tables.people.put_customers("acme", rows)
        found = tables.people.customers("acme", "companies", ["1", "2", "3"])
        assert tables.people.customers("acme", "deals", ["1"]) == {}
    assert found == {"1": rows[0], "2": rows[1]}


def test_every_customer_of_a_connection_and_none_of_another(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        connection(tables, "other")
        tables.people.put_customers("acme", [_customer("2"), _customer("1")])
        tables.people.put_customers("other", [_customer("3")])
        found = tables.people.all("acme")
    assert [record.ref.id for record in found] == ["1", "2"]
    assert found[0].fields == {"name": "Alder"}


def test_customers_remember_what_we_wrote_ourselves(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        tables.people.put_customers("acme", [_customer("1")])
        tables.people.wrote("acme", "companies", {"1": {"status": "notice"}, "9": {}}, NOW)
        found = tables.people.customers("acme", "companies", ["1", "9"])
    assert found == {
        "1": CustomerRow(
            ref=Ref(object="companies", id="1"),
            fields={"name": "Alder", "status": "notice"},
            known_at=NOW,
        )
    }


def test_what_we_wrote_on_a_person_is_remembered_wherever_they_belong(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        out = OptOut(out=True, words="opted out")
        _read(tables, _person("a", opt_out=out), _person("a", "2", opt_out=out), _person("b", "2"))
        tables.people.wrote("acme", "contacts", {"a": {"stay": True}}, NOW)
        found = tables.people.people("acme", ["1", "2"])
    fields = {"email": "a@alder.example", "stay": True}
    assert found["1"] == (_person("a", fields=fields, opt_out=out),)
    assert found["2"] == (_person("a", "2", fields=fields, opt_out=out), _person("b", "2"))


def test_people_are_replaced_by_who_was_read(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        tables.people.put_customers("acme", [_customer("1"), _customer("2")])
        _read(tables, _person("b"), _person("a"), _person("c", "2"))
        _read(tables, _person("d"), _person("b"))
        tables.people.put_people("acme", "contacts", {"2": []}, NOW + HOUR)
        assert tables.people.people("acme", ["1", "2"]) == {"1": (_person("d"), _person("b"))}
        found = tables.people.customers("acme", "companies", ["1", "2"])
    assert [found[id].people_at for id in "12"] == [NOW, NOW + HOUR]


def test_a_person_may_belong_to_two_customers(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        _read(tables, _person("a"), _person("a", "2"), _person("b", "2"))
        out = OptOut(out=True, words="opted out")
        tables.people.update_person("acme", _person("a").ref, fields={}, opt_out=out)
        known = tables.people.known("acme", "contacts", ["a", "z"])
        assert {(one.customer, one.opt_out) for one in known} == {("1", out), ("2", out)}
        assert tables.people.known("acme", "contacts", ["b"]) == [_person("b", "2")]


def test_what_a_person_is_to_each_customer_stays(store: Store) -> None:
    one = _person("a", fields={"email": "a@alder.example", RELATION: ("Buyer",)})
    two = _person("a", "2", fields={"email": "a@alder.example", RELATION: None})
    with store.transaction("test") as tables:
        connection(tables)
        _read(tables, one, two)
        tables.people.update_person("acme", one.ref, fields={"email": "b@b.example"}, opt_out=None)
        tables.people.wrote("acme", "contacts", {"a": {"status": "due"}}, NOW)
        known = tables.people.known("acme", "contacts", ["a"])
    fields = {"email": "b@b.example", "status": "due"}
    assert {row.customer: row.fields for row in known} == {
        "1": {**fields, RELATION: ("Buyer",)},
        "2": {**fields, RELATION: None},
    }


def test_a_person_who_is_read_twice_is_one(store: Store) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        _read(tables, _person("a"), _person("a", fields={"email": "new@alder.example"}))
        (one,) = tables.people.people("acme", ["1"])["1"]
    assert one.fields == {"email": "new@alder.example"}


@pytest.mark.parametrize(
    "said", [None, OptOut(out=False, words=""), OptOut(out=True, words="opted out in May")]
)
def test_an_opt_out_is_told_from_silence(store: Store, said: OptOut | None) -> None:
    with store.transaction("test") as tables:
        connection(tables)
        _read(tables, _person("a", opt_out=said))
        assert tables.people.people("acme", ["1"])["1"][0].opt_out == said


def test_nobody_is_kept_for_an_unknown_connection(store: Store) -> None:
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        tables.people.put_customers("nobody", [_customer("1")])
    with pytest.raises(DatabaseError), store.transaction("test") as tables:
        _read(tables, _person("a"))
