"""Pages of a query that are gone when one comes back for them."""

from __future__ import annotations

import pytest

from integrations.contract import Query
from integrations.errors import Reauthorise, Retry
from tests.contract.crm.bench import ids, look
from tests.contract.crm.people import customer, seed
from tests.contract.crm.salesforce import SalesforceBench

CUSTOMERS = Query(object="Account")
MANY = 2_003


@pytest.fixture
def bench(bench: SalesforceBench) -> SalesforceBench:
    """An org with two pages of customers."""
    bench.reset(seed(*(customer(n, people=0) for n in range(MANY))))
    return bench


@pytest.mark.parametrize("said", ["revoked", "INVALID_SESSION_ID", "INVALID_QUERY_LOCATOR"])
def test_pages_that_end_with_their_session_are_asked_for_anew(
    bench: SalesforceBench, said: str
) -> None:
    crm = bench.connect()
    pages = crm.changes(CUSTOMERS, None)
    first = next(pages)
    if said == "revoked":
        bench.dialect.options["revoke_sessions"] = True
    else:
        refusal = bench.dialect.refusals()[said]
        bench.strike("querymore.query", times=2, status=refusal.status, body=refusal.body)
    with pytest.raises(Retry):
        next(pages)
    rest = look(crm, CUSTOMERS, first.cursor)
    assert len(set(ids([first, *rest]))) == MANY


def test_whoever_is_let_in_no_more_is_told_so(bench: SalesforceBench) -> None:
    pages = bench.connect().changes(CUSTOMERS, None)
    next(pages)
    bench.dialect.options["revoke_sessions"] = True
    bench.strike("token", status=400, body={"error": "invalid_client", "error_description": "no"})
    with pytest.raises(Reauthorise):
        next(pages)
