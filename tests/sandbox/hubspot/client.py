"""What the tests start from, and a plain client of the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import requests

from integrations.sandbox.hubspot.options import DEFAULTS
from integrations.sandbox.seed import Colleague, Customer, Person, Seed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPTIONS = {**DEFAULTS, "rate_limits": False}


def seed() -> Seed:
    """Three customers; one without people, one whose person left all e-mail."""
    return Seed(
        name="test",
        started_at=NOW - timedelta(days=400),
        colleagues=(
            Colleague(
                handle="ada", first="Ada", last="Moss", email="ada@ours.example", title="CSM"
            ),
            Colleague(handle="ben", first="Ben", last="Hale", email="ben@ours.example", title="AE"),
            Colleague(
                handle="cleo",
                first="Cleo",
                last="Lind",
                email="cleo@ours.example",
                title="CSM",
                active=False,
            ),
        ),
        customers=(
            Customer(
                ref="1",
                name="Birch Ltd",
                created_at=NOW - timedelta(days=300),
                domain="birch.example",
                country="DE",
                industry="Insurance",
                stage="active",
                plan="Pro",
                seats=40,
                mrr=1250.0,
                open_tickets=2,
                usage=310,
                contract_end=date(2026, 9, 30),
                owner="ben",
                csm="ada",
                people=(
                    Person(first="Ida", last="Falk", email="ida@birch.example", title="CFO"),
                    Person(first="Jon", last="Berg", email="jon@birch.example", opted_out=True),
                ),
            ),
            Customer(
                ref="2",
                name="Cedar Inc",
                created_at=NOW - timedelta(days=200),
                country="US",
                industry="FinTech",
                stage="at_risk",
                mrr=90.5,
                csm="cleo",
                people=(Person(first="Kim", last="Ross", email="kim@cedar.example"),),
            ),
            Customer(ref="3", name="Dogwood", created_at=NOW - timedelta(days=100)),
        ),
    )


class Api:
    """HubSpot's API as a client sees it: paths from the version on, bodies as JSON."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(
        self, method: str, path: str, body: object = None, **query: object
    ) -> requests.Response:
        """Make one call."""
        return self.session.request(method, self.url + path, json=body, params=query, timeout=10)

    def get(self, path: str, **query: object) -> requests.Response:
        """Read something."""
        return self("GET", path, **query)

    def post(self, path: str, body: object = None, **query: object) -> requests.Response:
        """Send something."""
        return self("POST", path, body, **query)

    def create(self, kind: str, associations: list[object] | None = None, **values: object) -> str:
        """A new record's id."""
        body = {"properties": values, "associations": associations or []}
        answer = self.post(f"/crm/objects/2026-09/{kind}", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def task(self, company: str, **values: object) -> str:
        """A new task about a company."""
        due = {"hs_timestamp": "2026-03-09T09:00:00Z", "hs_task_subject": "Call them"}
        return self.create("tasks", [about(company, 192)], **(due | values))

    def company(self, name: str) -> str:
        """A company's id by its name."""
        filters = [{"propertyName": "name", "operator": "EQ", "value": name}]
        body = {"filterGroups": [{"filters": filters}]}
        (found,) = self.post("/crm/objects/2026-09/companies/search", body).json()["results"]
        return str(found["id"])

    def contact(self, email: str) -> str:
        """A contact's id by the e-mail address."""
        path = f"/crm/objects/2026-09/contacts/{email}"
        return str(self.get(path, idProperty="email").json()["id"])

    def key(self, kind: str = "tasks") -> None:
        """Give an object the unique property ``outer_key``."""
        group = {"tasks": "task", "notes": "engagement", "companies": "companyinformation"}[kind]
        body = {
            "name": "outer_key",
            "label": "Outer key",
            "type": "string",
            "fieldType": "text",
            "groupName": group,
            "hasUniqueValue": True,
        }
        assert self.post(f"/crm/properties/2026-09/{kind}", body).status_code == 201


def about(record: str, type_id: int) -> dict[str, object]:
    """An association of a new record with an existing one."""
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"to": {"id": record}, "types": [spec]}
