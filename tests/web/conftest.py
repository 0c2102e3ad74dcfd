"""One served site for all tests of a worker; every test invites people of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.web.site import Guest, Link, Site, asked, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The survey of one connection in two languages, without limits on how often one may ask."""
    with serving(tmp_path_factory.mktemp("site"), {"acme": asked(languages=True)}) as opened:
        yield opened


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Site]:
    """A site of one's own."""
    with serving(tmp_path, {"acme": asked()}) as opened:
        yield opened


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A client; it is closed, since warnings are errors."""
    with requests.Session() as session:
        yield session


@pytest.fixture
def guest(site: Site, http: requests.Session) -> Guest:
    """Somebody in front of the site."""
    return Guest(site, http)


@pytest.fixture
def link(site: Site) -> Link:
    """Somebody who is invited."""
    return site.invite()
