"""A case in plain words."""

from __future__ import annotations

import pytest

from sync.explain import told
from sync.model import Kind
from tests.unit.sync.goodbye import START, event, world


@pytest.mark.parametrize("kind", [*Kind])
def test_whatever_can_happen_is_told(kind: Kind) -> None:
    assert told(event(kind, START), world())
