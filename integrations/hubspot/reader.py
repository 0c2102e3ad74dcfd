"""Reading from a portal: what changed, what is there, what belongs together, who opted out.

Sources: "Search", "Batch read", "Associations" and "Subscriptions" in HubSpot's API reference.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from integrations.batches import batches
from integrations.contract import (
    DEPARTURE,
    NOTE,
    RELATION,
    TASK,
    Cursor,
    Field,
    Held,
    Moment,
    Page,
    Query,
    Record,
    Ref,
    Removal,
    Roster,
)
from integrations.errors import Drift, Gone, Reject, Retry
from integrations.hubspot import objects
from integrations.hubspot.subscriptions import Subscriptions
from integrations.hubspot.values import decode, milliseconds, moment
from integrations.watermark import ALWAYS, Watermark

#: The ids of those that were merged into a record.
MERGED: Final = "hs_merged_object_ids"
#: Characters that the body of a search may have.
LONGEST: Final = 3_000
_FILTER: Final = ("propertyName", "operator", "value")

Raw = Mapping[str, Any]


class Reader(Subscriptions):
    """The verbs that read records."""

    def changes(self, query: Query, since: Cursor | None) -> Iterator[Page]:
        """Changed records in the order of their ids, a page of 200 a call.

        Going by ids is safe where many records share one modification time, and where there are
        more than the 10,000 that search would page through. What is modified meanwhile is not
        before the time at which the look began, so the next one sees it. What was archived is
        never found.
        """
        mark = Watermark.read(since) if since else Watermark(at=ALWAYS, low=ALWAYS)
        low, last, size = mark.begin(), next(iter(mark.passed), ""), self.limits["page"]
        while True:
            found, more = self._search(query, low, last)
            begun = mark.begun_at if mark.passed and mark.begun_at else self.now()
            records = tuple(self._records(query.object, found, query.fields))
            times = [record.modified_at for record in records if record.modified_at]
            if not more:
                mark = mark.done(times, since=low, begun_at=begun, page=size)
                yield Page(records=records, cursor=mark.cursor, last=True)
                return
            last = str(found[-1]["id"])
            mark = mark.through(times, since=low, begun_at=begun, passed=(last,))
            yield Page(records=records, cursor=mark.cursor, last=False)

    def history(
        self, object: str, ids: Collection[str], field: str
    ) -> dict[str, tuple[Moment, ...]]:
        """Every value that a property has had, newest first."""
        if (known := self.fields(object).get(field)) is None:
            return {}
        found = {}
        for some in batches(dict.fromkeys(ids), self.limits["history"]):
            for raw in self._read(object, some, {"propertiesWithHistory": [field]}):
                versions = (raw.get("propertiesWithHistory") or {}).get(field) or ()
                if versions:
                    found[str(raw["id"])] = tuple(
                        Moment(
                            value=decode(version["value"], known.type),
                            at=moment(version["timestamp"]),
                            by=_by(version),
                        )
                        for version in versions
                    )
        return found

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records by id; the database answers, not the search index."""
        if not ids:
            return {}
        wanted = {"properties": self._wanted(object, fields)}
        found: dict[str, Record] = {}
        for some in batches(dict.fromkeys(ids), self.limits["read"]):
            raws = self._read(object, some, wanted)
            found |= {record.ref.id: record for record in self._records(object, raws, fields)}
        return found

    def removals(self, object: str, ids: Collection[str]) -> dict[str, Removal]:
        """Who was merged away answers as the survivor; then each that is missing is asked for."""
        read = self.read(object, ids, ())
        missing = [id for id in dict.fromkeys(ids) if id not in read]
        merged = bool(read.keys() - set(ids))
        return {
            id: Removal(
                ref=Ref(object=object, id=id),
                merged_into=next(iter(self.read(object, [id], ())), None) if merged else None,
            )
            for id in missing
        }

    def open_tasks(self) -> int | None:
        """By the total of a search, which has no end."""
        conditions = ({"propertyName": self._key(TASK), "operator": "HAS_PROPERTY"}, objects.OPEN)
        body = {"filterGroups": [{"filters": conditions}], "properties": [], "limit": 1}
        try:
            answer = self._client.call(
                "objects.search", path={"object": self.place(TASK)}, body=body
            )
        except (Retry, Gone, Reject, Drift):
            return None
        total = answer.get("total")
        return total if isinstance(total, int) else None

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """Which records belong to which, then those records."""
        if objects.plural(object) == objects.plural(to):
            return {id: (record,) for id, record in self.read(to, ids, fields).items()}
        links = self._links(object, ids, to)
        every = sorted({id for linked in links.values() for id in linked}, key=int)
        records = self.read(to, every, [name for name in fields if name != RELATION])
        found = {
            id: tuple(records[one] for one in sorted(linked, key=int) if one in records)
            for id, linked in links.items()
        }
        if RELATION not in fields:
            return found
        return {
            id: tuple(
                replace(one, fields={**one.fields, RELATION: links[id][one.ref.id] or None})
                for one in listed
            )
            for id, listed in found.items()
        }

    def members(self, segment: str) -> Iterator[str]:
        """The ids of a list's members."""
        path = {"list": segment}
        for raw in self._all("members.list", {"limit": 250}, path=path):
            yield str(raw["recordId"])

    def listed(
        self, rosters: Collection[Roster], refs: Collection[Ref]
    ) -> dict[str, frozenset[Ref]]:
        """Asks for the lists of each record, a hundred a call; what fills itself is told as well.

        Ids of people and of companies may be alike: an answer is for the type that was asked for.
        """
        of = {one.id: one.object for one in rosters}
        asked = {
            (objects.TYPE_IDS[objects.plural(ref.object)], ref.id): ref
            for ref in refs
            if ref.object in of.values()
        }
        found: dict[str, set[Ref]] = defaultdict(set)
        for some in batches(asked, self.limits["listed"]):
            inputs = [{"objectTypeId": type, "recordId": id} for type, id in some]
            answer = self._client.call("rosters.read", body={"inputs": inputs})
            for raw in answer["results"]:
                ref = asked[str(raw["objectTypeId"]), str(raw["recordId"])]
                for one in raw.get("recordListMemberships") or ():
                    if of.get(str(one["listId"])) == ref.object:
                        found[str(one["listId"])].add(ref)
        return {id: frozenset(some) for id, some in found.items()}

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """By our unique property, or from what the records are associated with where a portal has
        no unique ones; all of ours by search, which may lag. Messages cannot be asked for.
        """
        if kind not in (TASK, NOTE, DEPARTURE):
            return
        object, key, names, said = self._own_fields(kind)
        if keys is None:
            fields = ("step",) if kind in objects.OWN else (key,)
            for page in self.changes(Query(object=object, fields=fields, having=key), None):
                yield from (_held(record, said) for record in page.records)
            return
        unique = self.fields(object, [key])[key].unique
        ids = list(keys) if unique else self._about(kind, keys.values())
        by = {"idProperty": key} if unique else {}
        wanted = {"properties": self._wanted(object, names), **by}
        for some in batches(ids, self.limits["find"]):
            for record in self._records(object, self._read(object, some, wanted), names):
                if record.fields[said] in keys:
                    yield _held(record, said)

    def _own_fields(self, kind: str) -> tuple[str, str, tuple[str, ...], str]:
        """Of what we make: its object, its property for our key, its fields, and our word for the
        key.
        """
        if kind in objects.OWN:
            return kind, self._key(kind), tuple(objects.properties(kind, self._names)), "key"
        keeping = self._names.departure
        assert keeping
        return keeping.object, keeping.key, (keeping.key, *keeping.fields), keeping.key

    def linked(self, kind: str, about: Mapping[str, Ref]) -> frozenset[str]:
        """By their associations, a thousand a call and kind of record."""
        groups: dict[str, dict[str, str]] = defaultdict(dict)
        for id, ref in about.items():
            groups[ref.object][id] = ref.id
        return frozenset(
            id
            for object, wanted in groups.items()
            for id, there in self._links(kind, sorted(wanted), object).items()
            if wanted[id] in there
        )

    def _search(self, query: Query, low: datetime, last: str) -> tuple[Sequence[Raw], bool]:
        """The next page of what has changed, and whether there is a further one."""
        modified = objects.modified(query.object)
        conditions = [("hs_object_id", "GT", last)] if last else []
        if low != ALWAYS:
            conditions.append((modified, "GTE", milliseconds(low)))
        filters = [dict(zip(_FILTER, condition, strict=True)) for condition in conditions]
        having = self._key(query.object) if query.object in objects.OWN else query.having
        if having:
            filters.append({"propertyName": having, "operator": "HAS_PROPERTY"})
        wanted = self._wanted(query.object, query.fields)
        body = {
            "filterGroups": [{"filters": filters}] if filters else [],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": [*wanted, modified],
            "limit": self.limits["page"],
        }
        whole = len(json.dumps(body)) <= LONGEST
        try:
            answer = self._client.call(
                "objects.search",
                path={"object": self.place(query.object)},
                body=body if whole else {**body, "properties": [modified]},
            )
        except (Reject, Drift):
            # HubSpot says of a search no more than that something is wrong with it.
            self._fields.pop(query.object, None)
            self.fields(query.object, [having] if having else [])
            raise
        found: Sequence[Raw] = answer["results"]
        more = bool(found) and "next" in (answer.get("paging") or {})
        return found if whole else self._filled(query.object, found, wanted), more

    def _filled(self, object: str, found: Sequence[Raw], wanted: Sequence[str]) -> Sequence[Raw]:
        """What a search found, with the properties that were too many to ask it for."""
        read = {
            raw["id"]: raw["properties"]
            for some in batches([str(raw["id"]) for raw in found], self.limits["read"])
            for raw in self._read(object, some, {"properties": wanted})
        }
        return [
            {**raw, "properties": {**read[raw["id"]], **raw["properties"]}}
            if raw["id"] in read
            else {**raw, "archived": True}
            for raw in found
        ]

    def _read(self, object: str, ids: Collection[str], wanted: Mapping[str, Any]) -> Sequence[Raw]:
        body = {
            "inputs": [{"id": id} for id in ids],
            "properties": [],
            "propertiesWithHistory": [],
            **wanted,
        }
        path = {"object": self.place(object)}
        results: Sequence[Raw] = self._client.call("objects.read", path=path, body=body)["results"]
        return results

    def _links(
        self, object: str, ids: Collection[str], to: str
    ) -> dict[str, dict[str, tuple[str, ...]]]:
        """The associated records with their labels; who has many comes again for the next."""
        links: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        path = {"object": self.place(object), "to": self.place(to)}
        inputs = [{"id": id} for id in dict.fromkeys(ids)]
        while inputs:
            some, inputs = inputs[: self.limits["related"]], inputs[self.limits["related"] :]
            answer = self._client.call("associations.read", path=path, body={"inputs": some})
            for raw in answer["results"]:
                one = str(raw["from"]["id"])
                links[one].update((str(there["toObjectId"]), _labels(there)) for there in raw["to"])
                if after := ((raw.get("paging") or {}).get("next") or {}).get("after"):
                    inputs.append({"id": one, "after": after})
        return dict(links)

    def _about(self, kind: str, refs: Iterable[Ref]) -> list[str]:
        """The ids of the tasks or notes about these records."""
        groups: dict[str, set[str]] = defaultdict(set)
        for ref in refs:
            groups[ref.object].add(ref.id)
        links = [self._links(object, sorted(ids), kind) for object, ids in groups.items()]
        return sorted({id for found in links for linked in found.values() for id in linked})

    def _key(self, kind: str) -> str:
        if kind == DEPARTURE:
            return self._names.departure.key if self._names.departure else ""
        names = self._names.task if kind == TASK else self._names.note
        return names["key"]

    def _wanted(self, object: str, fields: Collection[str]) -> list[str]:
        """The properties to ask for: of tasks and notes by our words, and the key always."""
        if object not in objects.OWN:
            merged = (MERGED,) if MERGED in self.fields(object) else ()
            return list(dict.fromkeys((*fields, *merged)))
        known = objects.properties(object, self._names)
        return [known[name] for name in dict.fromkeys((*fields, "key")) if name in known]

    def _records(
        self, object: str, found: Iterable[Raw], fields: Collection[str]
    ) -> Iterator[Record]:
        modified = objects.modified(object)
        found = list(found)
        known = {} if object in objects.OWN else self._known(object, found, fields)
        for raw in found:
            values: Raw = raw["properties"]
            yield Record(
                ref=Ref(object=object, id=str(raw["id"])),
                fields=objects.read(object, values, self._names)
                if object in objects.OWN
                else {n: decode(values.get(n), known[n].type) for n in fields if n in known},
                created_at=_moment(raw.get("createdAt")),
                modified_at=_moment(values.get(modified) or raw.get("updatedAt")),
                gone=bool(raw.get("archived")),
                absorbed=tuple(filter(None, (values.get(MERGED) or "").split(";"))),
            )

    def _known(
        self, object: str, found: Sequence[Raw], fields: Collection[str]
    ) -> Mapping[str, Field]:
        """An object's properties; read once more where an answer lacks some of those asked for.

        HubSpot passes over properties that it does not have, without a word.
        """
        known = self.fields(object)
        silent = {
            name
            for name in {*fields} & known.keys()
            if (object, name) not in self._silent
            and found
            and all(name not in raw["properties"] for raw in found)
        }
        if not silent:
            return known
        self._fields.pop(object, None)
        known = self.fields(object)
        self._silent |= {(object, name) for name in silent & known.keys()}
        return known


def _held(record: Record, key: str) -> Held:
    values = {name: value for name, value in record.fields.items() if name != key}
    return Held(key=str(record.fields[key]), id=record.ref.id, values=values)


def _moment(raw: str | None) -> datetime | None:
    return moment(raw) if raw else None


def _by(version: Raw) -> str | None:
    by = version.get("updatedByUserId")
    return str(by) if by else None


def _labels(linked: Raw) -> tuple[str, ...]:
    """What one record is to the other, as the portal calls it; "Primary" is HubSpot's own word."""
    types = linked.get("associationTypes") or ()
    own = (one for one in types if one.get("category") != "HUBSPOT_DEFINED")
    return tuple(sorted({str(one["label"]) for one in own if one.get("label")}))
