"""Reading from a portal: what changed, what is there, what belongs together, who opted out.

Sources: "Search", "Batch read", "Associations" and "Subscriptions" in HubSpot's API reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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
    Value,
)
from integrations.errors import Drift, Gone, Reject, Retry
from integrations.hubspot import objects
from integrations.hubspot.schema import Catalogue
from integrations.hubspot.values import decode, milliseconds, moment
from integrations.watermark import ALWAYS, Watermark


class Reader(Catalogue):
    """The verbs that read records."""

    def changes(self, query: Query, since: Cursor | None) -> Iterator[Page]:
        """Changed records in the order of their ids, a page of 200 a call.

        Going by ids is safe where many records share one modification time, and where there are
        more than the 10,000 that search would page through. What is modified meanwhile is not
        before the time at which the look began, so the next one sees it.
        """
        mark = Watermark.read(since) if since else Watermark(at=ALWAYS, low=ALWAYS)
        low, last, size = mark.begin(), next(iter(mark.passed), ""), self.limits["page"]
        modified = objects.modified(query.object)
        filters = [{"propertyName": modified, "operator": "GTE", "value": milliseconds(low)}]
        if low == ALWAYS:
            filters = []
        if having := self._having(query):
            filters.append({"propertyName": having, "operator": "HAS_PROPERTY"})
        wanted = self._wanted(query.object, query.fields)
        while True:
            passed = [{"propertyName": "hs_object_id", "operator": "GT", "value": last}]
            every = filters + (passed if last else [])
            answer = self._client.call(
                "objects.search",
                path={"object": objects.plural(query.object)},
                body={
                    "filterGroups": [{"filters": every}] if every else [],
                    "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                    "properties": [*wanted, modified],
                    "limit": size,
                },
            )
            records = tuple(self._record(query.object, raw) for raw in answer["results"])
            times = [r.modified_at for r in records if r.modified_at]
            begun = mark.begun_at if mark.passed and mark.begun_at else self.now()
            if answer["total"] <= len(records) or not records:
                mark = mark.done(times, since=low, begun_at=begun, page=size)
                yield Page(records=records, cursor=mark.cursor, last=True)
                return
            last = records[-1].ref.id
            mark = mark.through(times, since=low, begun_at=begun, passed=(last,))
            yield Page(records=records, cursor=mark.cursor, last=False)

    def history(
        self, object: str, ids: Collection[str], field: str
    ) -> dict[str, tuple[Moment, ...]]:
        """Every value that a property has had, newest first."""
        found = {}
        for some in batches(ids, self.limits["history"]):
            body = {
                "inputs": [{"id": id} for id in some],
                "properties": [],
                "propertiesWithHistory": [field],
            }
            path = {"object": objects.plural(object)}
            answer = self._client.call("objects.read", path=path, body=body)
            for raw in answer["results"]:
                versions = (raw.get("propertiesWithHistory") or {}).get(field) or ()
                found[str(raw["id"])] = tuple(
                    Moment(value=v["value"], at=moment(v["timestamp"]), by=_by(v)) for v in versions
                )
        return found

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records by id; the database answers, not the search index."""
        return self._by(object, ids, self._wanted(object, fields), None)

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """Which records belong to which, then those records."""
        if objects.plural(object) == objects.plural(to):
            return {id: (record,) for id, record in self.read(to, ids, fields).items()}
        links: dict[str, list[str]] = defaultdict(list)
        path = {"object": objects.plural(object), "to": objects.plural(to)}
        for some in batches(ids, self.limits["related"]):
            body = {"inputs": [{"id": id} for id in some]}
            answer = self._client.call("associations.read", path=path, body=body)
            for raw in answer["results"]:
                links[str(raw["from"]["id"])] += [str(one["toObjectId"]) for one in raw["to"]]
        every = sorted({id for listed in links.values() for id in listed}, key=int)
        records = self.read(to, every, fields)
        return {
            id: tuple(records[one] for one in sorted(set(listed), key=int) if one in records)
            for id, listed in links.items()
        }

    def opt_outs(self, people: Mapping[str, str]) -> dict[str, OptOut]:
        """Asks for each address: reading many at once needs Marketing Hub Enterprise."""
        found = {}
        for id, address in people.items():
            try:
                answer = self._client.call(
                    "opt_outs.read", path={"email": address}, query={"channel": "EMAIL"}
                )
            except (Retry, Gone, Reject, Drift):
                continue
            out = any(raw.get("status") != "SUBSCRIBED" for raw in answer["results"])
            words = "unsubscribed from all e-mail in HubSpot" if out else ""
            found[id] = OptOut(out=out, words=words)
        return found

    def members(self, segment: str) -> Iterator[str]:
        """The ids of a list's members."""
        after: str | None = None
        while True:
            query = {"limit": 250, **({"after": after} if after else {})}
            answer = self._client.call("members.list", path={"list": segment}, query=query)
            yield from (str(raw["recordId"]) for raw in answer["results"])
            after = ((answer.get("paging") or {}).get("next") or {}).get("after")
            if not after:
                return

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """By our unique property; all of ours by search, which may lag."""
        if kind not in (TASK, NOTE):
            return
        key = self._key(kind)
        if keys is not None:
            wanted = tuple(objects.properties(kind, self._names).values())
            for record in self._by(kind, keys, wanted, key).values():
                yield self._held(record)
            return
        for page in self.changes(Query(object=kind, fields=("step",)), None):
            yield from (self._held(record) for record in page.records if record.fields.get("key"))

    def _by(
        self, object: str, ids: Collection[str], wanted: Iterable[str], property: str | None
    ) -> dict[str, Record]:
        path = {"object": objects.plural(object)}
        found = {}
        for some in batches(ids, self.limits["read"]):
            body: dict[str, Any] = {
                "inputs": [{"id": id} for id in some],
                "properties": list(wanted),
                "propertiesWithHistory": [],
            }
            if property:
                body["idProperty"] = property
            answer = self._client.call("objects.read", path=path, body=body)
            for raw in answer["results"]:
                record = self._record(object, raw)
                found[record.ref.id] = record
        return found

    def _having(self, query: Query) -> str | None:
        return self._key(query.object) if query.object in (TASK, NOTE) else query.having

    def _key(self, kind: str) -> str:
        names = self._names.task if kind == TASK else self._names.note
        return names["key"]

    def _wanted(self, object: str, fields: Collection[str]) -> list[str]:
        """The properties to ask for: of tasks and notes by our words, and the key always."""
        if object not in (TASK, NOTE):
            return list(fields)
        known = objects.properties(object, self._names)
        return [known[name] for name in dict.fromkeys((*fields, "key")) if name in known]

    def _record(self, object: str, raw: Mapping[str, Any]) -> Record:
        values: Mapping[str, Any] = raw["properties"]
        fields: dict[str, Value]
        if object in (TASK, NOTE):
            fields = objects.read(object, values, self._names)
        else:
            types = self.types(object)
            fields = {n: decode(v, types[n]) for n, v in values.items() if n in types}
        changed = values.get(objects.modified(object)) or raw.get("updatedAt")
        return Record(
            ref=Ref(object=object, id=str(raw["id"])),
            fields=fields,
            created_at=_moment(raw.get("createdAt")),
            modified_at=_moment(changed),
            gone=bool(raw.get("archived")),
        )

    @staticmethod
    def _held(record: Record) -> Held:
        values = {name: value for name, value in record.fields.items() if name != "key"}
        return Held(key=str(record.fields.get("key")), id=record.ref.id, values=values)


def _moment(raw: str | None) -> datetime | None:
    return moment(raw) if raw else None


def _by(version: Mapping[str, Any]) -> str | None:
    by = version.get("updatedByUserId")
    return str(by) if by else None
