"""What HubSpot itself sets when somebody writes: system, default and computed properties."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from integrations.sandbox.hubspot.kinds import (
    CALLS,
    CONTACTS,
    DEALS,
    EMAILS,
    LINE_ITEMS,
    MEETINGS,
    NOTES,
    TASKS,
    TICKETS,
    Kind,
)
from integrations.sandbox.hubspot.pipeline import ENTERED_NOW, STAGE_OF, Stage
from integrations.sandbox.hubspot.records import Record, Source
from integrations.sandbox.hubspot.wire import instant

Values = Mapping[str, str]

#: What a new record has where nothing was said.
DEFAULTS: Mapping[str, Values] = {
    DEALS.plural: {"pipeline": "default"},
    TICKETS.plural: {"hs_pipeline": "0"},
    TASKS.plural: {
        "hs_task_status": "NOT_STARTED",
        "hs_task_priority": "NONE",
        "hs_task_type": "TODO",
    },
}
_TAG = re.compile(r"<[^>]*>")


def of_creation(kind: Kind, id: int, at: datetime, source: Source) -> dict[str, str]:
    """The system properties of a new record."""
    made = {
        **DEFAULTS.get(kind.plural, {}),
        "hs_object_id": str(id),
        kind.created: instant(at),
        "hs_object_source": source.type,
        "hs_object_source_id": source.id,
        "hs_object_source_label": source.type,
        "hs_object_source_detail_1": source.label,
        "hs_created_by_user_id": str(source.user or ""),
        "hs_object_source_user_id": str(source.user or ""),
    }
    if kind is TICKETS:
        made["hs_ticket_id"] = str(id)
    return {name: value for name, value in made.items() if value}


def of_writing(
    kind: Kind,
    record: Record | None,
    values: Values,
    at: datetime,
    source: Source,
    stages: Mapping[str, Stage],
) -> dict[str, str]:
    """What follows from the values written."""
    made = _of_stage(kind, record, values, at, stages)
    if source.user:
        made["hs_updated_by_user_id"] = str(source.user)
    if "hubspot_owner_id" in values:
        owner = values["hubspot_owner_id"]
        made["hs_all_owner_ids"] = owner
        if owner != (record.get("hubspot_owner_id") or "" if record else ""):
            made["hubspot_owner_assigneddate"] = instant(at) if owner else ""
    for name, follow in _FOLLOWERS.get(kind.plural, {}).items():
        if name in values:
            made |= follow(record, values, at)
    return made


def _of_stage(
    kind: Kind,
    record: Record | None,
    values: Values,
    at: datetime,
    stages: Mapping[str, Stage],
) -> dict[str, str]:
    name = STAGE_OF.get(kind.plural, "")
    before = (record and record.get(name)) or ""
    if values.get(name, before) == before:
        return {}
    now = values[name]
    made = {ENTERED_NOW: instant(at) if now else ""}
    if now:
        made[f"hs_v2_date_entered_{now}"] = instant(at)
    if before:
        made[f"hs_v2_date_exited_{before}"] = instant(at)
    if kind is DEALS and (stage := stages.get(now)):
        chance = stage.metadata["probability"]
        made |= {
            "hs_is_closed": str(stage.closed).lower(),
            "hs_is_closed_won": str(stage.closed and chance == "1.0").lower(),
            "hs_is_closed_lost": str(stage.closed and chance == "0.0").lower(),
            "hs_deal_stage_probability": chance,
        }
    return made


Follower = Callable[[Record | None, Values, datetime], dict[str, str]]


def _now(record: Record | None, values: Values, name: str) -> str:
    return values[name] if name in values else (record and record.get(name)) or ""


def _task_status(record: Record | None, values: Values, at: datetime) -> dict[str, str]:
    done = values["hs_task_status"] == "COMPLETED"
    before = bool(record and record.get("hs_task_status") == "COMPLETED")
    if done == before and record:
        return {}
    return {
        "hs_task_is_completed": "1" if done else "0",
        "hs_task_completion_date": instant(at) if done else "",
    }


def _person(record: Record | None, values: Values, at: datetime) -> dict[str, str]:
    first, last, email = (_now(record, values, n) for n in ("firstname", "lastname", "email"))
    return {
        "hs_full_name_or_email": f"{first} {last}".strip() or email,
        "hs_email_domain": email.partition("@")[2],
    }


def _preview(body: str) -> Follower:
    def follow(record: Record | None, values: Values, at: datetime) -> dict[str, str]:
        return {"hs_body_preview": html.unescape(_TAG.sub(" ", values[body])).strip()[:255]}

    return follow


def _net_price(record: Record | None, values: Values, at: datetime) -> dict[str, str]:
    """The guide of line items: the quantity times the unit price."""
    price, quantity = (_now(record, values, name) for name in ("price", "quantity"))
    net = Decimal(price) * Decimal(quantity) if price and quantity else ""
    return {"amount": str(net)}


_FOLLOWERS: Mapping[str, Mapping[str, Follower]] = {
    CONTACTS.plural: {"firstname": _person, "lastname": _person, "email": _person},
    TASKS.plural: {
        "hs_task_status": _task_status,
        "hs_task_body": _preview("hs_task_body"),
    },
    NOTES.plural: {"hs_note_body": _preview("hs_note_body")},
    EMAILS.plural: {"hs_email_text": _preview("hs_email_text")},
    CALLS.plural: {"hs_call_body": _preview("hs_call_body")},
    MEETINGS.plural: {"hs_meeting_body": _preview("hs_meeting_body")},
    LINE_ITEMS.plural: {"price": _net_price, "quantity": _net_price},
}
