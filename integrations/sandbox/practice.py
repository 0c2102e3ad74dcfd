"""A customer to practise on: entered when somebody begins, and a new one when they begin again.

A new round gets a new record, as a new customer would: what was done, said and learned of the old
one stays with the old one. Only the record that was entered here is ever taken away.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from integrations.sandbox.desk import Enroller, Keeper, Sheet
from integrations.sandbox.seed import Customer, Person
from integrations.sandbox.world import World

NAME: Final = "Practice Ltd"
#: How time can be let pass: until it was no slip of the hand, until things are due, or late.
STEPS: Final = ("15 minutes", "1 day", "1 week")
_PEOPLE: Final = (
    ("Robin", "Vale", "Head of Operations"),
    ("Sasha", "Hill", "IT Administrator"),
    ("Kim", "Brook", "Finance Manager"),
)


class Practice:
    """The practice customer of one CRM."""

    def __init__(self, world: World, crm: str) -> None:
        self._world = world
        self._crm = crm

    @property
    def offered(self) -> bool:
        """Whether this CRM has a stage to move, and a desk where customers come and go."""
        desk = self._world.dialects[self._crm].desk
        return self._world.seed.fields and isinstance(desk, Enroller) and isinstance(desk, Keeper)

    def sheet(self) -> Sheet | None:
        """The customer of this round, if somebody has begun."""
        id = self._world.practising.get(self._crm)
        return self._world.dialects[self._crm].desk.customer(id) if id else None

    def begin(self, *, by: str) -> str:
        """Take the last round's customer away, with its people and tasks; the new one's id."""
        desk = self._world.dialects[self._crm].desk
        if not (self.offered and isinstance(desk, Enroller) and isinstance(desk, Keeper)):
            raise ValueError("There is nothing to practise with in this world.")
        if sheet := self.sheet():
            for task in sheet.timeline:
                if task.kind == "task":
                    desk.delete(desk.task_object, task.id, by=by)
            for contact in sheet.contacts:
                desk.delete(desk.person_object, contact.id, by=by)
            desk.delete(desk.customer_object, sheet.id, by=by)
        rounds = self._world.rounds = self._world.rounds + 1
        id = desk.enrol(self._customer(rounds), by=by)
        self._world.practising[self._crm] = id
        return id

    def _customer(self, number: int) -> Customer:
        """The same every time, but for the addresses: what one has said is nobody else's word."""
        now = self._world.clock.now()
        domain = f"practice-{number}.example"
        return Customer(
            ref=f"practice-{number}",
            name=NAME,
            created_at=now,
            domain=domain,
            country="GB",
            industry="Retail",
            plan="Team",
            seats=32,
            mrr=1480.0,
            open_tickets=4,
            usage=610,
            contract_end=(now + timedelta(days=45)).date(),
            owner="william",
            csm="harshil",
            people=tuple(
                Person(
                    first=first,
                    last=last,
                    email=f"{first}.{last}@{domain}".lower(),
                    title=title,
                    language="en",
                )
                for first, last, title in _PEOPLE
            ),
        )
