"""Customers with a case and their people, as last read from the CRM. Erasable rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from integrations.contract import RELATION, OptOut, Record, Ref, Value
from sync.store.rows import chunks, upsert
from sync.store.tables import customers, people
from sync.store.values import from_json, to_json

_CUSTOMERS = select(customers).where(
    customers.c.connection == bindparam("owner"),
    customers.c.object == bindparam("object"),
    customers.c.record.in_(bindparam("records", expanding=True)),
)
_PEOPLE = (
    select(people)
    .where(
        people.c.connection == bindparam("owner"),
        people.c.customer.in_(bindparam("customers", expanding=True)),
    )
    .order_by(people.c.customer, people.c.rank)
)
_KNOWN = select(people).where(
    people.c.connection == bindparam("owner"),
    people.c.object == bindparam("object"),
    people.c.record.in_(bindparam("records", expanding=True)),
)


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A customer's fields, by the CRM's names."""

    ref: Ref
    fields: Mapping[str, Value]
    #: What an earlier departure had left in our fields when the last case opened.
    carried: Mapping[str, Value] = field(default_factory=dict)
    #: What the CRM says of an earlier time is older than this.
    known_at: datetime | None = None
    #: When the people were read.
    people_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person's fields, and what the CRM says about mail to them."""

    ref: Ref
    customer: str
    fields: Mapping[str, Value]
    opt_out: OptOut | None = None

    @property
    def relation(self) -> Mapping[str, Value]:
        """What they are to this customer; their own record does not say it."""
        return {name: value for name, value in self.fields.items() if name == RELATION}


class People:
    """The tables of customers and people."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put_customers(self, owner: str, rows: Iterable[CustomerRow]) -> None:
        """Keep what was read of these customers."""
        upsert(
            self._db,
            customers,
            (
                {
                    "connection": owner,
                    "object": row.ref.object,
                    "record": row.ref.id,
                    "fields": to_json(row.fields),
                    "carried": to_json(row.carried),
                    "known_at": row.known_at,
                    "people_at": row.people_at,
                }
                for row in rows
            ),
        )

    def customers(self, owner: str, object: str, records: Iterable[str]) -> dict[str, CustomerRow]:
        """What is known of these customers."""
        found = {}
        for some in chunks(records):
            rows = self._db.execute(_CUSTOMERS, {"owner": owner, "object": object, "records": some})
            for row in rows.mappings():
                found[row["record"]] = CustomerRow(
                    ref=Ref(object=object, id=row["record"]),
                    fields=from_json(row["fields"]),
                    carried=from_json(row["carried"]),
                    known_at=row["known_at"],
                    people_at=row["people_at"],
                )
        return found

    def all(self, owner: str) -> list[Record]:
        """Every customer of a connection that has a case, by name of object and id."""
        statement = select(customers).where(customers.c.connection == owner)
        rows = self._db.execute(statement.order_by(customers.c.object, customers.c.record))
        return [
            Record(ref=Ref(object=row["object"], id=row["record"]), fields=from_json(row["fields"]))
            for row in rows.mappings()
        ]

    def wrote(
        self, owner: str, object: str, values: Mapping[str, Mapping[str, Value]], now: datetime
    ) -> None:
        """Keep what we have just changed in the fields of these customers or people, by record."""
        self.put_customers(
            owner,
            (
                replace(row, fields={**row.fields, **values[id]}, known_at=now)
                for id, row in self.customers(owner, object, values).items()
            ),
        )
        people = {row.ref.id: row for row in self.known(owner, object, values)}
        for id, row in people.items():
            fields = {**row.fields, **values[id]}
            self.update_person(owner, row.ref, fields=fields, opt_out=row.opt_out)

    def put_people(
        self, owner: str, object: str, read: Mapping[str, Sequence[PersonRow]], now: datetime
    ) -> None:
        """Replace the people of these customers by what was read, in its order."""
        for some in chunks(read):
            self._db.execute(
                delete(people).where(
                    people.c.connection == owner,
                    people.c.object == object,
                    people.c.customer.in_(some),
                )
            )
            self._db.execute(
                update(customers)
                .where(customers.c.connection == owner, customers.c.record.in_(some))
                .values(people_at=now)
            )
        upsert(
            self._db,
            people,
            (
                {
                    "connection": owner,
                    "object": object,
                    "record": person.ref.id,
                    "customer": customer,
                    "rank": rank,
                    "fields": to_json(person.fields),
                    "out": person.opt_out.out if person.opt_out else None,
                    "out_words": person.opt_out.words if person.opt_out else None,
                }
                for customer, listed in read.items()
                for rank, person in enumerate(listed)
            ),
        )

    def people(self, owner: str, of: Iterable[str]) -> dict[str, tuple[PersonRow, ...]]:
        """The people of these customers, in the order they were read."""
        found: dict[str, list[PersonRow]] = {}
        for some in chunks(of):
            rows = self._db.execute(_PEOPLE, {"owner": owner, "customers": some})
            for row in rows.mappings():
                found.setdefault(row["customer"], []).append(_person(row))
        return {customer: tuple(listed) for customer, listed in found.items()}

    def known(self, owner: str, object: str, records: Iterable[str]) -> list[PersonRow]:
        """These people, once for every customer they belong to."""
        found = []
        for some in chunks(records):
            rows = self._db.execute(_KNOWN, {"owner": owner, "object": object, "records": some})
            found += [_person(row) for row in rows.mappings()]
        return found

    def update_person(
        self, owner: str, person: Ref, *, fields: Mapping[str, Value], opt_out: OptOut | None
    ) -> None:
        """Keep what was read of one person, wherever they belong; what they are there stays."""
        own = {name: value for name, value in fields.items() if name != RELATION}
        for row in self.known(owner, person.object, [person.id]):
            self._db.execute(
                update(people)
                .where(
                    people.c.connection == owner,
                    people.c.object == person.object,
                    people.c.record == person.id,
                    people.c.customer == row.customer,
                )
                .values(
                    fields=to_json({**own, **row.relation}),
                    out=opt_out.out if opt_out else None,
                    out_words=opt_out.words if opt_out else None,
                )
            )


def _person(row: RowMapping) -> PersonRow:
    said = row["out"]
    return PersonRow(
        ref=Ref(object=row["object"], id=row["record"]),
        customer=row["customer"],
        fields=from_json(row["fields"]),
        opt_out=None if said is None else OptOut(out=said, words=row["out_words"] or ""),
    )
