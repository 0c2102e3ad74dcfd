"""Customers and people that the mapping leaves alone, and the words for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.contract import Ref, Value
from mappings.findings import MappingError
from sync.world import World
from tests.unit.sync.goodbye import (
    DAY,
    START,
    happened,
    held,
    loaded,
    person,
    planned,
    wants,
    world,
)

TEST_ACCOUNT = """
customer: {more: {type: kind_of_customer}}
exclude:
  - {because: a test account, when: {type: [test]}}
"""
HOLD = """
exclude:
  - {because: legal hold, list: Legal hold}
"""
QUIET = """
exclude:
  - {because: asked sales not to be surveyed, list: Quiet, from: survey}
"""
LATER = START + 3 * DAY
CONTACT, STRANGER = (Ref(object="contacts", id=id) for id in ("12", "99"))


def _around(mapping: str, listed: dict[str, frozenset[Ref]], **more: Value) -> World:
    around = world(person("11"), person("12"), mapping=mapping)
    customer = replace(around.customer, more={**around.customer.more, **more})
    return replace(around, customer=customer, rules=replace(around.rules, excluded=listed))


def test_an_excluded_customer_gets_nothing_and_explain_says_why() -> None:
    out = planned(happened(), LATER, _around(TEST_ACCOUNT, {}, type="test"), TEST_ACCOUNT)
    assert out.wants == ()
    assert held(out, "everything") == ["excluded by the mapping: a test account"]
    assert planned(happened(), LATER, _around(TEST_ACCOUNT, {}, type="real"), TEST_ACCOUNT).wants


def test_a_list_keeps_out_the_customers_of_who_is_on_it() -> None:
    out = planned(happened(), LATER, _around(HOLD, {"Legal hold": frozenset({CONTACT})}), HOLD)
    assert out.wants == ()
    assert planned(
        happened(), LATER, _around(HOLD, {"Legal hold": frozenset({STRANGER})}), HOLD
    ).wants


def test_a_list_of_customers_keeps_them_out() -> None:
    customer = happened().ref
    out = planned(happened(), LATER, _around(HOLD, {"Legal hold": frozenset({customer})}), HOLD)
    assert out.wants == ()
    assert held(out, "everything") == [
        "excluded by the mapping: legal hold (on the list “Legal hold”)"
    ]


def test_nobody_is_taken_for_somebody_of_another_kind_with_the_same_id() -> None:
    customer = happened().ref
    namesakes = {
        "Legal hold": frozenset(
            {Ref(object="contacts", id=customer.id), Ref(object=customer.object, id="12")}
        )
    }
    assert planned(happened(), LATER, _around(HOLD, namesakes), HOLD).wants


def test_nobody_at_a_customer_on_the_list_is_surveyed() -> None:
    listed = {"Quiet": frozenset({happened().ref})}
    made = planned(happened(), LATER, _around(QUIET, listed), QUIET)
    assert made.wants
    assert not wants(made, "survey")


def test_who_must_not_be_surveyed_is_not_and_others_are() -> None:
    made = planned(happened(), LATER, _around(QUIET, {"Quiet": frozenset({CONTACT})}), QUIET)
    assert {want.key.split(":")[2] for want in wants(made, "survey")} == {"11"}
    reason = "excluded by the mapping: asked sales not to be surveyed (on the list “Quiet”)"
    assert reason in held(made, "survey")


def test_an_exclusion_of_nobody_in_particular_is_refused() -> None:
    with pytest.raises(MappingError, match="say whom"):
        loaded("exclude: [{because: nothing}]")
