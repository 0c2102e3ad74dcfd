"""What the numbers say: the reason that the customer's own facts point to. Pure.

It is noted in the history while the customer is still with us. Afterwards nobody uses the product
any more, whatever the reason was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mappings.conditions import first
from sync.model import Case, Event, Kind, Status
from sync.world import World

#: While the customer is in one of these, their facts speak of why they leave.
_WITH_US: Final = ("settling", "notice", "assess", "leaving")


def points_to(world: World) -> str | None:
    """The reason of the first rule that fits."""
    customer = world.customer
    facts = {name: value for name, value in customer.words.items() if name not in customer.own}
    rule = first(world.rules.programme.evidence, {**facts, **customer.more})
    return rule.reason if rule else None


def noticed(case: Case, world: World, status: Status, now: datetime) -> Event | None:
    """What the facts say now, if it is not what they said before."""
    if status not in _WITH_US or (reason := points_to(world)) == case.evidence:
        return None
    return Event(at=now, kind=Kind.POINTED, data={"reason": reason})
