"""Records that are found along a relationship."""

from __future__ import annotations

from .conftest import Api


def test_a_parent(api: Api, account: str, person: str) -> None:
    place = f"/sobjects/Contact/{person}/Account"
    assert api.get(place) == api.get(f"/sobjects/Account/{account}")
    assert api.get(place, fields="Name")["Name"] == "Alder & Co"
    assert api.get(f"{place}/Owner", fields="Name")["Name"] == "Omar Reed"
    assert api.patch(place, {"Phone": "1"}).status_code == 204
    assert api.get(f"/sobjects/Account/{account}")["Phone"] == "1"
    assert api.delete(place).status_code == 204
    assert api.call("GET", place).status_code == 404


def test_children(api: Api, account: str, person: str) -> None:
    place = f"/sobjects/Account/{account}/Contacts"
    found = api.get(place, fields="LastName")
    assert found["done"] is True
    assert person in {one["attributes"]["url"][-18:] for one in found["records"]}
    assert "Email" in api.get(place)["records"][0]
    assert api.get(f"/sobjects/Account/{account}/Opportunities")["totalSize"] == 0
    assert api.patch(place, {"Phone": "1"}).status_code == 404


def test_where_no_way_leads(api: Api, account: str) -> None:
    for path in ("Nothing", "Parent", "Contacts/Owner", "Owner/Owner/Owner/Owner/Owner/Owner"):
        answer = api.call("GET", f"/sobjects/Account/{account}/{path}")
        assert answer.status_code == 404, path
        assert answer.json()[0]["errorCode"] == "NOT_FOUND"
    wrong = api.call("GET", f"/sobjects/Account/{account}/Contacts", params={"fields": "Nope"})
    assert (wrong.status_code, wrong.json()[0]["errorCode"]) == (400, "INVALID_FIELD")
