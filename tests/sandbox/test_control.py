"""``/__sandbox__/...``: clock, reset, log, counters, faults and options over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.open import Sandbox
from integrations.sandbox.switches import FaultWish
from integrations.sandbox.worlds.folder import TABLES
from tests.sandbox.tiny import START, Tiny

Ask = Callable[..., Any]


@pytest.fixture
def ask(url: str, http: requests.Session) -> Ask:
    """The answer's JSON; with a body or a method, by POST or by that method."""

    def asked(path: str, body: object = None, *, method: str = "", status: int = 200) -> Any:
        method = method or ("GET" if body is None else "POST")
        answer = http.request(method, f"{url}/__sandbox__/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_the_clock_stands_moves_and_runs(ask: Ask, sandbox: Sandbox) -> None:
    assert ask("clock") == {"now": "2026-03-02T09:00:00Z", "manual": True}
    assert ask("clock", {"advance": "2 days"})["now"] == "2026-03-04T09:00:00Z"
    assert ask("clock", {"advance": 90.5})["now"] == "2026-03-04T09:01:30.500000Z"
    assert ask("clock", {"now": "2027-01-01T01:00:00+01:00"})["now"] == "2027-01-01T00:00:00Z"
    assert sandbox.world.clock.now() == datetime(2027, 1, 1, tzinfo=UTC)
    before = datetime.now(UTC)
    answer = ask("clock", {"run": True})
    assert answer["manual"] is False
    assert before <= datetime.fromisoformat(answer["now"]) <= datetime.now(UTC)


def test_both_ports_share_one_clock(ask: Ask, sandbox: Sandbox, http: requests.Session) -> None:
    ask("clock", {"advance": "1 week"})
    other = http.get(f"{sandbox.urls['salesforce']}/__sandbox__/clock").json()
    assert other["now"] == "2026-03-09T09:00:00Z"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "say exactly one of now, advance, run."),
        ({"run": False}, "say exactly one of now, advance, run."),
        ({"run": True, "advance": 1}, "say exactly one of now, advance, run."),
        ({"now": "2026-03-02T09:00:00"}, "now: input should have timezone info."),
        ({"advance": "soon"}, "'soon' is no length of time; write 90 minutes or 2 days."),
        ({"advance": "999999 weeks"}, "the clock knows the years 1 to 9999 only."),
        ({"advance": 1e300}, "the clock knows the years 1 to 9999 only."),
        ({"go": 1}, "'go' is not known here; there are: now, advance, run."),
        ([1], "the body: input should be an object."),
    ],
)
def test_a_clock_that_cannot_be_set_says_so(
    body: object, words: str, ask: Ask, sandbox: Sandbox
) -> None:
    assert ask("clock", body, status=400) == {"error": words}
    assert sandbox.world.clock.now() == START


def test_what_is_no_json_says_so(url: str, http: requests.Session) -> None:
    answer = http.post(f"{url}/__sandbox__/faults", data="{")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("the body: invalid JSON")


def test_reset_forgets_everything_and_can_change_the_world(
    ask: Ask, tiny: Tiny, url: str, http: requests.Session
) -> None:
    http.post(f"{url}/things", json={"name": "Zeta"})
    assert ask("reset", {}) == {"world": "demo", "customers": 40, "colleagues": 12}
    assert len(tiny.accounts) == 40
    assert ask("requests") == {"requests": []}
    assert ask("reset", {"world": "empty"})["customers"] == 0
    assert ask("reset", method="POST")["world"] == "empty"  # the last one, without a body


def test_a_world_starts_at_the_time_of_the_clock(ask: Ask, sandbox: Sandbox) -> None:
    ask("clock", {"advance": "30 days"})
    ask("reset", {"world": "demo"})
    assert sandbox.world.seed.started_at == sandbox.world.clock.now()


def test_a_world_that_cannot_be_built_leaves_the_old_one(
    ask: Ask, tiny: Tiny, tmp_path: Path
) -> None:
    answer = ask("reset", {"world": str(tmp_path)}, status=400)
    assert answer["error"].endswith("with the columns account_id and account_name.")
    assert len(tiny.accounts) == 40


def test_the_log_has_every_request_and_can_be_filtered(
    ask: Ask, sandbox: Sandbox, url: str, http: requests.Session
) -> None:
    http.get(f"{url}/things?limit=1")
    http.post(f"{url}/things", data='{"name":"Zeta"}')
    http.get(f"{url}/things/999")
    http.get(f"{sandbox.urls['salesforce']}/things")
    log = ask("requests")["requests"]
    assert [(e["number"], e["crm"], e["operation"], e["status"]) for e in log] == [
        (1, "hubspot", "things.list", 200),
        (2, "hubspot", "things.create", 201),
        (3, "hubspot", "things.get", 404),
        (4, "salesforce", "things.list", 200),
    ]
    assert log[0] == {
        "number": 1,
        "at": "2026-03-02T09:00:00Z",
        "crm": "hubspot",
        "operation": "things.list",
        "method": "GET",
        "path": "/things?limit=1",
        "status": 200,
        "writes": False,
        "request": "",
    }
    assert log[1]["request"] == '{"name":"Zeta"}'

    def numbers(query: str) -> list[int]:
        return [e["number"] for e in ask(f"requests?{query}")["requests"]]

    assert numbers("after=2") == [3, 4]
    assert numbers("crm=salesforce") == [4]
    assert numbers("operation=things.list") == [1, 4]
    assert numbers("operation=things.*&crm=hubspot&after=1") == [2, 3]
    assert numbers("writes=1") == [2]
    error = ask("requests?after=yesterday", status=400)["error"]
    assert error.startswith("after: input should be a valid integer")


def test_the_body_of_a_read_is_not_kept(ask: Ask, url: str, http: requests.Session) -> None:
    http.post(f"{url}/echo", data="client_secret=hidden")
    assert ask("requests")["requests"][0]["request"] == ""


def test_counters_count_reads_and_writes_of_both(
    ask: Ask, sandbox: Sandbox, url: str, http: requests.Session
) -> None:
    for _ in range(3):
        http.get(f"{url}/things")
    http.post(f"{url}/things", json={"name": "Zeta"})
    http.get(f"{sandbox.urls['salesforce']}/nowhere")
    http.get(f"{url}/")
    assert ask("counters") == {
        "hubspot": {
            "reads": 3,
            "writes": 1,
            "operations": {"things.create": 1, "things.list": 3},
        },
        "salesforce": {"reads": 1, "writes": 0, "operations": {"unknown.get": 1}},
    }


def test_a_fault_is_armed_seen_and_disarmed(ask: Ask, url: str, http: requests.Session) -> None:
    wish = {
        "operation": "things.*",
        "nth": 2,
        "status": 429,
        "body": {"wait": True},
        "headers": {"Retry-After": "3"},
    }
    armed = ask("faults", wish)
    assert armed == {**wish, "crm": "hubspot", "times": 1, "when": "before", "seen": 0}
    assert http.get(f"{url}/things").status_code == 200
    assert ask("faults")["faults"] == [{**armed, "seen": 1}]
    struck = http.get(f"{url}/things")
    assert (struck.status_code, struck.json()) == (429, {"wait": True})
    assert struck.headers["Retry-After"] == "3"
    assert ask("faults") == {"faults": []}
    ask("faults", wish)
    assert ask("faults", method="DELETE") == {"faults": []}


def test_a_fault_for_the_other_crm(
    ask: Ask, sandbox: Sandbox, url: str, http: requests.Session
) -> None:
    ask("faults", {"crm": "salesforce", "operation": "things.list", "status": 500})
    assert http.get(f"{url}/things").status_code == 200
    assert http.get(f"{sandbox.urls['salesforce']}/things").status_code == 500


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "operation: field required."),
        ({"operation": "thing.list"}, "operation: hubspot has none that fits 'thing.list'"),
        ({"operation": "*", "crm": "pipedrive"}, "crm: 'pipedrive' is none of hubspot"),
        ({"operation": "*", "nth": 0}, "nth: input should be greater than or equal to 1."),
        ({"operation": "*", "nth": "2"}, "nth: input should be a valid integer."),
        ({"operation": "*", "when": "later"}, "when: input should be 'before' or 'after'."),
        ({"operation": "*", "status": 99}, "status: input should be greater than or equal"),
        ({"operation": "*", "headers": {"A": "b\r\nC: d"}}, "headers: string should match"),
        ({"operation": "*", "often": 3}, "'often' is not known here; there are: crm, operation"),
    ],
)
def test_a_fault_that_makes_no_sense_says_why(body: object, words: str, ask: Ask) -> None:
    assert ask("faults", body, status=400)["error"].startswith(words)
    assert ask("faults") == {"faults": []}


def test_options_are_set_one_by_one_or_not_at_all(ask: Ask, tiny: Tiny) -> None:
    first = {"rate_limits": True, "mail": False, "daily": 100, "scopes": "all"}
    assert ask("options") == first
    assert ask("options", {"rate_limits": False}) == {**first, "rate_limits": False}
    assert tiny.options["rate_limits"] is False
    assert ask("options", {"daily": 7, "scopes": ""})["daily"] == 7
    error = ask("options", {"mail": True, "speed": True}, status=400)["error"]
    assert error == "hubspot has no option 'speed'; there are: rate_limits, mail, daily, scopes."
    for name, value, mend in (
        ("mail", "yes", "true or false"),
        ("mail", 1, "true or false"),
        ("daily", True, "a whole number"),
        ("daily", "7", "a whole number"),
        ("scopes", 3, "a text"),
    ):
        error = ask("options", {"rate_limits": True, name: value}, status=400)["error"]
        assert error == f"{name}: say {mend}."
    assert ask("options", [], status=400)["error"].startswith("say what to set")
    assert tiny.options == {"rate_limits": False, "mail": False, "daily": 7, "scopes": ""}


def test_a_desk_without_a_bin_says_so(ask: Ask) -> None:
    wish = {"do": "delete", "object": "Account", "id": "1"}
    error = ask("records", wish, status=400)["error"]
    assert error == "hubspot has no screen for that; its API does it."


def test_operations_are_the_names_that_faults_use(ask: Ask, tiny: Tiny) -> None:
    assert ask("operations")["operations"] == tiny.routes.operations()


@pytest.mark.parametrize("path", ["", "/", "/cloak"])
def test_an_unknown_switch_names_those_there_are(
    path: str, url: str, http: requests.Session, ask: Ask
) -> None:
    answer = http.post(f"{url}/__sandbox__{path}")
    assert answer.status_code == 404
    assert answer.json()["error"].endswith(
        "there are: clock, counters, faults, operations, options, records, requests, reset."
    )
    assert ask("counters")["hubspot"]["reads"] == 0


def test_a_method_that_a_switch_does_not_know(url: str, http: requests.Session) -> None:
    answer = http.get(f"{url}/__sandbox__/reset")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json() == {"error": "reset knows POST only."}


def test_the_documentation_has_every_switch_and_field(url: str, http: requests.Session) -> None:
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    there = http.get(f"{url}/__sandbox__").json()["error"].split("there are: ")[1].rstrip(".")
    for name in there.split(", "):
        for method in http.put(f"{url}/__sandbox__/{name}").headers["Allow"].split(", "):
            assert f"`{method} {name}`" in text
    for column in [column for columns in TABLES.values() for column in columns]:
        assert f"**`{column}`**" in text
    for field in FaultWish.model_fields:
        assert f"`{field}`" in text


def test_a_fault_says_what_the_vendor_says(ask: Ask, url: str, http: requests.Session) -> None:
    ask("faults", {"operation": "things.get", "says": "TIRED"})
    answer = http.get(f"{url}/things/1")
    assert (answer.status_code, answer.json()) == (420, {"tiny": "tired"})
    assert answer.headers["Retry-After"] == "9"
    told = ask("faults", {"operation": "things.get", "says": "BORED"}, status=400)
    assert "there are: TIRED" in str(told)
