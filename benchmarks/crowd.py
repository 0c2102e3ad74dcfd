"""Everybody who leaves: a world of so many customers, and sales that moves them all at once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import requests

from integrations.batches import batches

STAGE: Final = "churning"


def write_world(folder: Path, customers: int) -> None:
    """A folder that `aurevoir sandbox --world` loads."""
    folder.mkdir()
    with (folder / "accounts.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["account_id", "account_name", "country", "plan_tier", "seats", "mrr"])
        for number in range(customers):
            writer.writerow([f"A{number}", f"Customer {number:05}", "US", "Pro", 20, 900])


def leave(crm: str, url: str, credentials: Mapping[str, str]) -> int:
    """Move every customer into the stage, by the vendor's own API; returns how many."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {credentials['token']}"
        return _LEAVE[crm](session, url)


def _hubspot(session: requests.Session, url: str) -> int:
    base = f"{url}/crm/objects/2026-09/companies"
    ids: list[str] = []
    after = ""
    while after is not None:
        page = _json(
            session.get(base, params={"limit": 100, **({"after": after} if after else {})})
        )
        ids += [one["id"] for one in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    for some in batches(ids, 100):
        inputs = [{"id": id, "properties": {"customer_stage": STAGE}} for id in some]
        _json(session.post(f"{base}/batch/update", json={"inputs": inputs}))
    return len(ids)


def _salesforce(session: requests.Session, url: str) -> int:
    base = f"{url}/services/data/v62.0"
    ids: list[str] = []
    page = _json(session.get(f"{base}/query", params={"q": "SELECT Id FROM Account"}))
    while True:
        ids += [one["Id"] for one in page["records"]]
        if page["done"]:
            break
        page = _json(session.get(url + page["nextRecordsUrl"]))
    for some in batches(ids, 200):
        records = [
            {"attributes": {"type": "Account"}, "id": id, "Customer_Stage__c": STAGE} for id in some
        ]
        told = _json(session.patch(f"{base}/composite/sobjects", json={"records": records}))
        assert all(one["success"] for one in told), told
    return len(ids)


def _json(answer: requests.Response) -> Any:
    answer.raise_for_status()
    return answer.json()


_LEAVE: Final[Mapping[str, Callable[[requests.Session, str], int]]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
}
