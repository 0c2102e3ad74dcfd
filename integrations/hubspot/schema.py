"""What a portal has: its identity, its properties, its owners and lists; and what it lacks.

Sources: "Account information", "Properties", "Owners" and "Lists" in HubSpot's API reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from integrations.contract import (
    Field,
    FieldSpec,
    FieldType,
    Identity,
    Names,
    Option,
    Owner,
    Schema,
    SegmentSpec,
    Spec,
    Usage,
)
from integrations.errors import Exists, Gone
from integrations.hubspot.client import Client
from integrations.hubspot.objects import plural
from integrations.hubspot.values import field_type

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
    }

    def __init__(self, client: Client, names: Names) -> None:
        self._client = client
        self._names = names
        self._types: dict[str, Mapping[str, FieldType]] = {}

    def now(self) -> datetime:
        """HubSpot's clock."""
        return self._client.now()

    def usage(self) -> Usage:
        """Calls of today."""
        return self._client.usage()

    def identity(self) -> Identity:
        """The portal behind the token."""
        info = self._client.call("account.info")
        return Identity(
            org=str(info["portalId"]),
            name=f"portal {info['portalId']}",
            kind=_KINDS.get(info.get("accountType", ""), "developer"),
            zone=_zone(info.get("timeZone")),
            currency=info.get("companyCurrency"),
        )

    def schema(self, objects: Collection[str]) -> dict[str, Schema]:
        """The properties of these objects; one call each."""
        found = {}
        for object in objects:
            try:
                answer = self._client.call("properties.list", path={"object": plural(object)})
            except Gone:
                continue
            fields = {raw["name"]: _field(raw) for raw in answer["results"]}
            found[object] = Schema(object=object, label=plural(object), fields=fields)
            self._types[object] = {name: field.type for name, field in fields.items()}
        return found

    def types(self, object: str) -> Mapping[str, FieldType]:
        """The neutral types of an object's properties; read once."""
        if object not in self._types:
            self.schema([object])
        return self._types.get(object, {})

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
        """Those of the portal's manual lists, by name."""
        found: dict[str, str] = {}
        offset = 0
        while True:
            body = {
                "listIds": [],
                "processingTypes": ["MANUAL"],
                "query": "",
                "offset": offset,
                "count": 500,
            }
            answer = self._client.call("lists.search", body=body)
            for raw in answer["lists"]:
                if raw["name"] in names:
                    found[raw["name"]] = str(raw["listId"])
            if not answer.get("hasMore"):
                return found
            offset = int(answer["offset"])

    def missing(self, wanted: Sequence[Spec]) -> tuple[Spec, ...]:
        """What the portal lacks."""
        schemas = self.schema(sorted({w.object for w in wanted if isinstance(w, FieldSpec)}))
        lists = [spec.name for spec in wanted if isinstance(spec, SegmentSpec)]
        segments = self.segments(lists) if lists else {}
        return tuple(
            spec
            for spec in wanted
            if (isinstance(spec, SegmentSpec) and spec.name not in segments)
            or (
                isinstance(spec, FieldSpec)
                and (spec.object not in schemas or spec.name not in schemas[spec.object].fields)
            )
        )

    def provision(self, spec: Spec) -> None:
        """Create a property, in our group, or a manual list."""
        try:
            if isinstance(spec, SegmentSpec):
                type_id = {"contacts": "0-1", "companies": "0-2"}[plural(spec.object)]
                body = {"name": spec.name, "objectTypeId": type_id, "processingType": "MANUAL"}
                self._client.call("lists.create", body=body)
            else:
                path = {"object": plural(spec.object)}
                self._group(path)
                self._client.call("properties.create", path=path, body=_property(spec))
                self._types.pop(spec.object, None)
        except Exists:
            return

    def _group(self, path: Mapping[str, str]) -> None:
        groups = self._client.call("groups.list", path=path)["results"]
        if all(group["name"] != GROUP for group in groups):
            body = {"name": GROUP, "label": "Off-boarding (Aurevoir)", "displayOrder": -1}
            self._client.call("groups.create", path=path, body=body)

    def _all(self, operation: str, query: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Every page of a listing."""
        after: str | None = None
        while True:
            answer = self._client.call(
                operation, query={**query, **({"after": after} if after else {})}
            )
            yield from answer["results"]
            after = ((answer.get("paging") or {}).get("next") or {}).get("after")
            if not after:
                return


def _zone(raw: str | None) -> str:
    """HubSpot writes some portals' zone as ``US/Eastern``, and some with an underscore lacking."""
    return (raw or "UTC").replace(" ", "_")


def _field(raw: Mapping[str, Any]) -> Field:
    metadata = raw.get("modificationMetadata") or {}
    type = field_type(raw["type"], raw.get("fieldType", ""), raw.get("referencedObjectType"))
    return Field(
        name=raw["name"],
        label=raw.get("label") or raw["name"],
        type=type,
        options=tuple(
            Option(value=o["value"], label=o["label"], active=not o.get("hidden"))
            for o in raw.get("options") or ()
        ),
        length=65_536 if type in (FieldType.TEXT, FieldType.WORDS) else None,
        unique=bool(raw.get("hasUniqueValue")),
        writable=not metadata.get("readOnlyValue"),
        calculated=bool(raw.get("calculated")),
        restricted=type in (FieldType.CHOICE, FieldType.CHOICES),
    )


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
