"""Several requests in one: composite, graph, batch and tree."""

from __future__ import annotations

from typing import Any

from .conftest import Api

HALTED = {
    "errorCode": "PROCESSING_HALTED",
    "message": "The transaction was rolled back since another operation in the same transaction "
    "failed.",
}


def part(name: str, method: str, path: str, **body: object) -> dict[str, object]:
    made: dict[str, object] = {"method": method, "referenceId": name}
    made["url"] = f"/services/data/v62.0{path}"
    return made | ({"body": body} if body else {})


def composite(api: Api, *parts: dict[str, object], all_or_none: bool = False) -> list[Any]:
    body = {"allOrNone": all_or_none, "compositeRequest": parts}
    answer = api.post("/composite", body)
    assert answer.status_code == 200, answer.text
    told: list[Any] = answer.json()["compositeResponse"]
    return told


def test_later_requests_use_what_earlier_ones_gave(api: Api) -> None:
    made, person, asked, read = composite(
        api,
        part("made", "POST", "/sobjects/Account", Name="Dogwood"),
        part("person", "POST", "/sobjects/Contact", LastName="Day", AccountId="@{made.id}"),
        part("asked", "GET", "/query?q=SELECT Id, Name FROM Account WHERE Id = '@{made.id}'"),
        part("read", "GET", "/sobjects/Account/@{asked.records[0].Id}?fields=Name"),
    )
    assert made["httpStatusCode"] == 201
    assert made["httpHeaders"] == {
        "Location": f"/services/data/v62.0/sobjects/Account/{made['body']['id']}"
    }
    assert (made["referenceId"], person["body"]["success"]) == ("made", True)
    assert asked["body"]["totalSize"] == 1
    assert asked["httpHeaders"] == {}
    assert read["body"]["Name"] == "Dogwood"
    assert api.one("SELECT Account.Name FROM Contact WHERE LastName = 'Day'")["Account"]


def test_a_failure_stands_alone_or_takes_all_with_it(api: Api) -> None:
    parts = (
        part("good", "POST", "/sobjects/Account", Name="Elm"),
        part("bad", "POST", "/sobjects/Contact", FirstName="Nobody"),
        part("hanging", "PATCH", "/sobjects/Contact/@{bad.id}", LastName="x"),
    )
    good, bad, hanging = composite(api, *parts)
    assert (good["httpStatusCode"], bad["httpStatusCode"]) == (201, 400)
    assert bad["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert hanging["httpStatusCode"] == 400
    assert hanging["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert "No value for bad.id found in bad" in hanging["body"][0]["message"]
    assert len(api.query("SELECT Id FROM Account WHERE Name = 'Elm'")) == 1

    good, bad, hanging = composite(api, *parts, all_or_none=True)
    assert good["body"] == [HALTED]
    assert hanging["body"] == [HALTED]
    assert bad["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert len(api.query("SELECT Id FROM Account WHERE Name = 'Elm'")) == 1


def test_a_collection_inside_obeys_the_outer_flag(api: Api) -> None:
    inner = {
        "records": [
            {"attributes": {"type": "Account"}, "Name": "Fir"},
            {"attributes": {"type": "Account"}},
        ]
    }
    first, second = composite(
        api,
        part("many", "POST", "/composite/sobjects", **inner),
        part("one", "POST", "/sobjects/Account", Name="Fir"),
        all_or_none=True,
    )
    assert first["httpStatusCode"] == 200
    assert [record["success"] for record in first["body"]] == [True, False]
    assert second["body"] == [HALTED]
    assert api.query("SELECT Id FROM Account WHERE Name = 'Fir'") == []


def test_what_composite_refuses(api: Api) -> None:
    def refused(*parts: dict[str, object]) -> str:
        answer = api.post("/composite", {"compositeRequest": parts})
        assert answer.status_code == 400, answer.text
        return str(answer.json()[0]["errorCode"])

    assert refused(*(part(f"r{n}", "GET", "/limits") for n in range(26))) == "LIMIT_EXCEEDED"
    assert refused(*(part(f"r{n}", "GET", "/query?q=x") for n in range(6))) == "LIMIT_EXCEEDED"
    assert refused(part("a", "GET", "/limits"), part("a", "GET", "/limits")) == "INVALID_INPUT"
    assert refused(part("a-b", "GET", "/limits")) == "INVALID_INPUT"
    assert refused(part("a", "POST", "/composite/batch")) == "INVALID_INPUT"
    (gone,) = composite(api, part("a", "GET", "/sobjects/Nonsense"))
    assert gone["httpStatusCode"] == 404
    (wrong,) = composite(api, part("a", "DELETE", "/limits"))
    assert wrong["httpStatusCode"] == 405


def test_one_call_counts_once(api: Api) -> None:
    def used() -> int:
        limit = api.get("/limits")["DailyApiRequests"]
        return int(limit["Max"] - limit["Remaining"])

    before = used()
    composite(api, *(part(f"r{n}", "GET", "/limits") for n in range(10)))
    assert used() == before + 2


def test_graphs_are_done_whole_or_not_at_all(api: Api, account: str) -> None:
    graphs = [
        {
            "graphId": "1",
            "compositeRequest": [
                part("a", "POST", "/sobjects/Task", Subject="x", WhatId=account),
                part("b", "PATCH", f"/sobjects/Account/{account}", Phone="7"),
            ],
        },
        {
            "graphId": "2",
            "compositeRequest": [
                part("a", "POST", "/sobjects/Account", Name="Ginkgo"),
                part("b", "POST", "/sobjects/Contact", AccountId="@{a.id}"),
            ],
        },
    ]
    first, second = api.post("/composite/graph", {"graphs": graphs}).json()["graphs"]
    assert (first["graphId"], first["isSuccessful"]) == ("1", True)
    codes = [p["httpStatusCode"] for p in first["graphResponse"]["compositeResponse"]]
    assert codes == [201, 204]
    assert (second["graphId"], second["isSuccessful"]) == ("2", False)
    assert second["graphResponse"]["compositeResponse"][0]["body"] == [HALTED]
    assert api.query("SELECT Id FROM Account WHERE Name = 'Ginkgo'") == []
    assert api.get(f"/sobjects/Account/{account}")["Phone"] == "7"


def test_a_batch_is_of_requests_that_know_nothing_of_each_other(api: Api, account: str) -> None:
    requests = [
        {
            "method": "PATCH",
            "url": f"v62.0/sobjects/Account/{account}",
            "richInput": {"Phone": "1"},
        },
        {"method": "GET", "url": f"v62.0/sobjects/Account/{account}?fields=Phone"},
        {"method": "GET", "url": "v62.0/sobjects/Nonsense"},
        {"method": "GET", "url": "v62.0/limits"},
    ]
    body = api.post("/composite/batch", {"batchRequests": requests}).json()
    assert body["hasErrors"] is True
    assert [result["statusCode"] for result in body["results"]] == [204, 200, 404, 200]
    assert body["results"][0]["result"] is None
    assert body["results"][1]["result"]["Phone"] == "1"
    halting = {"batchRequests": requests, "haltOnError": True}
    last = api.post("/composite/batch", halting).json()["results"][3]
    assert last["statusCode"] == 412
    assert last["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"


def record(type: str, reference: str, **values: object) -> dict[str, object]:
    return {"attributes": {"type": type, "referenceId": reference}, **values}


def test_a_tree_is_created_with_its_branches(api: Api) -> None:
    people = {
        "records": [
            record("Contact", "c1", LastName="One"),
            record("Contact", "c2", LastName="Two"),
        ]
    }
    tree = {"records": [record("Account", "a1", Name="Hazel", Contacts=people)]}
    answer = api.post("/composite/tree/Account", tree)
    assert answer.status_code == 201
    assert answer.json()["hasErrors"] is False
    assert [r["referenceId"] for r in answer.json()["results"]] == ["a1", "c1", "c2"]
    assert len(api.query("SELECT Id FROM Contact WHERE Account.Name = 'Hazel'")) == 2


def test_a_tree_with_one_bad_record_leaves_nothing(api: Api) -> None:
    people = {"records": [record("Contact", "c1", LastName="x", Email="no address")]}
    tree = {"records": [record("Account", "a1", Name="Iris", Contacts=people)]}
    answer = api.post("/composite/tree/Account", tree)
    assert answer.status_code == 400
    (wrong,) = answer.json()["results"]
    assert wrong["referenceId"] == "c1"
    assert wrong["errors"][0]["statusCode"] == "INVALID_EMAIL_ADDRESS"
    assert wrong["errors"][0]["fields"] == ["Email"]
    assert api.query("SELECT Id FROM Account WHERE Name = 'Iris'") == []
