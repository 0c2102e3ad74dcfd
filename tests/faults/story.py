"""A small departure that meets every kind of write, told in beats; between beats people act.

The service may die in any beat; what people did is done, and the beat is taken up again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from integrations.sandbox.seed import Colleague, Customer, Person, Seed
from sync.app import App
from sync.connection import Connection
from sync.engine.jobs import cycle
from sync.model import Event, Kind
from sync.trial import Trial, trial

#: What HubSpot's paths call the object that keeps the departures.
DEPARTURES = "p_aurevoir_departure"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def seed() -> Seed:
    """Three customers with one person each, and the people who look after them."""
    ann = Colleague(
        handle="ann", first="Ann", last="Archer", email="ann@vendor.example", title="CSM"
    )
    customers = tuple(
        Customer(
            ref=f"C{number}",
            name=f"Customer {number}",
            created_at=START - timedelta(days=300),
            country="GB",
            owner="ann",
            csm="ann",
            contract_end=(START + timedelta(days=20)).date(),
            people=(
                Person(first=f"Pat{number}", last="Smith", email=f"pat{number}@c{number}.example"),
            ),
        )
        for number in range(1, 4)
    )
    return Seed(name="story", started_at=START, colleagues=(ann,), customers=customers)


@dataclass(kw_only=True)
class Play:
    """One CRM, one store, and whatever service happens to be alive."""

    stage: Trial
    crm: str
    folder: Path

    def restart(self) -> Connection:
        """A new process would start like this: nothing but the files is left."""
        self.stage.app.store.close()
        self.stage.app = _reloaded(self.stage.app, self.folder)
        return self.stage.connect(self.crm)

    def customer(self, number: int) -> str:
        """A customer's id."""
        return self.stage.customers(self.crm)[f"Customer {number}"].id

    def stage_to(self, number: int, value: str) -> None:
        """Sales moves a customer."""
        field = {"hubspot": "customer_stage", "salesforce": "Customer_Stage__c"}[self.crm]
        by = self.stage.colleague(self.crm)
        self.stage.edit(self.crm, self.customer(number), field, value, by=by)

    def answer(self, number: int) -> None:
        """The person at a customer answers the survey and wants to stay in touch.

        Somebody whose answer was not taken sends it again.
        """
        try:
            self._answered(number)
        except Died:
            self._answered(number)

    def _answered(self, number: int) -> None:
        with self.stage.app.store.transaction("the survey's page") as tables:
            row = tables.cases.of(self.crm, self._object, [self.customer(number)])
            case = row[self.customer(number)].key
            person = tables.people.people(self.crm, [self.customer(number)])
            who = person[self.customer(number)][0].ref.id
            words = tables.surveys.keep_words(case, {"what_changed": "Prices went up."})
            now = self.stage.clock.now()
            data: dict[str, Any] = {
                "person": who, "codes": {"reason": "price"}, "words": words, "taxonomy": "1",
            }  # fmt: skip
            consent = {"person": who, "stay": True, "reference": False}
            tables.cases.append(
                case,
                [
                    Event(at=now, kind=Kind.ANSWERED, data=data, mark="answered"),
                    Event(at=now, kind=Kind.CONSENTED, data=consent, mark="consented"),
                ],
            )

    def complete_one(self, number: int) -> None:
        """Somebody ticks off a task."""
        desk = self.stage.desk(self.crm)
        with self.stage.sandbox.world.lock:
            sheet = desk.customer(self.customer(number))
            assert sheet is not None
            tasks = [one for one in sheet.timeline if one.kind == "task" and not one.done]
            tasks.sort(key=lambda one: one.title)
            desk.complete(tasks[0].id, by=self.stage.colleague(self.crm))

    @property
    def _object(self) -> str:
        return self.stage.desk(self.crm).customer_object


Beat = Callable[[Play], None]


def beats() -> list[Beat]:
    """What people do before each run of the service."""
    day = timedelta(days=1)

    def notice(play: Play) -> None:
        for number in (1, 2, 3):
            play.stage_to(number, "churning")
        play.stage.advance(timedelta(minutes=11))

    def next_day(play: Play) -> None:
        play.stage.advance(day)

    def people_work(play: Play) -> None:
        play.answer(1)
        play.answer(3)
        play.complete_one(1)
        play.stage_to(2, "active")
        play.stage.advance(timedelta(minutes=11))

    def departure(play: Play) -> None:
        play.stage.advance(timedelta(days=20))

    def back(play: Play) -> None:
        play.stage_to(1, "active")
        play.stage.advance(timedelta(minutes=11))

    return [lambda play: None, notice, next_day, people_work, departure, back]


@contextmanager
def opened(crm: str, folder: Path, record: str = "note") -> Iterator[Play]:
    """A sandbox with everything provisioned, and a folder for the service's files.

    ``record``: what keeps the departures.
    """
    mapping = {"record": record}
    with trial(seed(), start=START, crms=[crm], folder=folder, mapping=mapping) as stage:
        stage.provision(crm)
        yield Play(stage=stage, crm=crm, folder=folder)


def tell(play: Play) -> None:
    """Play every beat to rest. Where the service dies (Died is raised), it is started again."""
    connection: Connection | None = None
    # At the end a last look, as the service would take it a minute later.
    for beat in (*beats(), lambda play: play.stage.advance(timedelta(minutes=1))):
        beat(play)
        while True:
            try:
                connection = connection or play.restart()
                cycle(connection)
                break
            except Died:
                connection = None


class Died(BaseException):
    """The process died here."""


def _reloaded(app: App, folder: Path) -> App:
    fresh = App.load(folder / "aurevoir.yaml", app.env)
    fresh.durable = False
    return fresh


@dataclass(frozen=True)
class Counted:
    """What is in the CRM, by the vendor's API alone."""

    tasks: Counter[str]
    notes: Counter[str]
    members: Counter[str]
    mails: Counter[str]
    records: Counter[str]


def count(play: Play) -> Counted:
    """Ask the CRM itself, with nothing but an HTTP client."""
    return _hubspot(play) if play.crm == "hubspot" else _salesforce(play)


def _hubspot(play: Play) -> Counted:
    base = play.stage.sandbox.urls["hubspot"]
    token = play.stage.dialect("hubspot").credentials()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    def search(kind: str) -> Counter[str]:
        keys: Counter[str] = Counter()
        after = "0"
        while True:
            body = {
                "filterGroups": [
                    {"filters": [{"propertyName": "aurevoir_key", "operator": "HAS_PROPERTY"}]}
                ],
                "properties": ["aurevoir_key"], "limit": 200, "after": after,
            }  # fmt: skip
            url = f"{base}/crm/objects/2026-09/{kind}/search"
            said = requests.post(url, json=body, headers=headers, timeout=10)
            if said.status_code == 400 and kind == DEPARTURES:
                return keys  # there is no such object here
            answer = said.json()
            keys.update(one["properties"]["aurevoir_key"] for one in answer["results"])
            after = answer.get("paging", {}).get("next", {}).get("after")
            if not after:
                return keys

    lists = requests.post(
        f"{base}/crm/lists/2026-09/search",
        json={"listIds": [], "processingTypes": ["MANUAL"], "query": "Alumni"},
        headers=headers,
        timeout=10,
    ).json()["lists"]
    members: Counter[str] = Counter()
    for one in lists:
        url = f"{base}/crm/lists/2026-09/{one['listId']}/memberships"
        found = requests.get(url, headers=headers, timeout=10).json()["results"]
        members.update(f"{one['name']}: {member['recordId']}" for member in found)
    return Counted(search("tasks"), search("notes"), members, Counter(), search(DEPARTURES))


def _salesforce(play: Play) -> Counted:
    base = play.stage.sandbox.urls["salesforce"]
    token = play.stage.dialect("salesforce").credentials()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    def query(soql: str) -> list[dict[str, Any]]:
        url = f"{base}/services/data/v62.0/query"
        said = requests.get(url, params={"q": soql}, headers=headers, timeout=10)
        if said.status_code == 400 and "Aurevoir_Departure__c" in soql:
            return []  # there is no such object here
        answer = said.json()
        assert answer["done"], "the story is short"
        records: list[dict[str, Any]] = answer["records"]
        return records

    ours = query("SELECT Aurevoir_Key__c, Aurevoir_Step__c FROM Task WHERE Aurevoir_Key__c != null")
    mails = query("SELECT Description FROM Task WHERE TaskSubtype = 'Email'")
    kept = query("SELECT Aurevoir_Key__c FROM Aurevoir_Departure__c")
    members = query("SELECT Campaign.Name, ContactId FROM CampaignMember")
    return Counted(
        Counter(one["Aurevoir_Key__c"] for one in ours if one["Aurevoir_Step__c"]),
        Counter(one["Aurevoir_Key__c"] for one in ours if not one["Aurevoir_Step__c"]),
        Counter(f"{one['Campaign']['Name']}: {one['ContactId']}" for one in members),
        Counter(one["Description"].rstrip().rpartition(" ")[2] for one in mails),
        Counter(one["Aurevoir_Key__c"] for one in kept),
    )
