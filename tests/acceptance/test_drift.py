"""An admin of the CRM changes a field under the service: what needs it waits, the rest goes on."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sync.engine.jobs import refresh
from tests.acceptance.office import DAY, Office

pytestmark = pytest.mark.slow


def _spoil(here: Office) -> None:
    """The choice `notice` is removed in HubSpot; Salesforce's user may no longer edit the field."""
    if here.crm == "salesforce":
        _option(here, read_only_fields="Account.Aurevoir_Status__c")
    else:
        _choices(here, lambda options: [one for one in options if one["value"] != "notice"])


def _mend(here: Office) -> None:
    if here.crm == "salesforce":
        _option(here, read_only_fields="")
    else:
        new = {"value": "notice", "label": "Notice", "displayOrder": 0, "hidden": False}
        _choices(here, lambda options: [*options, new])


def _option(here: Office, **options: str) -> None:
    url = f"{here.stage.sandbox.urls[here.crm]}/__sandbox__/options"
    answer = requests.post(url, json=options, timeout=10)
    assert answer.ok, answer.text


def _choices(here: Office, change: Any) -> None:
    url = f"{here.stage.sandbox.urls[here.crm]}/crm/properties/2026-09/companies/aurevoir_status"
    token = here.stage.dialect(here.crm).credentials()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    options = requests.get(url, headers=headers, timeout=10).json()["options"]
    changed = change(options)
    answer = requests.patch(url, json={"options": changed}, headers=headers, timeout=10)
    assert answer.ok, answer.text


@pytest.mark.parametrize("known", [True, False], ids=["seen before", "met on the way"])
def test_a_field_that_changed_is_left_out_told_and_made_good(here: Office, known: bool) -> None:
    _spoil(here)
    if known:
        here.service = here.restart()  # it worked before: what changed since is no reason to stop
    here.leaves()
    assert len(here.open_steps()) == 5
    assert here.field(1, "status") is None
    assert here.field(1, "case") == here.cases()[0].key
    refresh(here.service)
    here.run()
    words = here.command("status")[here.crm]["words"]
    assert ("tatus" in words and "Settings" in words) or "Setup" in words
    (failed,) = here.command("failures")[here.crm]
    assert (failed["class"], failed["customers"]) == ("left out", ["Customer 1"])
    _mend(here)
    here.wait(DAY)
    refresh(here.service)
    here.run()
    assert here.field(1, "status") == "notice"
    assert here.command("failures")[here.crm] == []
    assert here.command("status")[here.crm]["drift"] == []


def test_retry_tries_again_what_was_refused(here: Office) -> None:
    _spoil(here)
    here.service = here.restart()
    here.leaves()
    (failed,) = here.command("failures")[here.crm]
    _mend(here)
    assert here.run().writes == 0, "nobody has told, and the next look is within the hour"
    assert here.command("retry", "--class", "reject", code=2)
    assert here.command("retry", *failed["keys"]) == {"retried": {here.crm: 1}}
    assert here.run().writes == 1
    assert here.field(1, "status") == "notice"
    assert here.command("failures")[here.crm] == []


def test_what_was_mended_while_it_was_away_is_tried_again(here: Office) -> None:
    _spoil(here)
    here.service = here.restart()
    here.leaves()
    assert here.command("failures")[here.crm]
    _mend(here)
    here.service = here.restart()
    assert here.run().writes == 1
    assert here.field(1, "status") == "notice"
    assert here.command("failures")[here.crm] == []
