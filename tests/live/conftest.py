"""A test portal and a test org, where the environment has credentials; else tests are skipped.

What is made there is deleted again, whatever becomes of the test. Nothing is done in production.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from integrations.registry import Access
from tests.live.hubspot import Portal
from tests.live.salesforce import Org


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


@pytest.fixture(scope="session")
def org() -> Iterator[Org]:
    """The org with our fields on tasks."""
    words = ("client_id", "client_secret", "username", "private_key", "domain", "url")
    given = {word: os.environ.get(f"AUREVOIR_LIVE_SALESFORCE_{word.upper()}") for word in words}
    if not given["client_id"] or not given["domain"]:
        pytest.skip(
            "no test org: set AUREVOIR_LIVE_SALESFORCE_CLIENT_ID, _CLIENT_SECRET and _DOMAIN"
        )
    made = Org(Access(**{word: value for word, value in given.items() if value}))
    try:
        if made.crm.identity().kind == "production":
            pytest.fail("this is a production org; the live tests write, and want a test one")
        made.prepare()
        yield made
    finally:
        made.clean_up()
