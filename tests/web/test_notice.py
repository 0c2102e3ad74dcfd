"""Giving notice by a link: where the mapping allows it, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from mappings.loader import load_text
from sync.notices import NOTICE
from sync.store.requests import Request
from tests.web.site import Guest, Site, asked, heading, serving


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Site]:
    """One connection that allows it, and one that does not."""
    allowed = load_text("notice_link: on", crm="hubspot").programme
    backings = {"acme": replace(asked(), programme=allowed), "globex": asked()}
    with serving(tmp_path, backings) as site:
        yield site


@pytest.fixture
def giver(place: Site, http: requests.Session) -> Guest:
    """A contact."""
    return Guest(place, http)


def _path(site: Site, *, connection: str = "acme") -> str:
    return urlsplit(site.links.sealed(NOTICE, connection, "companies", "8", "11")).path


def _asked(site: Site) -> tuple[Request, ...]:
    with site.store.reading() as tables:
        return tables.requests.open("acme") + tables.requests.open("globex")


def test_a_notice_is_kept_before_the_answer_goes_out(giver: Guest, place: Site) -> None:
    path = _path(place)
    page = giver.get(path)
    assert heading(page.text) == "Give notice to Acme & Söhne"
    assert not _asked(place)
    for _ in range(2):
        done = giver.session.post(place.url + path, data={"last_day": "2026-03-31"})
        assert heading(done.text) == "Your notice is with us"
    (asked,) = _asked(place)
    assert asked.data == {
        "object": "companies",
        "record": "8",
        "person": "11",
        "last_day": "2026-03-31",
    }


def test_a_reason_is_not_asked_for_and_no_day_is_fine(giver: Guest, place: Site) -> None:
    assert "reason" not in giver.get(_path(place)).text.replace("No reason is needed", "")
    giver.session.post(place.url + _path(place))
    assert [asked.data["last_day"] for asked in _asked(place)] == [None]


@pytest.mark.parametrize("day", ["2026-01-31", "tomorrow", "2026-02-30"])
def test_a_day_that_is_none_is_asked_for_again(giver: Guest, place: Site, day: str) -> None:
    page = giver.session.post(place.url + _path(place), data={"last_day": day})
    assert page.status_code == 422
    assert f'value="{day}"' in page.text
    assert not _asked(place)


def test_nobody_else_can_give_notice(giver: Guest, place: Site) -> None:
    path = _path(place)
    said, _, seal = path.rpartition(".")
    link = place.invite()
    page = place.also(link, "page")
    for wrong in (
        _path(place, connection="globex"),
        f"{said}.{seal[:-1]}",
        f"{said}x.{seal}",
        f"/n/{link.token}",
        f"/n/{page.token}",
        "/n/",
        "/n/.",
    ):
        assert giver.get(wrong).status_code == 404, wrong
        assert giver.session.post(place.url + wrong).status_code in (404, 405), wrong
    assert not _asked(place)
    assert giver.get(path.replace("/n/", "/c/")).status_code == 404
