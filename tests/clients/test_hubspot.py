"""HubSpot's own client for Node.js, run against a served sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox

HERE = Path(__file__).parent / "hubspot"
STEPS = (
    "owners",
    "properties",
    "batches",
    "search",
    "records",
    "associations",
    "lists",
    "pipelines",
    "merges",
)


@pytest.fixture
def node() -> str:
    """The program, where it and HubSpot's package are there."""
    found = shutil.which("node")
    if found and (HERE / "node_modules" / "@hubspot" / "api-client").is_dir():
        return found
    words = f"run `npm ci` in {HERE.name} beside this test, with Node.js 20 or newer"
    if os.environ.get("AUREVOIR_CLIENTS") == "required":
        pytest.fail(words)
    pytest.skip(words)


@pytest.mark.slow
def test_the_client_cannot_tell_the_sandbox_from_hubspot(node: str) -> None:
    with open_sandbox(world="demo", hubspot_port=0, salesforce_port=0, clock=Clock()) as sandbox:
        hubspot = sandbox.world.dialects["hubspot"]
        there = {
            "HUBSPOT_URL": sandbox.urls["hubspot"],
            "HUBSPOT_TOKEN": hubspot.credentials()["token"],
        }
        ran = subprocess.run(
            [node, "client.mjs"],
            cwd=HERE,
            env=os.environ | there,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.stdout.splitlines() == [f"{step} holds" for step in STEPS], ran.stderr
    assert ran.returncode == 0, ran.stderr
