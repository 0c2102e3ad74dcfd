"""The promises that only a real portal can break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event

from integrations.contract import TASK, Change, Create, Query, Receipt, Ref, Task, Write
from integrations.errors import Exists
from tests.live.hubspot import RUN, Portal

#: Seconds for which the index of search may lag.
PATIENCE = 120


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


def send(portal: Portal, write: Write) -> Receipt:
    """The receipt of one write."""
    (call,) = portal.crm.pack([write])
    (receipt,) = portal.crm.send(call)
    return receipt


def test_has_the_permissions_that_it_needs(portal: Portal) -> None:
    assert portal.crm.lacking(["companies", "contacts", TASK]) == ()


def test_our_fields_are_there_and_are_not_made_again(portal: Portal) -> None:
    assert portal.crm.missing(portal.keys) == ()


def test_a_task_is_made_once_and_found_by_its_key(portal: Portal) -> None:
    customer, key = portal.customer(), f"{RUN}:once"
    made = send(portal, Create(key=key, item=task(customer)))
    assert made.problem is None
    portal.forget(Ref(object=TASK, id=str(made.id)))
    assert isinstance(send(portal, Create(key=key, item=task(customer))).problem, Exists)
    (held,) = portal.crm.find(TASK, {key: customer})
    assert (held.id, held.values["body"]) == (made.id, "One.\nTwo & <three>.")


def test_a_change_is_read_back_and_has_a_history(portal: Portal) -> None:
    customer = portal.customer()
    assert send(portal, Change(key="k", ref=customer, values={"city": "Leeds"})).problem is None
    (record,) = portal.crm.read("companies", [customer.id], ["city"]).values()
    assert record.fields == {"city": "Leeds"}
    newest = portal.crm.history("companies", [customer.id], "city")[customer.id][0]
    assert (newest.value, newest.by) == ("Leeds", None)


def test_a_new_record_is_seen_before_the_overlap_ends(portal: Portal) -> None:
    query = Query(object="companies", fields=("name",))
    cursor = [*portal.crm.changes(query, None)][-1].cursor
    customer, pause = portal.customer(), Event()
    for _ in range(PATIENCE // 5):
        pages = [*portal.crm.changes(query, cursor)]
        if customer in [record.ref for page in pages for record in page.records]:
            return
        pause.wait(5)
    raise AssertionError(f"search did not show it for {PATIENCE} seconds")
