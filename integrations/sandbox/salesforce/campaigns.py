"""Campaigns, their statuses and their members.

Source: Object Reference, "Campaign", "CampaignMember", "CampaignMemberStatus".
"""

from __future__ import annotations

from typing import Final

from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing
from integrations.sandbox.salesforce.table import Row

#: What a member shows of the contact or lead behind it.
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


def add_statuses(row: Draft) -> None:
    """A new campaign has the two statuses that members can be in."""
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


def derive_member(row: Draft) -> None:
    """A member is somebody once; what it shows is the person's."""
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
    values.update(_of_the_person(org, org.get(person_id) or {}))
    values["LeadOrContactId"] = person_id
    values["Type"] = "Contact" if key == "ContactId" else "Lead"


def follow_person(row: Draft) -> None:
    """What members show changes with the person."""
    if row.new:
        return
    shown = _of_the_person(row.org, row.values)
    for member in list(row.org["CampaignMember"].having(f"{row.object}Id", row.id)):
        row.org.put("CampaignMember", str(member["Id"]), {**member, **shown})


def _of_the_person(org: Org, person: Row) -> dict[str, Value]:
    account = person.get("AccountId")
    named = org.get(account) if isinstance(account, str) else None
    company = named["Name"] if named else person.get("Company")
    return {field: person.get(field) for field in _OF_THE_PERSON} | {"CompanyOrAccount": company}


def count_member(row: Draft) -> None:
    """The campaign counts its members and who has responded."""
    responded = int(bool(row.values["HasResponded"]))
    before = int(bool(row.before and row.before["HasResponded"]))
    _tally(row.org, row.values["CampaignId"], row.values, int(row.new), responded - before)


def uncount_member(org: Org, row: Row) -> None:
    """The campaign has one member less."""
    _tally(org, row["CampaignId"], row, -1, -int(bool(row["HasResponded"])))


def _tally(org: Org, campaign: Value, member: Row, people: int, responses: int) -> None:
    found = org.get(str(campaign))
    if found is None:
        return
    counter = "NumberOfContacts" if member["Type"] == "Contact" else "NumberOfLeads"
    counts = {counter: people, "NumberOfResponses": responses}
    added = {name: int(found[name] or 0) + n for name, n in counts.items()}
    org.put("Campaign", str(campaign), {**found, **added})
