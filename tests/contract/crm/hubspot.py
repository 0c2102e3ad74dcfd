"""HubSpot on the bench."""

from __future__ import annotations

from typing import Any, ClassVar

from integrations.contract import NOTE, TASK, Option, Ref
from integrations.sandbox.hubspot import HubSpot
from tests.contract.crm.bench import Bench, Words
from tests.contract.crm.people import MINUTE

DIALECT = HubSpot
_OBJECTS = {TASK: "tasks", NOTE: "notes", "aurevoir_departure": "p_aurevoir_departure"}


class HubSpotBench(Bench):
    """A portal."""

    name = "hubspot"
    words = Words(
        customer="companies",
        person="contacts",
        name="name",
        stage="customer_stage",
        seats="seats",
        ends="contract_end_date",
        csm="csm_owner",
        email="email",
    )
    operations: ClassVar = {
        "changes": "objects.*.search",
        "read": "objects.*.batch.read",
        "history": "objects.*.batch.read",
        "related": "associations.batch.read",
        "create": "objects.*.batch.create",
        "change": "objects.*.batch.update",
        "member": "memberships.change",
        "leave": "memberships.change",
        "opt_out": "subscriptions.all.get",
        "send": "email.send",
        "schema": "properties.list",
        "owners": "owners.list",
        "token": "oauth.token",
        "count": "objects.tasks.search",
    }
    said: ClassVar = {
        "nothing": {"status": "COMPLETE", "results": []},
        "refused": {"status": "error", "category": "VALIDATION_ERROR", "message": "No."},
    }
    busy: ClassVar = {
        "status": 429,
        "body": {
            "status": "error",
            "message": "You have reached your secondly limit.",
            "errorType": "RATE_LIMIT",
            "policyName": "SECONDLY",
        },
    }
    exhausted: ClassVar = {
        "status": 429,
        "body": {
            "status": "error",
            "message": "You have reached your daily limit.",
            "errorType": "RATE_LIMIT",
            "policyName": "DAILY",
        },
    }
    wrong: ClassVar = {"token": "not-the-token"}

    def installed(self) -> dict[str, str]:
        assert isinstance(self.dialect, HubSpot)
        names = ("client_id", "client_secret", "refresh_token")
        return {name: self.dialect.app()[name] for name in names}

    def expire(self) -> None:
        self.pass_(31 * MINUTE)

    def mailing(self) -> None:
        self.dialect.options["transactional_email"] = True

    def our(self, word: str) -> str:
        return f"our_{word}"

    def api(self, method: str, ref: Ref, fields: tuple[str, ...] = ()) -> Any:
        place = f"objects/2026-09/{_OBJECTS.get(ref.object, ref.object)}/{ref.id}"
        answer = self.crm(method, place, params={"properties": ",".join(fields)})
        return answer["properties"].get(fields[0]) if fields else None

    def segments(self, name: str) -> int:
        body = {"listIds": [], "processingTypes": ["MANUAL"], "query": "", "count": 500}
        answer = self.crm("POST", "lists/2026-09/search", json=body)
        return sum(one["name"] == name for one in answer["lists"])

    def deal(self, number: int = 1) -> Ref:
        of_person = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
        body = {
            "properties": {"dealname": "Renewal", "dealstage": "closedwon"},
            "associations": [{"to": {"id": p.id}, "types": of_person} for p in self.people(number)],
        }
        return Ref(object="deals", id=self.crm("POST", "objects/2026-09/deals", json=body)["id"])

    def role(self, customer: Ref, person: Ref, *roles: str) -> None:
        place = "associations/2026-09/companies/contacts/labels"
        known = {one["label"] for one in self.crm("GET", place)["results"]}
        for role in {*roles} - known:
            body = {"name": role.lower().replace(" ", "_"), "label": role}
            self.crm("POST", place, json=body)
        there = {one["label"]: one for one in self.crm("GET", place)["results"]}
        types = [
            {"associationCategory": there[r]["category"], "associationTypeId": there[r]["typeId"]}
            for r in roles
        ]
        between = f"objects/2026-09/companies/{customer.id}/associations/contacts/{person.id}"
        self.crm("PUT", between, json=types)

    def drop(self, object: str, field: str) -> None:
        self.crm("DELETE", f"properties/2026-09/{_OBJECTS.get(object, object)}/{field}")

    def choices(self, object: str, field: str, options: tuple[Option, ...]) -> None:
        listed = [
            {"label": one.label, "value": one.value, "displayOrder": order, "hidden": False}
            for order, one in enumerate(options)
        ]
        self.crm("PATCH", f"properties/2026-09/{object}/{field}", json={"options": listed})

    def add_option(self, object: str, field: str, value: str, label: str) -> None:
        """An admin adds a choice."""
        place = f"properties/2026-09/{object}/{field}"
        added = {"label": label, "value": value, "displayOrder": 99, "hidden": False}
        self.crm("PATCH", place, json={"options": [*self.crm("GET", place)["options"], added]})

    def crm(self, method: str, place: str, **more: Any) -> Any:
        """The vendor's API, from the version's family on."""
        return self.ask(method, f"/crm/{place}", self.token, **more)
