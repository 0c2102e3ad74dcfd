"""Reading from an org: what changed, what is there, what belongs together, who opted out.

Sources: "Query", "QueryAll", "sObject Get Updated" and "Retrieve Records with sObject Collections"
in the REST API developer guide; system fields in the Object reference. ``SystemModstamp`` moves
with changes of people and of automation alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from integrations.batches import batches
from integrations.contract import (
    DEPARTURE,
    TASK,
    Cursor,
    Field,
    Held,
    Moment,
    OptOut,
    Page,
    Query,
    Record,
    Ref,
    Removal,
    Value,
)
from integrations.errors import Drift, Gone, Park, Reject, Retry
from integrations.salesforce import recordtypes, soql
from integrations.salesforce.activities import TABLES, columns
from integrations.salesforce.schema import Catalogue, table
from integrations.salesforce.values import decode, moment
from integrations.watermark import ALWAYS, Watermark

#: Objects whose history has a name of its own.
_HISTORY: Final = {"Opportunity": "OpportunityFieldHistory"}
#: Fields whose history every org keeps, tracked or not.
_STAGES: Final = {("Opportunity", "StageName"): "OpportunityHistory"}
_OPTED_OUT, _BOUNCED = "HasOptedOutOfEmail", "EmailBouncedDate"
#: Says into which record a deleted one was merged.
_MASTER: Final = "MasterRecordId"
_STAMPS: Final = ("CreatedDate", "SystemModstamp")
#: A row of an answer.
Raw = Mapping[str, Any]
#: What a verb answers.
Found = TypeVar("Found")


class Reader(Catalogue):
    """The verbs that read records."""

    def changes(self, query: Query, since: Cursor | None) -> Iterator[Page]:
        """Changed and deleted records in the order of their modification, 2,000 a call.

        A look that is broken off goes on by time and id: a query's own cursor may be gone by then.
        """
        mark = Watermark.read(since) if since else Watermark(at=ALWAYS, low=ALWAYS)
        low, size = mark.begin(), self.limits["page"]
        operation = f"changes.{query.object}.query"
        answer = self._still(
            query.object,
            lambda: self._client.query(
                operation, self._since(query, low, mark.passed), deleted=True
            ),
        )
        begun = mark.begun_at if mark.passed and mark.begun_at else self.now()
        while True:
            records = tuple(
                self._record(query.object, raw, query.fields) for raw in answer["records"]
            )
            times = [r.modified_at for r in records if r.modified_at]
            if answer["done"]:
                pays = mark.pays(len(times), since=low, begun_at=begun, page=size)
                # Where it does not pay the old beginning is as good as a later one.
                covered = self._covered(query.object, begun, mark.low) if pays else mark.low
                mark = mark.done(times, since=low, begun_at=begun, page=size, covered=covered)
                yield Page(records=records, cursor=mark.cursor, last=True)
                return
            passed = (soql.literal(times[-1]), records[-1].ref.id)
            mark = mark.through(times, since=low, begun_at=begun, passed=passed)
            yield Page(records=records, cursor=mark.cursor, last=False)
            answer = self._client.more(operation, answer["nextRecordsUrl"])

    def _covered(self, object: str, now: datetime, known: datetime) -> datetime:
        """Before when no transaction is open any more; ``known`` where there is no answer."""
        try:
            return self._client.covered(table(object), now)
        except (Retry, Park):
            return known
        except (Reject, Drift, Gone):
            return now  # this object is not replicated: the overlap alone has to do

    def history(
        self, object: str, ids: Collection[str], field: str
    ) -> dict[str, tuple[Moment, ...]]:
        """The values a tracked field has had, newest first; an untracked one has no history."""
        if (known := self.fields(object).get(field)) is None:
            return {}
        name, link, column = _history(object, field)
        about = () if column == field else (soql.equals("Field", field),)
        found: dict[str, list[Moment]] = defaultdict(list)
        for some in batches(dict.fromkeys(ids), self.limits["history"]):
            query = soql.select(
                (link, column, "CreatedDate", "CreatedById"),
                name,
                *about,
                soql.within(link, some),
                order="CreatedDate, Id",
            )
            try:
                for raw in self._rows("history.query", query):
                    value, at = _meant(known, raw[column]), moment(raw["CreatedDate"])
                    moments = found[raw[link]]
                    if not moments or moments[-1].value != value:  # a row may be about another one
                        moments.append(Moment(value=value, at=at, by=raw["CreatedById"]))
            except Drift:
                return {}
        return {id: tuple(reversed(moments)) for id, moments in found.items()}

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records by id, 2,000 a call."""
        path = f"composite/sobjects/{table(object)}"
        found = {}
        for some in batches(dict.fromkeys(ids), self.limits["read"]):
            raws = self._still(
                object, partial(self._read, path, some, lambda: self._columns(object, fields))
            )
            for raw in raws:
                if raw is not None:
                    record = self._record(object, raw, fields)
                    found[record.ref.id] = record
        return found

    def _read(
        self, path: str, ids: Sequence[str], columns: Callable[[], list[str]]
    ) -> list[Raw | None]:
        body = {"ids": list(ids), "fields": columns()}
        return self._client.records("collections.read", path, body)

    def removals(self, object: str, ids: Collection[str]) -> dict[str, Removal]:
        """Those that are not there; what is in the bin tells what it was merged into."""
        there = self.read(object, ids, ())
        missing = [id for id in dict.fromkeys(ids) if id not in there]
        masters = self._masters(object, missing)
        return {
            id: Removal(ref=Ref(object=object, id=id), merged_into=masters.get(id))
            for id in missing
        }

    def _masters(self, object: str, ids: Collection[str]) -> dict[str, str]:
        """What these were merged into in the end: a master may have been merged, too."""
        if not ids or _MASTER not in self.fields(object):
            return {}
        found: dict[str, str] = {}
        for some in batches(ids, self.limits["related"]):
            query = soql.select(("Id", _MASTER), table(object), soql.within("Id", some))
            for raw in self._rows("removals.query", query, deleted=True):
                if raw[_MASTER]:
                    found[raw["Id"]] = raw[_MASTER]
        further = self._masters(object, sorted(set(found.values()) - set(ids)))
        return {id: further.get(master, master) for id, master in found.items()}

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """Records that point to these, or to the same account as these; eldest first."""
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
        found = self.related("Account", sorted({*accounts.values()} - {""}), to, fields)
        return {id: found[account] for id, account in accounts.items() if account in found}

    def opt_outs(self, people: Mapping[str, str]) -> dict[str, OptOut]:
        """By the flags on the contacts, 2,000 a call."""
        try:
            records = self.read("Contact", list(people), [_OPTED_OUT, _BOUNCED])
        except (Retry, Gone, Reject, Drift):
            return {}
        return {
            id: _opt_out(record.fields)
            for id, record in records.items()
            if _OPTED_OUT in record.fields
        }

    def members(self, segment: str) -> Iterator[str]:
        """The contacts in a campaign."""
        query = soql.select(
            ["ContactId"],
            "CampaignMember",
            soql.equals("CampaignId", segment),
            soql.known("ContactId"),
        )
        for raw in self._rows("members.query", query):
            yield raw["ContactId"]

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """By our external id; a message by the task that logs it, which ends with its key."""
        if kind == DEPARTURE:
            yield from self._departures(keys)
            return
        if kind not in TABLES:
            yield from self._mails(keys or {})
            return
        key = self._key(kind)
        conditions = [self._ours(kind)]
        if keys is not None:
            conditions = [(soql.within(key, some),) for some in batches(keys, self.limits["find"])]
        for where in conditions:
            here = soql.is_true("IsDeleted", is_=False)
            query = soql.select(self._columns(kind, None), "Task", *where, here)
            for raw in self._rows("find.query", query, deleted=True):
                if keys is None or raw[key] in keys:
                    values = self.activities.read(kind, raw)
                    del values["key"]
                    yield Held(key=raw[key], id=raw["Id"], values=values)

    def linked(self, kind: str, about: Mapping[str, Ref]) -> frozenset[str]:
        """By what they point to, 2,000 a call."""
        keeping, object, links = self._names.departure, table(kind), ["WhatId", "WhoId"]
        if kind == DEPARTURE and keeping:
            object, links = keeping.object, [*keeping.about.values()]
        path, found = f"composite/sobjects/{object}", []
        for some in batches(about, self.limits["read"]):
            for raw in self._read(path, some, lambda: ["Id", *links]):
                if raw and about[raw["Id"]].id in (raw[link] for link in links):
                    found.append(raw["Id"])
        return frozenset(found)

    def _departures(self, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """The records of departures, by their external id; those in the bin are gone."""
        keeping = self._names.departure
        if keeping is None:
            return
        known, key = self.fields(keeping.object), keeping.key
        names = [name for name in keeping.fields if name in known]
        conditions = [soql.known(key)]
        if keys is not None:
            conditions = [soql.within(key, some) for some in batches(keys, self.limits["find"])]
        for where in conditions:
            query = soql.select(("Id", key, *names), table(keeping.object), where)
            for raw in self._rows("find.query", query):
                if keys is None or raw[key] in keys:
                    values = {name: decode(raw[name], known[name].type) for name in names}
                    yield Held(key=raw[key], id=raw["Id"], values=values)

    def _mails(self, keys: Mapping[str, Ref]) -> Iterator[Held]:
        """What was deleted since was sent all the same."""
        people = {ref.id for ref in keys.values()}
        for some in batches(sorted(people), self.limits["related"]):
            query = soql.select(
                ("Id", "Description"),
                "Task",
                soql.equals("TaskSubtype", "Email"),
                soql.within("WhoId", some),
            )
            for raw in self._rows("mails.query", query, deleted=True):
                last = (raw["Description"] or "").rstrip().rpartition(" ")[2]
                if last in keys:
                    yield Held(key=last, id=raw["Id"], values={})

    def _still(self, object: str, ask: Callable[[], Found]) -> Found:
        """Ask; and once more where fields have gone since they were read."""
        before = self.fields(object)
        try:
            return ask()
        except Drift:
            self._fields.pop(object, None)
            if self.fields(object).keys() == before.keys():
                raise
            return ask()

    def _since(self, query: Query, low: datetime, passed: tuple[str, ...]) -> str:
        where = []
        if passed:
            where.append(soql.after("SystemModstamp", *passed))
        elif low != ALWAYS:
            where.append(soql.since("SystemModstamp", low))
        if query.object in TABLES:
            where += self._ours(query.object)
        elif query.having:
            where.append(soql.known(query.having))
        columns = (*self._columns(query.object, query.fields), "IsDeleted")
        return soql.select(columns, table(query.object), *where, order="SystemModstamp, Id")

    def _ours(self, kind: str) -> tuple[str, ...]:
        """What tells our tasks from our notes, and both from everybody else's."""
        step = soql.known(self._names.task["step"], is_=kind == TASK)
        return (soql.known(self._key(kind)), step)

    def _key(self, kind: str) -> str:
        if kind == DEPARTURE:
            return self._names.departure.key if self._names.departure else ""
        names = self._names.task if kind == TASK else self._names.note
        return names["key"]

    def _columns(self, object: str, fields: Collection[str] | None) -> list[str]:
        """The columns to ask for: of what is wanted, all that we can see."""
        wanted = columns(object, fields, self._names) if object in TABLES else fields or ()
        known = self.fields(object)
        also = () if object in TABLES else [n for n in (_MASTER, recordtypes.FIELD) if n in known]
        return list(dict.fromkeys(("Id", *(n for n in wanted if n in known), *_STAMPS, *also)))

    def _record(self, object: str, raw: Raw, fields: Collection[str]) -> Record:
        known = self.fields(object)
        self._types.note(raw)
        return Record(
            ref=Ref(object=object, id=raw["Id"]),
            fields=self.activities.read(object, raw)
            if object in TABLES
            else {n: decode(raw.get(n), known[n].type) for n in fields if n in known},
            created_at=_moment(raw.get("CreatedDate")),
            modified_at=_moment(raw.get("SystemModstamp")),
            gone=bool(raw.get("IsDeleted")),
            merged_into=raw.get(_MASTER),
        )


def _moment(raw: str | None) -> datetime | None:
    return moment(raw) if raw else None


def _history(object: str, field: str) -> tuple[str, str, str]:
    """Where a field's history is, what points from there to the record, and what has the value."""
    if (object, field) in _STAGES:
        return _STAGES[object, field], f"{object}Id", field
    if object.endswith("__c"):
        return f"{object.removesuffix('c')}History", "ParentId", "NewValue"
    return _HISTORY.get(object, f"{object}History"), f"{object}Id", "NewValue"


def _meant(field: Field, raw: Any) -> Value:
    """A value from a history, which has labels in some orgs where the record has values."""
    value = decode(raw, field.type)
    meant = {o.label: o.value for o in field.options} | {o.value: o.value for o in field.options}
    if isinstance(value, tuple):
        return tuple(sorted(meant.get(part, part) for part in value))
    return meant.get(value, value) if isinstance(value, str) else value


def _opt_out(flags: Mapping[str, Value]) -> OptOut:
    if flags[_OPTED_OUT]:
        return OptOut(out=True, words="opted out of e-mail in Salesforce")
    bounced = flags.get(_BOUNCED) is not None
    return OptOut(out=bounced, words="mail to this address bounces" if bounced else "")
