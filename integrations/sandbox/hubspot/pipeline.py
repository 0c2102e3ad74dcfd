"""Pipelines and their stages, and the properties that follow from them.

Sources: "Pipelines" guide; the default property ``hs_v2_date_entered_<stage>`` as portals have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrations.sandbox.hubspot.kinds import COMPANIES, CONTACTS, DEALS, TICKETS, Kind
from integrations.sandbox.hubspot.schema import Option, Property

#: The property that holds the stage, by object; where there are pipelines, the one that names them.
STAGE_OF: Final[Mapping[str, str]] = {
    CONTACTS.plural: "lifecyclestage",
    COMPANIES.plural: "lifecyclestage",
    DEALS.plural: "dealstage",
    TICKETS.plural: "hs_pipeline_stage",
}
PIPELINE_OF: Final[Mapping[str, str]] = {DEALS.plural: "pipeline", TICKETS.plural: "hs_pipeline"}
#: When a record came into the stage that it has now.
ENTERED_NOW: Final = "hs_v2_date_entered_current_stage"

_DEALS: Final = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)
_TICKETS: Final = (
    ("1", "New", "OPEN"),
    ("2", "Waiting on contact", "OPEN"),
    ("3", "Waiting on us", "OPEN"),
    ("4", "Closed", "CLOSED"),
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A step of a pipeline. Its metadata are texts: ``"isClosed": "true"``."""

    id: str
    label: str
    order: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime

    @property
    def closed(self) -> bool:
        """Whether a record in it is done with."""
        return self.metadata.get("isClosed") == "true"


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """The stages that records go through, in their order."""

    id: str
    label: str
    order: int
    stages: tuple[Stage, ...]
    created_at: datetime
    updated_at: datetime


def metadata(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """What HubSpot makes of a stage's metadata; raises ValueError or TypeError."""
    if kind is DEALS:
        chance = float(given["probability"])
        if not 0 <= chance <= 1:
            raise ValueError(chance)
        return {"isClosed": str(chance in (0, 1)).lower(), "probability": str(chance)}
    state = given.get("ticketState") or "OPEN"
    if state not in ("OPEN", "CLOSED"):
        raise ValueError(state)
    return {"isClosed": str(state == "CLOSED").lower(), "ticketState": state}


def fresh(kind: Kind, since: datetime) -> dict[str, Pipeline]:
    """The pipelines of a new portal, by id."""
    start = {
        DEALS.plural: ("default", "Sales Pipeline", "probability", _DEALS),
        TICKETS.plural: ("0", "Support Pipeline", "ticketState", _TICKETS),
    }
    if kind.plural not in start:
        return {}
    id, label, key, rows = start[kind.plural]
    stages = tuple(
        Stage(
            id=stage,
            label=words,
            order=order,
            metadata=metadata(kind, {key: value}),
            created_at=since,
            updated_at=since,
        )
        for order, (stage, words, value) in enumerate(rows)
    )
    made = Pipeline(id=id, label=label, order=0, stages=stages, created_at=since, updated_at=since)
    return {id: made}


def options(stages: Iterable[Stage | Pipeline]) -> tuple[Option, ...]:
    """Stages or pipelines as the choices of a property."""
    ordered = sorted(stages, key=lambda one: one.order)
    return tuple(
        Option(value=one.id, label=one.label, order=order) for order, one in enumerate(ordered)
    )


def dates(choices: Sequence[Option], group: str, since: datetime) -> Iterable[Property]:
    """The properties that tell when a record came into each stage, and left it."""
    rows = [(ENTERED_NOW, "Date entered current stage")]
    for choice in choices:
        rows.append((f"hs_v2_date_entered_{choice.value}", f'Date entered "{choice.label}"'))
        rows.append((f"hs_v2_date_exited_{choice.value}", f'Date exited "{choice.label}"'))
    for name, label in rows:
        yield Property(
            name=name,
            label=label,
            type="datetime",
            field_type="calculation_read_time",
            group=group,
            calculated=True,
            read_only=True,
            standard=True,
            created_at=since,
            updated_at=since,
        )
