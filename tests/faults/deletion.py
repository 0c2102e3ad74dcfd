"""Deletes a record as people do, by the vendor's API alone."""

from __future__ import annotations

from typing import Final

import requests

from tests.faults.story import Play

_PATHS: Final = {
    ("hubspot", "task"): "/crm/objects/2026-09/tasks/",
    ("hubspot", "customer"): "/crm/objects/2026-09/companies/",
    ("salesforce", "task"): "/services/data/v62.0/sobjects/Task/",
    ("salesforce", "customer"): "/services/data/v62.0/sobjects/Account/",
}


def delete(play: Play, id: str, *, of: str = "task") -> None:
    """Somebody deletes a task or a customer."""
    url = play.stage.sandbox.urls[play.crm] + _PATHS[play.crm, of] + id
    token = play.stage.dialect(play.crm).credentials()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.delete(url, headers=headers, timeout=10)
    assert answer.status_code == 204, answer.text
