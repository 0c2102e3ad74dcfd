"""What becomes visible long after it was done, as after a long transaction."""

from __future__ import annotations

from integrations.contract import Crm, Query
from tests.contract.crm.bench import ids, look
from tests.contract.crm.people import MINUTE
from tests.contract.crm.salesforce import SalesforceBench

CUSTOMERS = Query(object="Account")


def test_sees_what_a_long_transaction_did(bench: SalesforceBench, crm: Crm) -> None:
    cursor = look(crm, CUSTOMERS)[-1].cursor
    bench.pass_()
    bench.dialect.options["late_commits"] = True
    bench.move(bench.customer(1))
    for seats in range(5):
        bench.pass_(10 * MINUTE)
        # An integration goes on writing meanwhile; the watch goes on with it.
        busy = bench.customer(2)
        bench.write("PATCH", f"sobjects/Account/{busy.id}", {"Seats__c": seats})
        pages = look(crm, CUSTOMERS, cursor)
        cursor = pages[-1].cursor
        assert ids(pages) == [busy.id]
    bench.dialect.options["late_commits"] = False
    assert bench.customer(1).id in ids(look(crm, CUSTOMERS, cursor))
    for _ in range(2):
        bench.pass_(20 * MINUTE)
        cursor = look(crm, CUSTOMERS, cursor)[-1].cursor
    assert look(crm, CUSTOMERS, cursor)[-1].records == ()


def test_costs_two_calls_where_something_is_new(bench: SalesforceBench, crm: Crm) -> None:
    cursor = look(crm, CUSTOMERS)[-1].cursor
    bench.pass_(20 * MINUTE)
    bench.move(bench.customer(1))
    bench.forget()
    look(crm, CUSTOMERS, cursor)
    assert bench.calls() == 2


def test_goes_on_where_nobody_vouches(bench: SalesforceBench, crm: Crm) -> None:
    cursor = look(crm, CUSTOMERS)[-1].cursor
    for status in (503, 400, 403):
        bench.pass_(20 * MINUTE)
        bench.move(bench.customer(1), "at_risk")
        bench.move(bench.customer(1), "churning")
        bench.strike("updated.list", status=status)
        pages = look(crm, CUSTOMERS, cursor)
        cursor = pages[-1].cursor
        assert ids(pages) == [bench.customer(1).id]


def test_where_something_is_new_all_the_time_it_asks_now_and_then(
    bench: SalesforceBench, crm: Crm
) -> None:
    cursor = look(crm, CUSTOMERS)[-1].cursor
    bench.forget()
    for seats in range(40):
        bench.pass_()
        bench.write("PATCH", f"sobjects/Account/{bench.customer(2).id}", {"Seats__c": seats})
        cursor = look(crm, CUSTOMERS, cursor)[-1].cursor
    assert bench.calls("updated.list") == 4
