"""The promises that only a real org can break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from integrations.contract import TASK, Change, Create, Query, Receipt, Ref, Task, Write
from integrations.errors import Exists
from tests.live.salesforce import RUN, Org


def task(about: Ref) -> Task:
    """Something to do."""
    return Task(
        about=about,
        subject=f"Aurevoir {RUN}",
        body="One.\nTwo & <three>.",
        due=datetime.now(UTC).replace(microsecond=0) + timedelta(days=7),
        owner=None,
        step="final_invoice",
        phase="leaving",
        department="billing",
    )


def send(org: Org, write: Write) -> Receipt:
    """The receipt of one write."""
    (call,) = org.crm.pack([write])
    (receipt,) = org.crm.send(call)
    return receipt


def test_has_the_permissions_that_it_needs(org: Org) -> None:
    assert org.crm.lacking(["Account", "Contact", TASK]) == ()


def test_our_fields_are_there_and_are_not_made_again(org: Org) -> None:
    assert org.crm.missing(org.keys) == ()


def test_a_task_is_made_once_and_found_by_its_key(org: Org) -> None:
    customer, key = org.customer(), f"{RUN}:once"
    made = send(org, Create(key=key, item=task(customer)))
    assert made.problem is None
    assert isinstance(send(org, Create(key=key, item=task(customer))).problem, Exists)
    (held,) = org.crm.find(TASK, {key: customer})
    assert (held.id, held.values["body"]) == (made.id, "One.\nTwo & <three>.")


def test_a_change_is_seen_at_the_next_look(org: Org) -> None:
    query = Query(object="Account", fields=("Description",))
    pages = [*org.crm.changes(query, None)]
    customer = org.customer()
    values = {"Description": "Leeds"}
    assert send(org, Change(key="k", ref=customer, values=values)).problem is None
    seen = [r for page in org.crm.changes(query, pages[-1].cursor) for r in page.records]
    assert [r.fields for r in seen if r.ref == customer] == [values]
