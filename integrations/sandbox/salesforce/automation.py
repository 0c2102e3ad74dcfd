"""What the platform itself does when a record is saved: derived fields and companion records.

Source: the Object Reference, object by object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing, wrong_reference
from integrations.sandbox.salesforce.table import Row


@dataclass(kw_only=True)
class Draft:
    """A record on its way into the table."""

    org: Org
    object: str
    id: str
    values: dict[str, Value]
    #: None for a new record.
    before: Row | None
    by: str

    @property
    def new(self) -> bool:
        """Whether the record is being created."""
        return self.before is None

    def text(self, field: str) -> str | None:
        """A value that is text, or None."""
        value = self.values.get(field)
        return value if isinstance(value, str) else None

    def changed(self, field: str) -> bool:
        """Whether this save sets the field to something else."""
        return self.before is None or self.before.get(field) != self.values.get(field)

    def parent(self, field: str) -> Row | None:
        """The record that a reference field points at."""
        target = self.text(field)
        return self.org.get(target) if target else None


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


def _opportunity_history(row: Draft) -> None:
    watched = ("StageName", "Amount", "CloseDate", "Probability")
    if not any(row.changed(field) for field in watched):
        return
    row.org.make(
        "OpportunityHistory",
        row.by,
        OpportunityId=row.id,
        ForecastCategory=row.values.get("ForecastCategory"),
        **{field: row.values.get(field) for field in watched},
    )


def _contract(row: Draft) -> None:
    values = row.values
    if row.new and values["Status"] != "Draft":
        words = "Choose a valid contract status and save your changes. Ask your admin for details."
        raise Refusal("FAILED_ACTIVATION", words, fields=())
    values["StatusCode"] = "Activated" if values["Status"] == "Activated" else "Draft"
    start, months = row.text("StartDate"), values.get("ContractTerm")
    if start and isinstance(months, int):
        begun = date.fromisoformat(start)
        year, month = divmod(begun.month - 1 + months, 12)
        day = begun.day
        while True:
            try:
                end = date(begun.year + year, month + 1, day)
                break
            except ValueError:
                day -= 1
        values["EndDate"] = (end - timedelta(days=1)).isoformat()
    if row.changed("Status") and values["Status"] == "Activated":
        values["ActivatedDate"], values["ActivatedById"] = row.org.now(), row.by


def _case(row: Draft) -> None:
    row.values["IsClosed"] = row.values["Status"] == "Closed"
    if row.changed("IsClosed"):
        row.values["ClosedDate"] = row.org.now() if row.values["IsClosed"] else None


def _campaign_statuses(row: Draft) -> None:
    if not row.new:
        return
    for order, (label, responded) in enumerate((("Sent", False), ("Responded", True)), start=1):
        row.org.make(
            "CampaignMemberStatus",
            row.by,
            CampaignId=row.id,
            Label=label,
            SortOrder=order,
            IsDefault=not responded,
            HasResponded=responded,
        )


def _member(row: Draft) -> None:
    org, values = row.org, row.values
    person_id = row.text("ContactId") or row.text("LeadId")
    campaign = row.text("CampaignId")
    if not person_id or not campaign:
        raise missing(["ContactId"])
    key = "ContactId" if row.text("ContactId") else "LeadId"
    if row.new:
        for other in org["CampaignMember"].having(key, person_id):
            if other["CampaignId"] == campaign:
                raise Refusal("DUPLICATE_VALUE", "Already a campaign member.", fields=())
    statuses = list(org["CampaignMemberStatus"].having("CampaignId", campaign))
    chosen = next((s for s in statuses if s["Label"] == values.get("Status")), None)
    chosen = chosen or next((s for s in statuses if s["IsDefault"]), None)
    values["Status"] = chosen["Label"] if chosen else values.get("Status")
    values["HasResponded"] = bool(chosen and chosen["HasResponded"])
    if values["HasResponded"] and not values.get("FirstRespondedDate"):
        values["FirstRespondedDate"] = org.now()[:10]
    person = org.get(person_id) or {}
    for field in _OF_THE_PERSON:
        values[field] = person.get(field)
    account = person.get("AccountId")
    named = org.get(account) if isinstance(account, str) else None
    values["CompanyOrAccount"] = named["Name"] if named else person.get("Company")
    values["LeadOrContactId"] = person_id
    values["Type"] = "Contact" if key == "ContactId" else "Lead"


_OF_THE_PERSON: Final = (
    "Salutation",
    "Name",
    "FirstName",
    "LastName",
    "Title",
    "Email",
    "Phone",
    "MobilePhone",
    "DoNotCall",
    "HasOptedOutOfEmail",
    "LeadSource",
)


def _joined(row: Draft) -> None:
    responded = int(bool(row.values["HasResponded"]))
    before = int(bool(row.before and row.before["HasResponded"]))
    _tally(row.org, row.values["CampaignId"], row.values, int(row.new), responded - before)


def _left(org: Org, row: Row) -> None:
    _tally(org, row["CampaignId"], row, -1, -int(bool(row["HasResponded"])))


def _tally(org: Org, campaign: Value, member: Row, people: int, responses: int) -> None:
    found = org.get(str(campaign))
    if found is None:
        return
    counter = "NumberOfContacts" if member["Type"] == "Contact" else "NumberOfLeads"
    counts = {counter: people, "NumberOfResponses": responses}
    added = {name: int(found[name] or 0) + n for name, n in counts.items()}
    org.put("Campaign", str(campaign), {**found, **added})


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


def record_history(row: Draft) -> None:
    """Entries of the object's history for the fields that are tracked."""
    fields = row.org.schema[row.object].fields.values()
    tracked = [field for field in fields if field.tracked]
    home = {"Opportunity": "OpportunityFieldHistory"}.get(row.object, f"{row.object}History")
    if not tracked or home not in row.org.tables:
        return
    if row.before is None:
        own: dict[str, Value] = {f"{row.object}Id": row.id, "Field": "created"}
        row.org.make(home, row.by, **own, DataType="Text")
        return
    for field in tracked:
        if row.changed(field.name):
            own = {f"{row.object}Id": row.id, "Field": field.name}
            row.org.make(
                home,
                row.by,
                **own,
                DataType="DynamicEnum" if field.choices else "Text",
                OldValue=row.before.get(field.name),
                NewValue=row.values.get(field.name),
            )


Step = Callable[[Draft], None]

#: Before the record is stored: derive, and refuse what the object does not allow.
BEFORE: Final[dict[str, Step]] = {
    "CampaignMember": _member,
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
    "Campaign": _campaign_statuses,
    "CampaignMember": _joined,
    "Opportunity": _opportunity_history,
}

#: When it goes into the recycle bin.
GONE: Final[dict[str, Callable[[Org, Row], None]]] = {"CampaignMember": _left}
