"""What is learned from a goodbye, in the mapping file: evidence, and whom the words reach."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mappings.model import Model, RoleName, Weekday, known
from mappings.playbook import Conditions


class Evidence(Model):
    """A reason that the customer's own facts point to, whatever anybody says."""

    #: One of the reasons.
    reason: Annotated[str, known("reason")]
    #: What must hold of the customer, by the facts under `customer` and `customer.more`.
    when: Conditions = Field(min_length=1)


class Route(Model):
    """Whom the words of a departure reach, one task or note for each department and departure."""

    #: Every departure with words, where it is left out.
    when: Conditions = Field(default_factory=dict)
    #: Who hears them.
    role: RoleName
    #: ``task``: somebody reads and answers for them; ``note``: they are only there to be read.
    as_: Literal["task", "note"] = Field("task", alias="as")


class Digest(Model):
    """Once a week, a task with what leaving customers said; none in a week without words."""

    #: Who gets one. A role that routes lead to reads what goes its way, any other reads all.
    roles: tuple[RoleName, ...] = Field(min_length=1)
    #: The day on which last week is told, when the working day begins.
    day: Weekday = "mon"


class Feedback(Model):
    """Where the words of those who leave travel to."""

    #: Left out: the words reach the department that can mend the reason; an empty list: nobody.
    routes: tuple[Route, ...] | None = None
    #: Who gets a task for what was asked for and is not there; ``off``: nobody.
    features: RoleName | None = "product"
    #: Left out: none.
    digest: Digest | None = None
