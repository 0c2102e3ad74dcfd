"""What both ports say with every answer, and what they do not let in."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from sync.model import Kind
from sync.web import door
from tests.web.site import Guest, Link, Site, heading

EXPECTED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def _everywhere(guest: Guest, link: Link) -> Iterator[requests.Response]:
    """Every route of both ports, and refusals of every kind, each answer on its own."""
    survey = f"/s/{link.token}"
    public = ["/healthz", "/static/style.css", "/static/icon.svg", "/nowhere", "/s/nowhere", survey]
    public += [f"{survey}/{end}" for end in ("talk", "opt-out", "thanks", "talking", "opted-out")]
    urls = [guest.site.url + path for path in public]
    urls += [guest.site.private_url + path for path in ("/healthz", "/metrics", "/nowhere")]
    for url in urls:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"):
            yield guest.session.request(method, url, allow_redirects=False)
    yield guest.session.post(guest.site.url + survey, data=b"x" * (door.LARGEST + 1))
    yield guest.answer(link, reason="price")


def test_every_answer_carries_the_headers_and_no_cookie(
    alone: Site, http: requests.Session
) -> None:
    statuses = set()
    for answer in _everywhere(Guest(alone, http), alone.invite()):
        assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED, answer.request.url
        assert "Set-Cookie" not in answer.headers
        assert "Server" not in answer.headers
        statuses.add(answer.status_code)
    assert statuses == {200, 303, 404, 405, 413, 422}


def test_nothing_on_a_page_comes_from_elsewhere(guest: Guest, link: Link) -> None:
    page = guest.get(f"/s/{link.token}").text
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert addresses
    assert all(not urlsplit(a).scheme and not a.startswith("/") for a in addresses)
    assert "style=" not in page
    style = guest.get("/static/style.css")
    assert style.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_the_style_is_found_from_every_depth(guest: Guest, link: Link) -> None:
    for path in (f"/s/{link.token}", f"/s/{link.token}/talk", "/nowhere", "/a/b/c/d"):
        page = guest.get(path)
        (style,) = re.findall(r'rel="stylesheet" href="([^"]*)"', page.text)
        assert requests.compat.urljoin(page.url, style) == f"{guest.site.url}/static/style.css"


def test_a_form_of_64_kilobytes_is_the_largest(guest: Guest, link: Link, site: Site) -> None:
    address = f"{site.url}/s/{link.token}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    most = b"reason=price&rest=".ljust(door.LARGEST, b"x")
    refused = guest.session.post(address, data=most + b"x", headers=form)
    assert refused.status_code == 413
    assert "This is longer than we can pass on" in refused.text
    assert not site.events(link, Kind.ANSWERED)
    assert guest.session.post(address, data=most, headers=form).status_code == 200
    assert site.events(link, Kind.ANSWERED)


def test_a_form_without_a_length_is_counted_too(guest: Guest, link: Link, site: Site) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"reason=price&rest="
        for _ in range(70):
            yield b"x" * 1024

    refused = guest.session.post(
        f"{site.url}/s/{link.token}",
        data=chunks(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert refused.status_code == 413
    assert not site.events(link, Kind.ANSWERED)


def test_somebody_who_never_ends_is_not_listened_to(site: Site, link: Link) -> None:
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as wire:
        head = f"POST /s/{link.token} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
        wire.sendall(head.encode())
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            wire.sendall(b"x" * 40 * door.DRAINED)


def test_somebody_who_dawdles_is_sent_away(
    site: Site, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as wire:
        head = f"POST /s/{link.token} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nreason"
        wire.sendall(head.encode())
        assert wire.recv(65_536).startswith(b"HTTP/1.1 408")


def test_a_strange_host_changes_nothing(guest: Guest, link: Link) -> None:
    page = guest.get(f"/s/{link.token}", Host="evil.example/[x?y#")
    assert page.status_code == 200
    assert "evil" not in page.text
    sent = guest.session.post(
        f"{guest.site.url}/s/{link.token}/talk",
        headers={"Host": "evil.example"},
        allow_redirects=False,
    )
    assert sent.headers["Location"] == "talking"


def test_many_at_once(guest: Guest, site: Site) -> None:
    links = [site.invite() for _ in range(12)]
    pages: list[requests.Response] = []

    def answer(link: Link) -> None:
        with requests.Session() as session:
            pages.append(Guest(site, session).answer(link, reason="price", what_if=link.person))

    threads = [threading.Thread(target=answer, args=(link,)) for link in links for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {heading(page.text) for page in pages} == {"Thank you"}
    assert len(pages) == 24
    for link in links:
        assert site.words(link) == {"what_if": link.person}
