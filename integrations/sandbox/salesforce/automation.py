"""What the platform itself does when a record is saved: it derives, adds and counts.

Source: the Object Reference, object by object.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from integrations.sandbox.salesforce import campaigns, history, relations
from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, wrong_reference
from integrations.sandbox.salesforce.table import Row


def _named(row: Draft) -> None:
    parts = (row.text("FirstName"), row.text("LastName"))
    row.values["Name"] = " ".join(part for part in parts if part)


def _task(row: Draft) -> None:
    org, values = row.org, row.values
    who, what = row.text("WhoId"), row.text("WhatId")
    if who and what and who.startswith("00Q"):
        words = "Related To ID: a task for a lead cannot be related to another record"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["WhatId"])
    owner = row.text("OwnerId")
    if owner and owner.startswith("00G") and not _takes_tasks(org, owner):
        raise wrong_reference("Assigned To ID", owner, "OwnerId")
    values["AccountId"] = _account(row.parent("WhatId")) or _account(row.parent("WhoId"))
    status = _setting(org, "TaskStatus", values["Status"])
    values["IsClosed"] = bool(status and status["IsClosed"])
    priority = _setting(org, "TaskPriority", values["Priority"])
    values["IsHighPriority"] = bool(priority and priority["IsHighPriority"])
    if not values["IsClosed"]:
        values["CompletedDateTime"] = None
    elif not (row.before and row.before["IsClosed"]):
        values["CompletedDateTime"] = org.now()


def _takes_tasks(org: Org, group: str) -> bool:
    return any(q["SobjectType"] == "Task" for q in org["QueueSobject"].having("QueueId", group))


def _account(row: Row | None) -> Value:
    if row is None:
        return None
    own = row["Id"]
    return own if isinstance(own, str) and own.startswith("001") else row.get("AccountId")


def _setting(org: Org, object: str, name: Value) -> Row | None:
    return next((row for row in org[object].live() if row["ApiName"] == name), None)


def _opportunity(row: Draft) -> None:
    values = row.values
    if not row.changed("StageName"):
        return
    stage = _setting(row.org, "OpportunityStage", values["StageName"])
    values["IsClosed"] = bool(stage and stage["IsClosed"])
    values["IsWon"] = bool(stage and stage["IsWon"])
    values["LastStageChangeDate"] = row.org.now() if not row.new else None
    if stage:
        values["ForecastCategory"] = stage["ForecastCategory"]
        values["ForecastCategoryName"] = stage["ForecastCategoryName"]
        if row.new is False or values.get("Probability") is None:
            values["Probability"] = stage["DefaultProbability"]


def _contract(row: Draft) -> None:
    values = row.values
    if row.new and values["Status"] != "Draft":
        words = "Choose a valid contract status and save your changes. Ask your admin for details."
        raise Refusal("FAILED_ACTIVATION", words, fields=())
    values["StatusCode"] = "Activated" if values["Status"] == "Activated" else "Draft"
    start, months = row.text("StartDate"), values.get("ContractTerm")
    if start and isinstance(months, int):
        values["EndDate"] = _last_day(date.fromisoformat(start), months).isoformat()
    if row.changed("Status") and values["Status"] == "Activated":
        values["ActivatedDate"], values["ActivatedById"] = row.org.now(), row.by


def _last_day(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    _, days = monthrange(first.year + years, month + 1)
    return date(first.year + years, month + 1, min(first.day, days)) - timedelta(days=1)


def _case(row: Draft) -> None:
    row.values["IsClosed"] = row.values["Status"] == "Closed"
    if row.changed("IsClosed"):
        row.values["ClosedDate"] = row.org.now() if row.values["IsClosed"] else None


def _field_permission(row: Draft) -> None:
    home, _, field = str(row.values["Field"]).partition(".")
    found = row.org.schema.find(home)
    if not found or not found.find(field) or home != row.values["SobjectType"]:
        raise Refusal(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"Field Name: bad value for restricted picklist field: {row.values['Field']}",
            fields=["Field"],
        )
    if row.values["PermissionsEdit"]:
        row.values["PermissionsRead"] = True


def _follow_contact(row: Draft) -> None:
    campaigns.follow_person(row)
    relations.follow(row)


Step = Callable[[Draft], None]

#: Before the record is stored: derive, and refuse what the object does not allow.
BEFORE: Final[dict[str, Step]] = {
    "AccountContactRelation": relations.check,
    "CampaignMember": campaigns.derive_member,
    "Case": _case,
    "Contact": _named,
    "Contract": _contract,
    "FieldPermissions": _field_permission,
    "Individual": _named,
    "Lead": _named,
    "Opportunity": _opportunity,
    "Task": _task,
    "User": _named,
}

#: After it is stored.
AFTER: Final[dict[str, Step]] = {
    "Campaign": campaigns.add_statuses,
    "CampaignMember": campaigns.count_member,
    "Contact": _follow_contact,
    "Lead": campaigns.follow_person,
    "Opportunity": history.record_stage,
}

#: When it goes into the recycle bin.
GONE: Final[dict[str, Callable[[Org, Row], None]]] = {"CampaignMember": campaigns.uncount_member}
