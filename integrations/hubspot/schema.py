"""What a portal has: its identity, its properties, its owners and lists; and what it lacks.

Sources: "Account information", "Properties", "Owners", "Lists" and "Schemas" in HubSpot's API
reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.contract import (
    DEPARTURE,
    Field,
    FieldSpec,
    FieldType,
    Identity,
    MendSpec,
    Names,
    ObjectSpec,
    Option,
    Owner,
    Roster,
    Schema,
    SegmentSpec,
    Spec,
    Usage,
)
from integrations.errors import Drift, Exists, Gone, Reject
from integrations.hubspot.client import Client
from integrations.hubspot.objects import OWN, PIPELINES, TYPE_IDS, plural
from integrations.hubspot.values import LONGEST, field_type
from integrations.lacking import lacking

GROUP: Final = "aurevoir"
_KINDS: Final = {"STANDARD": "production", "SANDBOX": "sandbox"}
#: Neutral type -> (type, fieldType).
_MAKE: Final = {
    FieldType.TEXT: ("string", "text"),
    FieldType.URL: ("string", "text"),
    FieldType.WORDS: ("string", "textarea"),
    FieldType.CHOICE: ("enumeration", "select"),
    FieldType.CHOICES: ("enumeration", "checkbox"),
    FieldType.NUMBER: ("number", "number"),
    FieldType.PERCENT: ("number", "number"),
    FieldType.DATE: ("date", "date"),
    FieldType.MOMENT: ("datetime", "date"),
    FieldType.FLAG: ("bool", "booleancheckbox"),
}
#: What an object that others are associated with is called in their definition.
_SINGULAR: Final = {"companies": "COMPANY", "contacts": "CONTACT"}
#: A bool is created with exactly these.
_FLAG: Final = (Option(value="true", label="Yes"), Option(value="false", label="No"))


class Catalogue:
    """The verbs that read and make what a portal has."""

    limits: Mapping[str, int] = {
        "page": 200,
        "read": 100,
        "related": 1000,
        "related_read": 100,
        "history": 50,
        "find": 100,
        "create": 100,
        "change": 100,
        "member": 500,
        "send": 1,
        "opt_out": 1,
        "listed": 100,
    }

    def __init__(self, client: Client, names: Names) -> None:
        self._client = client
        self._names = names
        #: What this portal allows, once it has been asked.
        self._allowed = dict(self.limits)
        self.limits = self._allowed
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._grouped: set[str] = set()
        #: Properties that are there, although answers leave them out where they are empty.
        self._silent: set[tuple[str, str]] = set()
        #: The type id of the object that keeps the departures, once it was asked for.
        self._type_id = ""
        #: What a departure is about -> how it is associated, likewise.
        self._links_known: dict[str, Mapping[str, Any]] = {}

    def now(self) -> datetime:
        """HubSpot's clock."""
        return self._client.now()

    def usage(self) -> Usage:
        """Calls of today."""
        return self._client.usage()

    def identity(self) -> Identity:
        """The portal behind the token."""
        info = self._client.call("account.info")
        zone = _zone(info.get("timeZone"))
        with suppress(ZoneInfoNotFoundError, ValueError):
            self._client.zone = ZoneInfo(zone)
        return Identity(
            org=str(info["portalId"]),
            name=f"portal {info['portalId']}",
            kind=_KINDS.get(info.get("accountType", ""), "developer"),
            zone=zone,
            currency=info.get("companyCurrency"),
            version=self._client.versions()["account.info"],
        )

    def place(self, object: str) -> str:
        """An object's name in paths; raises Drift for one of our own that the portal has not."""
        keeping = self._names.departure
        if keeping is None or object not in (DEPARTURE, keeping.object):
            return plural(object)
        if not self._type_id:
            for raw in self._client.call("schemas.list")["results"]:
                if raw["name"] == keeping.object and not raw.get("archived"):
                    self._type_id = str(raw["objectTypeId"])
        if not self._type_id:
            raise Drift(f"HubSpot has no object {keeping.object}")
        return self._type_id

    def schema(self, objects: Collection[str]) -> dict[str, Schema]:
        """The properties of these objects; one call each."""
        found = {}
        for object in objects:
            try:
                answer = self._client.call("properties.list", path={"object": self.place(object)})
            except (Gone, Reject, Drift):
                if object == (self._names.departure and self._names.departure.object):
                    self._type_id = ""
                continue
            fields = {raw["name"]: _field(raw) for raw in answer["results"]}
            fields |= self._staged(plural(object), fields)
            found[object] = Schema(object=object, label=plural(object), fields=fields)
            self._fields[object] = fields
        return found

    def _staged(self, object: str, fields: Mapping[str, Field]) -> dict[str, Field]:
        """Pipeline and stage with their choices: stages are kept by id, and people know labels."""
        if object not in PIPELINES:
            return {}
        try:
            pipelines = self._client.call("pipelines.list", path={"object": object})["results"]
        except (Gone, Reject, Drift):
            return {}
        choices = (
            [Option(value=str(p["id"]), label=p["label"], active=_live(p)) for p in pipelines],
            [
                Option(
                    value=str(stage["id"]),
                    label=f"{p['label']}: {stage['label']}" if pipelines[1:] else stage["label"],
                    active=_live(p) and _live(stage),
                )
                for p in pipelines
                for stage in p["stages"]
            ],
        )
        return {
            name: replace(fields[name], options=tuple(options))
            for name, options in zip(PIPELINES[object], choices, strict=True)
            if name in fields
        }

    def fields(self, object: str, wanted: Collection[str] = ()) -> Mapping[str, Field]:
        """An object's properties, read once; raises Drift if one that is wanted is not there."""
        if not {*wanted} <= self._fields.get(object, {}).keys():
            self._fields.pop(object, None)
        if object not in self._fields:
            self.schema([object])
        fields = self._fields.get(object, {})
        for name in wanted:
            if name not in fields:
                words = f"HubSpot has no property {name} of {plural(object)}"
                raise Drift(words, field=name)
        return fields

    def owners(self) -> tuple[Owner, ...]:
        """Everybody a task can belong to; the archived ones are not active."""
        return tuple(
            Owner(
                id=str(raw["id"]),
                name=" ".join(filter(None, (raw.get("firstName"), raw.get("lastName"))))
                or raw.get("email")
                or str(raw["id"]),
                email=raw.get("email"),
                active=not archived,
                queue=raw.get("type") == "QUEUE",
            )
            for archived in (False, True)
            for raw in self._all("owners.list", {"limit": 100, "archived": str(archived).lower()})
        )

    def segments(self, names: Collection[str]) -> dict[str, str]:
        """Those of the portal's manual lists of people, by name."""
        if not names:
            return {}
        people = TYPE_IDS["contacts"]
        return {
            raw["name"]: str(raw["listId"])
            for raw in self._lists(["MANUAL"])
            if raw["name"] in names and raw["objectTypeId"] == people
        }

    def rosters(self, names: Collection[str], objects: Collection[str]) -> dict[str, Roster]:
        """Lists by name, the active and the frozen ones too; a portal has each name once."""
        if not names:
            return {}
        known = {TYPE_IDS[plural(o)]: o for o in objects if plural(o) in TYPE_IDS}
        return {
            raw["name"]: Roster(
                id=str(raw["listId"]), object=known.get(str(raw["objectTypeId"]), "")
            )
            for raw in self._lists(["MANUAL", "DYNAMIC", "SNAPSHOT"])
            if raw["name"] in names
        }

    def _lists(self, processing: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Every list that is filled in one of these ways."""
        offset = 0
        while True:
            body = {
                "listIds": [],
                "processingTypes": list(processing),
                "query": "",
                "offset": offset,
                "count": 500,
            }
            answer = self._client.call("lists.search", body=body)
            yield from answer["lists"]
            if not answer.get("hasMore"):
                return
            offset = int(answer["offset"])

    def missing(self, wanted: Sequence[Spec]) -> tuple[Spec, ...]:
        """What the portal lacks."""
        made = {w.name for w in wanted if isinstance(w, ObjectSpec)}
        schemas = self.schema(sorted(made | {w.object for w in wanted if isinstance(w, FieldSpec)}))
        lists = [spec.name for spec in wanted if isinstance(spec, SegmentSpec)]
        return tuple(lacking(wanted, schemas, self.segments(lists) if lists else ()))

    def provision(self, spec: Spec) -> None:
        """Create a property, in our group, a manual list, or a custom object; or mend a property.

        A portal that has no unique properties for tasks and notes gets plain ones.
        """
        if isinstance(spec, MendSpec):
            self._mend(spec)
            return
        if isinstance(spec, SegmentSpec):
            type_id = TYPE_IDS[plural(spec.object)]
            body = {"name": spec.name, "objectTypeId": type_id, "processingType": "MANUAL"}
            with suppress(Exists):
                self._client.call("lists.create", body=body)
            return
        if isinstance(spec, ObjectSpec):
            with suppress(Exists):
                self._client.call("schemas.create", body=_object(spec))
            self._fields.pop(spec.name, None)
            return
        try:
            self._create(spec)
        except Reject:
            if not (spec.unique and spec.object in OWN):
                raise
            self._create(replace(spec, unique=False))
        self._fields.pop(spec.object, None)

    def _create(self, spec: FieldSpec) -> None:
        path = {"object": self.place(spec.object)}
        if spec.object not in self._grouped:
            group = {"name": GROUP, "label": "Off-boarding (Aurevoir)", "displayOrder": -1}
            with suppress(Exists):
                self._client.call("groups.create", path=path, body=group)
            self._grouped.add(spec.object)
        with suppress(Exists):
            self._client.call("properties.create", path=path, body=_property(spec))

    def _mend(self, spec: MendSpec) -> None:
        """Add choices behind those that are there, whatever people have added; show hidden ones."""
        path = {"object": plural(spec.field.object), "name": spec.field.name}
        there = self._client.call("properties.get", path=path)
        if spec.edit:
            raise Drift(f"HubSpot lets nobody write {spec.field.name}", field=spec.field.name)
        known = {raw["value"]: raw for raw in there.get("options") or ()}
        last = max((int(raw.get("displayOrder") or 0) for raw in known.values()), default=-1)
        lost = [o for o in spec.options if known.get(o.value, {}).get("hidden", True)]
        for order, option in enumerate(lost, start=last + 1):
            new = {"label": option.label, "value": option.value, "displayOrder": order}
            known[option.value] = {**new, **known.get(option.value, {}), "hidden": False}
        if lost:
            body = {"options": list(known.values())}
            self._client.call("properties.update", path=path, body=body)
        self._fields.pop(spec.field.object, None)

    def _all(
        self,
        operation: str,
        query: Mapping[str, Any],
        *,
        path: Mapping[str, str] | None = None,
    ) -> Iterator[Mapping[str, Any]]:
        """Every page of a listing."""
        after: str | None = None
        while True:
            further = {"after": after} if after else {}
            answer = self._client.call(operation, path=path, query={**query, **further})
            yield from answer["results"]
            after = ((answer.get("paging") or {}).get("next") or {}).get("after")
            if not after:
                return


def _zone(raw: str | None) -> str:
    """HubSpot writes some portals' zone as ``US/Eastern``, and some with an underscore lacking."""
    return (raw or "UTC").replace(" ", "_")


def _live(raw: Mapping[str, Any]) -> bool:
    return not raw.get("archived")


def _field(raw: Mapping[str, Any]) -> Field:
    metadata = raw.get("modificationMetadata") or {}
    type = field_type(raw)
    return Field(
        name=raw["name"],
        label=raw.get("label") or raw["name"],
        type=type,
        options=tuple(
            Option(value=o["value"], label=o["label"], active=not o.get("hidden"))
            for o in raw.get("options") or ()
        ),
        length=LONGEST if type in (FieldType.TEXT, FieldType.WORDS) else None,
        unique=bool(raw.get("hasUniqueValue")),
        writable=not metadata.get("readOnlyValue"),
        calculated=bool(raw.get("calculated")),
        restricted=type in (FieldType.CHOICE, FieldType.CHOICES),
    )


def _object(spec: ObjectSpec) -> dict[str, Any]:
    """The definition of a custom object; its properties go into the group that it comes with."""
    properties = [
        {name: value for name, value in _property(field).items() if name != "groupName"}
        for field in spec.fields
    ]
    return {
        "name": spec.name,
        "labels": {"singular": spec.label, "plural": spec.plural},
        "description": spec.help,
        "primaryDisplayProperty": spec.display,
        "requiredProperties": [spec.display],
        "searchableProperties": [spec.display],
        "properties": properties,
        "associatedObjects": [_SINGULAR[plural(one)] for one in spec.about],
    }


def _property(spec: FieldSpec) -> dict[str, Any]:
    type, field_type = _MAKE[spec.type]
    options = _FLAG if spec.type is FieldType.FLAG else spec.options
    body: dict[str, Any] = {
        "name": spec.name,
        "label": spec.label,
        "groupName": GROUP,
        "type": type,
        "fieldType": field_type,
        "description": spec.help,
    }
    if options:
        body["options"] = [
            {"label": o.label, "value": o.value, "displayOrder": i, "hidden": False}
            for i, o in enumerate(options)
        ]
    if spec.unique:
        body["hasUniqueValue"] = True
    return body
