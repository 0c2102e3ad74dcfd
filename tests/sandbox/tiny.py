"""A CRM with hardly an API, but a real one: what pages, switches and server are tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from integrations.sandbox.desk import Contact, Happening, Letter, Line, Row, Sheet
from integrations.sandbox.http import Answer, Request, Router
from integrations.sandbox.seed import STAGES, Colleague, Person, Seed
from integrations.sandbox.world import Option, World

#: When tests begin: a Monday morning.
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPTIONS = {
    "stage": tuple((stage, stage.replace("_", " ").capitalize()) for stage in STAGES),
    "aurevoir_reasons_other": (("price", "Price"), ("product_gap", "Missing feature")),
}


@dataclass
class Account:
    """A customer with its people, by the ids that the API uses."""

    id: str
    fields: dict[str, str]
    people: dict[str, Person]
    timeline: list[Happening] = field(default_factory=list)


class Tiny:
    """The dialect."""

    name = "tiny"
    title = "Tiny"

    def __init__(self, world: World) -> None:
        self.world = world
        self.options: dict[str, Option] = {
            "rate_limits": True,
            "mail": False,
            "daily": 100,
            "scopes": "all",
        }
        self.desk = TinyDesk(self)
        self.accounts: dict[str, Account] = {}
        self.colleagues: tuple[Colleague, ...] = ()
        self.outbox: list[Letter] = []
        self.routes = Router()
        for method, template, operation in (
            ("GET", "/things", "things.list"),
            ("GET", "/things/{id}", "things.get"),
            ("POST", "/things", "things.create"),
            ("POST", "/echo", "echo.search"),
            ("GET", "/broken", "broken.get"),
            ("GET", "/unspeakable", "unspeakable.get"),
        ):
            self.routes.add(method, template, operation, getattr(self, operation.replace(".", "_")))

    def load(self, seed: Seed) -> None:
        """One account per customer, without tasks."""
        self.colleagues = seed.colleagues
        self.outbox = []
        owners = {c.handle: f"{c.first} {c.last}" for c in seed.colleagues}
        self.accounts = {
            str(number): Account(
                id=str(number),
                fields={
                    "name": customer.name,
                    "stage": customer.stage,
                    "owner": owners.get(customer.owner or "", ""),
                    "csm": owners.get(customer.csm or "", ""),
                    "country": customer.country or "",
                    "industry": customer.industry or "",
                    "plan": customer.plan or "",
                    "seats": str(customer.seats or ""),
                    "mrr": f"{customer.mrr:,.0f}" if customer.mrr else "",
                    "contract_end": str(customer.contract_end or ""),
                    "exit_words": "",
                    "aurevoir_reasons_other": "",
                },
                people={f"{number}-{n}": p for n, p in enumerate(customer.people, start=1)},
            )
            for number, customer in enumerate(seed.customers, start=1)
        }

    def failure(self, status: int, words: str) -> Answer:
        """Tiny's error body."""
        return Answer(status=status, body={"tiny": words})

    def refusals(self) -> Mapping[str, Answer]:
        """One."""
        return {"TIRED": Answer(status=420, body={"tiny": "tired"}, headers={"Retry-After": "9"})}

    def headers(self) -> Mapping[str, str]:
        """One header on every answer of the API."""
        return {"X-Tiny": "1"}

    def credentials(self) -> Mapping[str, str]:
        """A token."""
        return {"token": f"{self.name}-token"}

    def things_list(self, request: Request) -> Answer:
        return Answer(body={"things": list(self.accounts)})

    def things_get(self, request: Request) -> Answer:
        account = self.accounts.get(request.params["id"])
        return Answer(body=account.fields) if account else self.failure(404, "no such thing")

    def things_create(self, request: Request) -> Answer:
        new = str(len(self.accounts) + 1)
        self.accounts[new] = Account(id=new, fields={"stage": "active", **request.json}, people={})
        return Answer(status=201, body={"id": new})

    def echo_search(self, request: Request) -> Answer:
        return Answer(body=request.body, media_type="application/octet-stream")

    def broken_get(self, request: Request) -> Answer:
        raise RuntimeError("a defect of Tiny")

    def unspeakable_get(self, request: Request) -> Answer:
        return Answer(body={"this": object()})


class TinyHubSpot(Tiny):
    """Stands in for HubSpot."""

    name = "hubspot"
    title = "HubSpot"


class TinySalesforce(Tiny):
    """Stands in for Salesforce."""

    name = "salesforce"
    title = "Salesforce"


class TinyDesk:
    """What a person sees and does."""

    customer_object = "accounts"
    person_object = "people"

    def __init__(self, tiny: Tiny) -> None:
        self._tiny = tiny
        self.title = tiny.title

    def colleagues(self) -> Sequence[tuple[str, str]]:
        return [(c.handle, f"{c.first} {c.last}") for c in self._tiny.colleagues if c.active]

    def customers(self, search: str = "", *, start: int = 0, limit: int = 50) -> Sequence[Row]:
        found = [
            Row(
                id=account.id,
                name=account.fields["name"],
                stage=account.fields["stage"],
                owner=account.fields.get("owner", ""),
                open_tasks=sum(h.kind == "task" and not h.done for h in account.timeline),
            )
            for account in self._tiny.accounts.values()
            if search.lower() in account.fields["name"].lower()
        ]
        return sorted(found, key=lambda row: row.name)[start : start + limit]

    def customer(self, id: str) -> Sheet | None:
        account = self._tiny.accounts.get(id)
        if account is None:
            return None
        labels = {"mrr": "MRR", "csm": "CSM", "exit_words": "In their words"}
        return Sheet(
            id=account.id,
            name=account.fields["name"],
            lines=tuple(
                Line(
                    name=name,
                    label=labels.get(name, name.replace("_", " ").capitalize()),
                    value=value,
                    editable=name != "owner",
                    options=OPTIONS.get(name, ()),
                    long=name == "exit_words",
                )
                for name, value in account.fields.items()
                if name != "name"
            ),
            contacts=tuple(_contact(key, person) for key, person in account.people.items()),
            timeline=tuple(sorted(account.timeline, key=lambda h: h.at, reverse=True)),
        )

    def edit(self, object: str, id: str, field: str, value: str, *, by: str) -> None:
        if object == self.person_object:
            account = self._tiny.accounts[id.split("-")[0]]
            account.people[id] = replace(account.people[id], **{field: value})
            return
        if field == "seats" and value and not value.isdigit():
            raise ValueError("Seats is a whole number")
        account = self._tiny.accounts[id]
        before, account.fields[field] = account.fields[field], value
        if field == "stage":
            self.happens(id, kind="change", title=f"Stage: {before} to {value}", who=self._name(by))

    def complete(self, task: str, *, by: str) -> None:
        for account in self._tiny.accounts.values():
            account.timeline = [
                replace(h, done=True, who=self._name(by)) if h.id == task else h
                for h in account.timeline
            ]

    def unsubscribe(self, person: str) -> None:
        people = self._tiny.accounts[person.split("-")[0]].people
        people[person] = replace(people[person], opted_out=True)

    def letters(self) -> Sequence[Letter]:
        return list(reversed(self._tiny.outbox))

    def happens(self, id: str, *, at: datetime | None = None, **more: object) -> str:
        """Put an entry on a timeline; for tests."""
        timeline = self._tiny.accounts[id].timeline
        number = f"{id}-h{len(timeline)}"
        at = (at or self._tiny.world.clock.now()) + timedelta(microseconds=len(timeline))
        timeline.append(Happening(**{"id": number, "at": at, **more}))  # type: ignore[arg-type]
        return number

    def _name(self, handle: str) -> str:
        return dict(self.colleagues())[handle]


def _contact(id: str, person: Person) -> Contact:
    return Contact(
        id=id,
        name=f"{person.first} {person.last}",
        email=person.email or "",
        lines=(
            Line(name="title", label="Job title", value=person.title),
            Line(
                name="opted_out",
                label="Unsubscribed",
                value="Yes" if person.opted_out else "",
                editable=False,
            ),
        ),
        segments=("Alumni: budget",) if person.title == "Finance Manager" else (),
    )
