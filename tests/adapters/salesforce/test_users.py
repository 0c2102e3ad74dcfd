"""Users of an org that hides where its people live and work."""

from __future__ import annotations

from integrations.contract import Crm
from tests.contract.crm.salesforce import SalesforceBench


def test_an_org_may_hide_where_they_work(bench: SalesforceBench, crm: Crm) -> None:
    words = "\nSELECT Id,Country FROM User\n ^\nERROR: No such column 'Country' on entity 'User'."
    error = [{"message": words, "errorCode": "INVALID_FIELD"}]
    bench.strike("owners", status=400, body=error)
    people = {owner.name: owner for owner in crm.owners()}
    assert people["Ann Archer"].active
    assert (people["Ann Archer"].country, people["Ann Archer"].zone) == (None, None)
    assert {"Customer Success", "Ben Baker"} <= people.keys()
