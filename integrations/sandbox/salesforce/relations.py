"""What contacts are to accounts: a record for each, once contacts can have several accounts.

Source: Object Reference, "AccountContactRelation". An org that has turned them on keeps them.
"""

from __future__ import annotations

from typing import Final

from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.table import Row

OBJECT: Final = "AccountContactRelation"


def turn_on(org: Org) -> None:
    """Show the object, with a relation for every contact that has an account."""
    if OBJECT in org.schema.hidden:
        org.schema.hidden.discard(OBJECT)
        for row in list(org["Contact"].live()):
            _relate(org, row, str(row["LastModifiedById"]))


def check(draft: Draft) -> None:
    """Nobody is related to an account twice; raises Refusal."""
    for other in org_relations(draft.org, draft.text("ContactId")):
        if other["AccountId"] == draft.values["AccountId"] and other["Id"] != draft.id:
            words = "There's already a relationship between this account and contact."
            raise Refusal("DUPLICATE_VALUE", words, fields=())


def follow(draft: Draft) -> None:
    """A contact's own account is the one they are directly related to."""
    org = draft.org
    if OBJECT in org.schema.hidden or not draft.changed("AccountId"):
        return
    for row in org_relations(org, draft.id):
        if row["IsDirect"] or row["AccountId"] == draft.values["AccountId"]:
            org.put(OBJECT, str(row["Id"]), None)
    _relate(org, draft.values, draft.by)


def org_relations(org: Org, contact: str | None) -> list[Row]:
    """The relations of a contact."""
    return list(org[OBJECT].having("ContactId", contact))


def _relate(org: Org, contact: Row, by: str) -> None:
    if account := contact.get("AccountId"):
        org.make(OBJECT, by, AccountId=account, ContactId=contact["Id"], IsDirect=True)
