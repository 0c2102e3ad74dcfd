from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from integrations.contract import Value
from mappings.conditions import evaluate, first
from mappings.playbook import Conditions
from mappings.programme import Segment

FACTS: dict[str, Value] = {
    "country": "FR",
    "value": 48_000,
    "plan": "Enterprise",
    "seats": "12",
    "reasons": ("price", "trust"),
    "at_risk": True,
    "language": None,
    "stage": "",
    "tier": "nan",
}


def conditions(**tests: object) -> Conditions:
    return TypeAdapter(Conditions).validate_python(tests)


@pytest.mark.parametrize(
    "tests",
    [
        {},
        {"country": "FR"},
        {"country": ["DE", "fr"]},
        {"plan": "enterprise"},
        {"value": {"at_least": 48_000}},
        {"value": {"at_least": 1, "at_most": 48_000}},
        {"seats": 12},
        {"seats": {"at_least": 12}},
        {"tier": "NaN"},
        {"reasons": "trust"},
        {"reasons": {"is_not": ["competitor"]}},
        {"at_risk": True},
        {"language": {"known": False}},
        {"stage": {"known": False}},
        {"plan": {"known": True}},
        {"language": {"is_not": ["de"]}},
        {"nowhere": {"known": False}},
    ],
)
def test_conditions_that_hold(tests: dict[str, object]) -> None:
    assert evaluate(conditions(**tests), FACTS).holds


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ({"country": "DE"}, "country is FR, not DE"),
        ({"country": ["DE", "AT"]}, "country is FR, not DE or AT"),
        ({"country": {"is_not": "FR"}}, "country is FR"),
        ({"value": {"at_least": 50_000}}, "value is 48,000, not at least 50,000"),
        ({"value": {"at_most": 100}}, "value is 48,000, not at most 100"),
        ({"plan": {"at_least": 1}}, "plan is Enterprise, not at least 1"),
        ({"language": "de"}, "language is not known; it has to be de"),
        ({"language": {"at_least": 1}}, "language is not known; it has to be at least 1"),
        ({"language": {"known": True}}, "language is not known"),
        ({"plan": {"known": False}}, "plan is Enterprise"),
        ({"reasons": "competitor"}, "reasons is price, trust, not competitor"),
        ({"at_risk": False}, "at risk is yes, not no"),
        ({"country": "FR", "plan": "basic"}, "plan is Enterprise, not basic"),
    ],
)
def test_conditions_that_do_not_hold_say_why(tests: dict[str, object], words: str) -> None:
    answer = evaluate(conditions(**tests), FACTS)
    assert not answer.holds
    assert answer.words == words


def test_the_first_that_fits_is_taken() -> None:
    segments = [
        Segment(segment="german", when=conditions(country="DE"), list="A"),
        Segment(segment="french", when=conditions(country="FR"), list="B"),
        Segment(segment="rest", list="C"),
    ]
    assert first(segments, FACTS) is segments[1]
    assert first(segments, {}) is segments[2]
    assert first(segments[:2], {}) is None
