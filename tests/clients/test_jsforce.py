"""jsforce, from npm, against the sandbox: other people's client, unchanged but for the address."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.open import open_sandbox

HOME = Path(__file__).parent / "salesforce"
#: Seconds; it takes about five.
PATIENCE = 120


@pytest.fixture
def node() -> str:
    """The program that runs it, where it and the package are there."""
    found = shutil.which("node")
    if found and (HOME / "node_modules" / "jsforce").is_dir():
        return found
    words = "jsforce is not installed: run `npm ci` in tests/clients/salesforce"
    if os.environ.get("AUREVOIR_CLIENTS") == "required":
        pytest.fail(words)
    pytest.skip(words)


@pytest.mark.slow
def test_jsforce_takes_the_sandbox_for_the_vendor(node: str) -> None:
    with open_sandbox(world="demo", hubspot_port=0, salesforce_port=0, clock=Clock()) as sandbox:
        app = sandbox.world.dialects["salesforce"].credentials()
        environment = {
            **os.environ,
            "SALESFORCE_URL": sandbox.urls["salesforce"],
            "SALESFORCE_CLIENT_ID": app["client_id"],
            "SALESFORCE_CLIENT_SECRET": app["client_secret"],
        }
        ran = subprocess.run(
            [node, "jsforce.mjs"],
            cwd=HOME,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
