"""A served survey with a store behind it, and people who come to it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from integrations.contract import Identity, Ref
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.service import Listen
from sync.case import fold
from sync.links import Links
from sync.model import Case, Event, Kind, case_key, write_key
from sync.store import Store
from sync.store.people import CustomerRow, PersonRow
from sync.store.surveys import Invitation
from sync.web.app import private, public
from sync.web.backing import Backing
from sync.web.serve import Pages
from sync.web.throttle import Rates

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOOPBACK = Listen(public="127.0.0.1:0", private="127.0.0.1:0")


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass(kw_only=True)
class Link:
    """One person's way to the survey of one case."""

    token: str
    case: str
    person: str
    invitation: str


@dataclass(kw_only=True)
class Site:
    """Both ports, and what is behind them."""

    file: Path
    store: Store
    clock: Clock
    url: str = ""
    private_url: str = ""
    links: Links = field(default_factory=lambda: Links("https://goodbye.example", [b"k" * 32]))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def open_case(self, *, connection: str = "acme") -> tuple[str, Ref]:
        """A customer who leaves."""
        ref = Ref(object="companies", id=str(next(self._numbers)))
        key = case_key(connection, ref, 1)
        data = {"stage": "churning", "phase": "notice", "playbook": "b", "number": 1, "exact": True}
        event = Event(at=self.clock(), kind=Kind.OPENED, data=data)
        with self.store.transaction("test") as tables:
            tables.cases.open(connection, key, ref, number=1, playbook="b", event=event)
            tables.cases.set(key, wake_at=None)
            fields = {"name": "Alder & Quill", "customer_stage": "churning", "country": "GB"}
            tables.people.put_customers(connection, [CustomerRow(ref=ref, fields=fields)])
        return key, ref

    def invite(self, *, connection: str = "acme", days: int = 60, **case: str) -> Link:
        """Somebody at a customer who leaves; ``case`` and ``customer`` name one that is there."""
        key, ref = (
            (case["case"], Ref(object="companies", id=case["customer"]))
            if case
            else self.open_case(connection=connection)
        )
        person = f"p{next(self._numbers)}"
        invitation = write_key(key, "survey", person)
        now = self.clock()
        with self.store.transaction("test") as tables:
            there = tables.people.people(connection, [ref.id]).get(ref.id, ())
            new = PersonRow(ref=Ref(object="contacts", id=person), customer=ref.id, fields={})
            tables.people.put_people(connection, "contacts", {ref.id: [*there, new]}, now)
            made = Invitation(
                key=invitation,
                case=key,
                person=person,
                link=self.links.hash(invitation),
                made_at=now,
                expires_at=now + timedelta(days=days),
            )
            tables.surveys.invite([made])
        token = self.links.token(invitation)
        return Link(token=token, case=key, person=person, invitation=invitation)

    def also(self, link: Link, purpose: str, *, days: int = 60) -> Link:
        """Another link of the same person: to their page, or to the check."""
        key, now = write_key(link.case, purpose, link.person), self.clock()
        made = Invitation(
            key=key,
            case=link.case,
            person=link.person,
            link=self.links.hash(key),
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        with self.store.transaction("test") as tables:
            tables.surveys.invite([made])
        return replace(link, token=self.links.token(key), invitation=key)

    def happens(self, link: Link, kind: Kind, **data: Any) -> None:
        """Something else happens to the case."""
        with self.store.transaction("test") as tables:
            tables.cases.append(link.case, [Event(at=self.clock(), kind=kind, data=data)])

    def events(self, link: Link, kind: Kind) -> list[Mapping[str, Any]]:
        """What was recorded of one kind."""
        with self.store.reading() as tables:
            history = tables.cases.histories([link.case])[link.case]
        return [event.data for event in history if event.kind is kind]

    def case(self, link: Link) -> Case:
        """The case as it stands."""
        with self.store.reading() as tables:
            row = tables.cases.get(link.case)
            assert row
            return fold(row.key, row.ref, tables.cases.histories([row.key])[row.key])

    def words(self, link: Link) -> dict[str, str]:
        """What the newest answer says, by question."""
        (answer,) = self.case(link).answers.values()
        with self.store.reading() as tables:
            kept = tables.surveys.words_of([link.case]).get(link.case, {})
        return {question: kept[id] for question, id in answer.words.items()}

    def dump(self) -> list[str]:
        """Everything in the store."""
        with closing(sqlite3.connect(self.file)) as connection:
            return list(connection.iterdump())


def asked(*, languages: bool = False) -> Loaded:
    """The default mapping; with a second language, in which alone there is a second consent."""
    loaded = load_text("", crm="hubspot")
    if not languages:
        texts = {"en": loaded.questionnaire.texts["en"]}
        alone = loaded.questionnaire.model_copy(update={"texts": texts})
        return replace(loaded, questionnaire=alone)
    english = loaded.questionnaire.texts["en"]
    stay = {"stay_in_touch": english.consents["stay_in_touch"]}
    english = english.model_copy(update={"consents": stay})
    german = english.model_copy(
        update={
            "name": "Deutsch",
            "title": "Ihr Abschied von {{ org.name }}",
            "missing": "Bitte nennen Sie den Grund.",
            "thanks": english.thanks.model_copy(update={"title": "Vielen Dank"}),
            "consents": {**english.consents, "reference_ok": "{{ org.name }} darf mich nennen."},
        }
    )
    survey = loaded.questionnaire.model_copy(update={"texts": {"en": english, "de": german}})
    return replace(loaded, questionnaire=survey)


@contextmanager
def serving(
    folder: Path, backings: Mapping[str, Loaded], *, rates: Rates | None = None
) -> Iterator[Site]:
    """Pages over a store of their own, for these connections."""
    file = folder / "store.db"
    clock = Clock()
    site = Site(file=file, store=Store(f"sqlite:///{file}"), clock=clock)
    site.store.migrate()
    with site.store.transaction("test") as tables:
        book = load_text("", crm="hubspot").programme.books["standard"]
        tables.cases.pin("b", book.model_dump_json(by_alias=True))
        for number, name in enumerate(backings, 42):
            title = {"acme": "Acme & Söhne"}.get(name, name.title())
            identity = Identity(org=str(number), name=title, kind="sandbox", zone="Europe/London")
            tables.connections.register(name, "hubspot", identity)
    behind = {
        name: Backing(loaded=loaded, clock=clock, links=site.links)
        for name, loaded in backings.items()
    }
    try:
        apps = public(site.store, behind, rates=rates), private(site.store, behind)
        with Pages(*apps, LOOPBACK) as pages:
            site.url, site.private_url = pages.urls["public"], pages.urls["private"]
            yield site
    finally:
        site.store.close()


@dataclass
class Guest:
    """Somebody in front of the pages, without a browser's looks."""

    site: Site
    session: requests.Session

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(urljoin(self.site.url, path), headers=headers)

    def form(self, link: Link) -> dict[str, str]:
        """The form as it is when nothing is filled in."""
        page = self.get(f"/s/{link.token}")
        assert page.status_code == 200
        once = re.search(r'name="once" value="([^"]+)"', page.text)
        assert once
        return {"once": once[1]}

    def send(self, link: Link, sent: Mapping[str, str], *, query: str = "") -> requests.Response:
        """Send the form as a browser does."""
        parts = [(name, (None, value)) for name, value in sent.items()]
        return self.session.post(f"{self.site.url}/s/{link.token}{query}", files=parts)

    def answer(self, link: Link, **typed: str) -> requests.Response:
        """Fill in a new form and send it."""
        return self.send(link, {**self.form(link), **typed})


def reasons(page: str) -> list[str]:
    """The reasons in the order in which they are offered."""
    return re.findall(r'name="reason" value="(\w+)"', page)


def heading(page: str) -> str:
    """The page's first words."""
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found
    return unescape(found[1])
