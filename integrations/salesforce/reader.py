"""Reading from an org: what changed, what is there, what belongs together, who opted out.

Sources: "Query", "QueryAll" and "Retrieve Records with sObject Collections" in the REST API
developer guide; system fields in the Object reference. ``SystemModstamp`` moves with changes of
people and of automation alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from integrations.batches import batches
from integrations.contract import (
    NOTE,
    TASK,
    Cursor,
    Held,
    Moment,
    OptOut,
    Page,
    Query,
    Record,
    Ref,
)
from integrations.errors import Drift
from integrations.salesforce import soql
from integrations.salesforce.schema import Catalogue
from integrations.salesforce.values import decode, moment
from integrations.watermark import ALWAYS, Watermark

#: Objects whose history has a name of its own.
_HISTORY = {"Opportunity": ("OpportunityFieldHistory", "OpportunityId")}


class Reader(Catalogue):
    """The verbs that read records."""

    def changes(self, query: Query, since: Cursor | None) -> Iterator[Page]:
        """Changed and deleted records in the order of their modification, 2,000 a call.

        A look that is broken off goes on by time and id: a query's own cursor may be gone by then.
        """
        mark = Watermark.read(since) if since else Watermark(at=ALWAYS, low=ALWAYS)
        low, size = mark.begin(), self.limits["page"]
        operation = f"changes.{query.object}.query"
        answer = self._client.query(operation, self._since(query, low, mark.passed), deleted=True)
        begun = mark.begun_at if mark.passed and mark.begun_at else self.now()
        while True:
            records = tuple(self._record(query.object, raw) for raw in answer["records"])
            times = [r.modified_at for r in records if r.modified_at]
            if answer["done"]:
                mark = mark.done(times, since=low, begun_at=begun, page=size)
                yield Page(records=records, cursor=mark.cursor, last=True)
                return
            passed = (soql.literal(times[-1]), records[-1].ref.id)
            mark = mark.through(times, since=low, begun_at=begun, passed=passed)
            yield Page(records=records, cursor=mark.cursor, last=False)
            answer = self._client.more(operation, answer["nextRecordsUrl"])

    def history(
        self, object: str, ids: Collection[str], field: str
    ) -> dict[str, tuple[Moment, ...]]:
        """The values a tracked field has had, newest first; an untracked one has no history."""
        name, link = _HISTORY.get(object, (f"{object}History", f"{object}Id"))
        found: dict[str, list[Moment]] = defaultdict(list)
        for some in batches(ids, self.limits["history"]):
            query = soql.select(
                (link, "NewValue", "CreatedDate", "CreatedById"),
                name,
                soql.equals("Field", field),
                soql.within(link, some),
                order="CreatedDate DESC, Id DESC",
            )
            try:
                for raw in self._rows("history.query", query):
                    found[raw[link]].append(
                        Moment(
                            value=raw["NewValue"],
                            at=moment(raw["CreatedDate"]),
                            by=raw["CreatedById"],
                        )
                    )
            except Drift:
                return {}
        return {id: tuple(moments) for id, moments in found.items()}

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records by id, 2,000 a call."""
        path = f"composite/sobjects/{'Task' if object in (TASK, NOTE) else object}"
        found = {}
        for some in batches(ids, self.limits["read"]):
            body = {"ids": list(some), "fields": self._columns(object, fields)}
            for raw in self._client.rest("collections.read", "POST", path, body=body) or ():
                if raw is not None:
                    record = self._record(object, raw)
                    found[record.ref.id] = record
        return found

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """Records that point to these, eldest first."""
        if object == to:
            return {id: (record,) for id, record in self.read(to, ids, fields).items()}
        link = f"{object}Id"
        columns = (*self._columns(to, fields), link)
        found: dict[str, list[Record]] = defaultdict(list)
        for some in batches(ids, self.limits["related"]):
            query = soql.select(columns, to, soql.within(link, some), order="CreatedDate, Id")
            for raw in self._rows("related.query", query):
                found[raw[link]].append(self._record(to, raw))
        return {id: tuple(records) for id, records in found.items()}

    def opt_outs(self, people: Mapping[str, str]) -> dict[str, OptOut]:
        """By the flags on the contacts, 2,000 a call."""
        records = self.read("Contact", list(people), ["HasOptedOutOfEmail", "EmailBouncedDate"])
        found = {}
        for id, record in records.items():
            bounced = record.fields.get("EmailBouncedDate") is not None
            out = bool(record.fields.get("HasOptedOutOfEmail"))
            words = "opted out of e-mail in Salesforce" if out else "mail to this address bounces"
            found[id] = OptOut(out=out or bounced, words=words if out or bounced else "")
        return found

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
        if kind not in (TASK, NOTE):
            yield from self._mails(keys or {})
            return
        key, step = self._names.task["key"], self._names.task["step"]
        columns = ("Id", *self.activities.columns(kind))
        wheres: list[tuple[str, ...]]
        if keys is None:
            wheres = [(soql.known(key), soql.known(step, is_=kind == TASK))]
        else:
            wheres = [(soql.within(key, some),) for some in batches(keys, self.limits["find"])]
        for where in wheres:
            for raw in self._rows("find.query", soql.select(columns, "Task", *where)):
                values = self.activities.read(kind, raw)
                values.pop("key", None)
                yield Held(key=raw[key], id=raw["Id"], values=values)

    def _mails(self, keys: Mapping[str, Ref]) -> Iterator[Held]:
        people = {ref.id for ref in keys.values()}
        for some in batches(sorted(people), self.limits["related"]):
            query = soql.select(
                ("Id", "Description"),
                "Task",
                soql.equals("TaskSubtype", "Email"),
                soql.within("WhoId", some),
            )
            for raw in self._rows("mails.query", query):
                last = (raw["Description"] or "").rstrip().rpartition(" ")[2]
                if last in keys:
                    yield Held(key=last, id=raw["Id"], values={})

    def _since(self, query: Query, low: datetime, passed: tuple[str, ...]) -> str:
        where = []
        if passed:
            where.append(soql.after("SystemModstamp", *passed))
        elif low != ALWAYS:
            where.append(soql.since("SystemModstamp", low))
        having = self._names.task["step"] if query.object == TASK else query.having
        if having:
            where.append(soql.known(having))
        columns = (*self._columns(query.object, query.fields), "IsDeleted")
        name = "Task" if query.object == TASK else query.object
        return soql.select(columns, name, *where, order="SystemModstamp, Id")

    def _columns(self, object: str, fields: Collection[str]) -> list[str]:
        ours = self.activities.columns(object) if object in (TASK, NOTE) else fields
        return list(dict.fromkeys(("Id", *ours, "CreatedDate", "SystemModstamp")))

    def _record(self, object: str, raw: Mapping[str, Any]) -> Record:
        if object in (TASK, NOTE):
            fields = self.activities.read(object, raw)
        else:
            types = self.types(object)
            fields = {n: decode(v, types[n]) for n, v in raw.items() if n in types}
        return Record(
            ref=Ref(object=object, id=raw["Id"]),
            fields=fields,
            created_at=_moment(raw.get("CreatedDate")),
            modified_at=_moment(raw.get("SystemModstamp")),
            gone=bool(raw.get("IsDeleted")),
        )


def _moment(raw: str | None) -> datetime | None:
    return moment(raw) if raw else None
