"""Campaigns and their members."""

from __future__ import annotations

from .conftest import Api


def test_a_campaign_has_two_statuses_and_members_once(api: Api, person: str) -> None:
    campaign = api.create("Campaign", Name="Alumni: price", IsActive=True)
    statuses = api.query(
        f"SELECT Label, IsDefault, HasResponded FROM CampaignMemberStatus "
        f"WHERE CampaignId = '{campaign}' ORDER BY SortOrder"
    )
    assert [(s["Label"], s["IsDefault"], s["HasResponded"]) for s in statuses] == [
        ("Sent", True, False),
        ("Responded", False, True),
    ]
    member = api.create("CampaignMember", CampaignId=campaign, ContactId=person)
    row = api.get(f"/sobjects/CampaignMember/{member}")
    assert (row["Status"], row["HasResponded"], row["Name"]) == ("Sent", False, "Ada Alder")
    assert row["CompanyOrAccount"] == "Alder & Co"

    again = api.post("/sobjects/CampaignMember", {"CampaignId": campaign, "ContactId": person})
    assert again.status_code == 400
    assert again.json() == [
        {"message": "Already a campaign member.", "errorCode": "DUPLICATE_VALUE", "fields": []}
    ]

    api.patch(f"/sobjects/CampaignMember/{member}", {"Status": "Responded"})
    row = api.get(f"/sobjects/CampaignMember/{member}")
    assert (row["HasResponded"], row["FirstRespondedDate"]) == (True, "2026-11-21")
    counted = api.get(f"/sobjects/Campaign/{campaign}")
    assert (counted["NumberOfContacts"], counted["NumberOfResponses"]) == (1, 1)

    api.delete(f"/sobjects/CampaignMember/{member}")
    counted = api.get(f"/sobjects/Campaign/{campaign}")
    assert (counted["NumberOfContacts"], counted["NumberOfResponses"]) == (0, 0)
    api.create("CampaignMember", CampaignId=campaign, ContactId=person)


def test_membership_is_for_one_person_and_campaign_for_good(api: Api, person: str) -> None:
    campaign, other = (api.create("Campaign", Name=name) for name in ("a", "b"))
    member = api.create("CampaignMember", CampaignId=campaign, ContactId=person)
    moved = api.patch(f"/sobjects/CampaignMember/{member}", {"CampaignId": other})
    assert moved.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    nobody = api.post("/sobjects/CampaignMember", {"CampaignId": campaign})
    assert nobody.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_members_show_what_their_person_is(api: Api, person: str) -> None:
    campaign = api.create("Campaign", Name="Alumni")
    member = api.create("CampaignMember", CampaignId=campaign, ContactId=person)
    api.patch(f"/sobjects/Contact/{person}", {"HasOptedOutOfEmail": True, "FirstName": "Eda"})
    row = api.get(f"/sobjects/CampaignMember/{member}")
    assert (row["HasOptedOutOfEmail"], row["Name"]) == (True, "Eda Alder")
