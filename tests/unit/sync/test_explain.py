"""A case in plain words."""

from __future__ import annotations

import pytest

from sync.explain import told
from sync.model import Kind
from tests.unit.sync.goodbye import START, event, person, world


@pytest.mark.parametrize("kind", [*Kind])
def test_whatever_can_happen_is_told(kind: Kind) -> None:
    assert told(event(kind, START), world())


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            Kind.CONSENTED,
            {"stay": True, "reference": False},
            "Pat Doe said yes to staying in touch",
        ),
        (
            Kind.CONSENTED,
            {"stay": True, "reference": True},
            "Pat Doe said yes to staying in touch, and yes to being named as a reference",
        ),
        (
            Kind.CONSENTED,
            {"where": "crm", "reference": True},
            "somebody ticked being named as a reference for Pat Doe",
        ),
        (
            Kind.CONSENTED,
            {"where": "crm", "stay": False, "reference": True},
            "somebody unticked staying in touch and ticked being named as a reference for Pat Doe",
        ),
        (Kind.SET, {"field": "decision", "value": None}, "somebody emptied decision"),
        (Kind.SET, {"field": "decision", "value": "open"}, "somebody set decision to open"),
        (
            Kind.SET,
            {"field": "exit_words", "value": None, "words": "w1"},
            "somebody set exit words",
        ),
        (Kind.LEFT, {"stage": "active", "settled": True}, "left for active"),
        (
            Kind.LEFT,
            {"stage": "active", "settled": False},
            "left for active, too soon for the move before it to count",
        ),
    ],
)
def test_what_happened_is_told_as_it_was(kind: Kind, data: dict[str, object], words: str) -> None:
    assert told(event(kind, START, person="11", **data), world(person("11"))) == words
