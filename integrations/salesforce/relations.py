"""Which records belong to which, and what people are there.

Sources: "AccountContactRelation" and "OpportunityContactRole" in the Object reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Final

from integrations.batches import batches
from integrations.contract import RELATION, Record, Value
from integrations.errors import Drift
from integrations.salesforce import soql
from integrations.salesforce.records import Raw, Records
from integrations.salesforce.schema import table

#: Where a contact's roles are: the object, what points to the record, the roles, what must be so.
_ROLES: Final = {
    "Account": ("AccountContactRelation", "AccountId", "Roles", "IsActive"),
    "Opportunity": ("OpportunityContactRole", "OpportunityId", "Role"),
}


class Relations(Records):
    """The verb that reads what belongs together."""

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """Records that point to these, or to the same account as these; eldest first."""
        found = self._belonging(object, ids, to, fields)
        if RELATION not in fields:
            return found
        roles = self._roles(object, found)
        return {
            id: tuple(
                replace(one, fields={**one.fields, RELATION: roles.get((id, one.ref.id))})
                for one in records
            )
            for id, records in found.items()
        }

    def _roles(self, object: str, ids: Collection[str]) -> dict[tuple[str, str], Value]:
        """What contacts are to these, 400 a call; nothing where the org keeps no such records."""
        name, link, column, *only = _ROLES.get(object, ("", "", ""))
        if not name or column not in self.fields(name):
            return {}
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        conditions = [soql.known(column), *(soql.is_true(flag) for flag in only)]
        for some in batches(dict.fromkeys(ids), self.limits["roles"]):
            where = (soql.within(link, some), *conditions)
            query = soql.select((link, "ContactId", column), name, *where)
            for raw in self._rows("roles.query", query):
                found[raw[link], raw["ContactId"]].update(raw[column].split(";"))
        return {key: tuple(sorted(roles)) for key, roles in found.items()}

    def _belonging(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        if object == to:
            return {id: (record,) for id, record in self.read(to, ids, fields).items()}
        link = f"{object}Id"
        if link not in self.fields(to):
            return self._of_accounts(object, ids, to, fields)
        found: dict[str, list[Record]] = defaultdict(list)
        for some in batches(dict.fromkeys(ids), self.limits["related"]):
            where = soql.within(link, some)
            for raw in self._still(to, partial(self._pointing, to, fields, link, where)):
                found[raw[link]].append(self._record(to, raw, fields))
        return {id: tuple(records) for id, records in found.items()}

    def _pointing(self, to: str, fields: Collection[str], link: str, where: str) -> list[Raw]:
        columns = (*self._columns(to, fields), link)
        query = soql.select(columns, table(to), where, order="CreatedDate, Id")
        return list(self._rows("related.query", query))

    def _of_accounts(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """By way of the account: a deal or contract has no people of its own."""
        if "AccountId" not in self.fields(object):
            raise Drift(f"Salesforce has no way from {object} to {to}")
        read = self.read(object, ids, ["AccountId"])
        accounts = {id: str(r.fields["AccountId"] or "") for id, r in read.items()}
        found = self._belonging("Account", sorted({*accounts.values()} - {""}), to, fields)
        return {id: found[account] for id, account in accounts.items() if account in found}
