"""What `aurevoir verify` sees beside the counting: a task that nobody sees."""

from __future__ import annotations

import requests

from tests.acceptance.office import Office


def unlink(here: Office, task: str, customer: str) -> None:
    """Another client takes a task off its customer."""
    sandbox = here.stage.sandbox
    token = sandbox.world.dialects[here.crm].credentials()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    if here.crm == "salesforce":
        path = f"/services/data/v62.0/sobjects/Task/{task}"
        answer = requests.patch(
            sandbox.urls[here.crm] + path, json={"WhatId": None}, headers=headers, timeout=30
        )
    else:
        path = f"/crm/objects/2026-09/tasks/{task}/associations/companies/{customer}"
        answer = requests.delete(sandbox.urls[here.crm] + path, headers=headers, timeout=30)
    assert answer.ok, answer.text


def test_a_task_that_hangs_on_nothing_is_named(here: Office) -> None:
    here.leaves()
    assert here.command("verify")[here.crm]["unlinked"] == []
    unlink(here, here.task("acknowledge"), here.customer(1))
    told = here.command("verify", code=1)[here.crm]
    (case,) = here.cases()
    assert told["unlinked"] == [f"{case.key}:acknowledge"]
    assert told["missing"] == told["extra"] == []
