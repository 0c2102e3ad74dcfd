"""A test portal, where the environment has credentials for one; else every test is skipped.

What is made there is deleted again, whatever becomes of the test. Nothing is done in production.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.live.hubspot import Portal


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """The portal with our fields on tasks."""
    token = os.environ.get("AUREVOIR_LIVE_HUBSPOT_TOKEN")
    if not token:
        pytest.skip("no test portal: set AUREVOIR_LIVE_HUBSPOT_TOKEN to the key of one")
    made = Portal(token, os.environ.get("AUREVOIR_LIVE_HUBSPOT_URL") or "https://api.hubapi.com")
    try:
        if made.crm.identity().kind == "production":
            pytest.fail("this is a production portal; the live tests write, and want a test one")
        made.prepare()
        yield made
    finally:
        made.clean_up()
