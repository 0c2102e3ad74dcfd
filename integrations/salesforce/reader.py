"""Reading from an org: what changed, what is there, what belongs together, who opted out.

Sources: "Query", "QueryAll", "sObject Get Updated" and "Retrieve Records with sObject Collections"
in the REST API developer guide; system fields in the Object reference. ``SystemModstamp`` moves
with changes of people and of automation alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

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
    Ref,
    Removal,
    Roster,
    Value,
)
from integrations.errors import Drift, Gone, Park, Reject, Retry
from integrations.salesforce import soql
from integrations.salesforce.activities import TABLES
from integrations.salesforce.records import MASTER, Raw
from integrations.salesforce.relations import Relations
from integrations.salesforce.schema import table
from integrations.salesforce.values import decode, moment
from integrations.watermark import ALWAYS, Watermark

#: Objects whose history has a name of its own.
_HISTORY: Final = {"Opportunity": "OpportunityFieldHistory"}
#: Fields whose history every org keeps, tracked or not.
_STAGES: Final = {("Opportunity", "StageName"): "OpportunityHistory"}
_OPTED_OUT, _BOUNCED = "HasOptedOutOfEmail", "EmailBouncedDate"


class Reader(Relations):
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
        if not ids or MASTER not in self.fields(object):
            return {}
        found: dict[str, str] = {}
        for some in batches(ids, self.limits["related"]):
            query = soql.select(("Id", MASTER), table(object), soql.within("Id", some))
            for raw in self._rows("removals.query", query, deleted=True):
                if raw[MASTER]:
                    found[raw["Id"]] = raw[MASTER]
        further = self._masters(object, sorted(set(found.values()) - set(ids)))
        return {id: further.get(master, master) for id, master in found.items()}

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

    def open_tasks(self) -> int | None:
        """By a query that counts."""
        ours = (*self._ours(TASK), soql.is_true("IsClosed", is_=False))
        try:
            answer = self._client.query("count.query", soql.count("Task", *ours))
        except (Retry, Gone, Reject, Drift):
            return None
        return int(answer["totalSize"])

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

    def listed(
        self, rosters: Collection[Roster], refs: Collection[Ref]
    ) -> dict[str, frozenset[Ref]]:
        """By the memberships of these people, of all the campaigns at once."""
        campaigns = sorted(one.id for one in rosters if one.object)
        people = {ref.id: ref for ref in refs if ref.object == "Contact"}
        found: dict[str, set[Ref]] = defaultdict(set)
        for some in batches(people, self.limits["listed"]) if campaigns else ():
            query = soql.select(
                ("CampaignId", "ContactId"),
                "CampaignMember",
                soql.within("CampaignId", campaigns),
                soql.within("ContactId", some),
            )
            for raw in self._rows("listed.query", query):
                found[raw["CampaignId"]].add(people[raw["ContactId"]])
        return {id: frozenset(some) for id, some in found.items()}

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """By our external id; a message by the task that logs it, which ends with its key."""
        if kind == DEPARTURE:
            yield from self._departures(keys)
            return
        if kind not in TABLES:
            yield from self._mails(keys or {})
            return
        key = self._key(kind)
        conditions: list[tuple[str, ...] | None] = [None]
        if keys is not None:
            conditions = [(soql.within(key, some),) for some in batches(keys, self.limits["find"])]
        for where in conditions:
            for raw in self._still(kind, partial(self._found, kind, where)):
                if keys is None or raw[key] in keys:
                    values = self.activities.read(kind, raw)
                    del values["key"]
                    yield Held(key=raw[key], id=raw["Id"], values=values)

    def _found(self, kind: str, where: tuple[str, ...] | None) -> list[Raw]:
        """Our tasks or notes that are not in the bin; None: any of them."""
        here = soql.is_true("IsDeleted", is_=False)
        conditions = self._ours(kind) if where is None else where
        query = soql.select(self._columns(kind, None), "Task", *conditions, here)
        return list(self._rows("find.query", query, deleted=True))

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
        """What tells our tasks from our notes, and both from everybody else's.

        Where the field of the step is gone nothing tells them apart, and both are found.
        """
        step = self._names.task["step"]
        if step not in self.fields(kind):
            self._fields.pop(kind, None)  # it may have come meanwhile
        apart = (soql.known(step, is_=kind == TASK),) if step in self.fields(kind) else ()
        return (soql.known(self._key(kind)), *apart)

    def _key(self, kind: str) -> str:
        if kind == DEPARTURE:
            return self._names.departure.key if self._names.departure else ""
        names = self._names.task if kind == TASK else self._names.note
        return names["key"]


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
