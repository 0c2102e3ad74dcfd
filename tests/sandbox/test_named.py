"""Refusals by name: each is the vendor's own, and is what the adapters' tables know it as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from integrations.sandbox.open import Sandbox, open_sandbox

DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"
CALLS = {"hubspot": "/crm/owners/2026-09", "salesforce": "/services/data/v62.0/limits"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(world="empty", hubspot_port=0, salesforce_port=0) as opened:
        yield opened


@pytest.mark.parametrize("crm", list(CALLS))
def test_each_is_answered_as_the_vendor_answers(sandbox: Sandbox, crm: str) -> None:
    dialect, url = sandbox.world.dialects[crm], sandbox.urls[crm]
    headers = {"Authorization": f"Bearer {dialect.credentials()['token']}"}
    for name, refusal in dialect.refusals().items():
        wish = {"operation": "*", "says": name}
        assert requests.post(f"{url}/__sandbox__/faults", json=wish, timeout=30).ok
        answer = requests.get(url + CALLS[crm], headers=headers, timeout=30)
        assert answer.status_code == refusal.status >= 400
        said = answer.json()
        assert (said[0] if crm == "salesforce" else said)["message"]
        assert requests.get(url + CALLS[crm], headers=headers, timeout=30).ok


@pytest.mark.parametrize("crm", list(CALLS))
def test_each_is_in_the_docs(sandbox: Sandbox, crm: str) -> None:
    (row,) = [line for line in DOCS.read_text().splitlines() if line.startswith("| `says` |")]
    told = set(re.findall(r"`(\w+)`", row)) - {"says"}
    assert sandbox.world.dialects[crm].refusals().keys() <= told
