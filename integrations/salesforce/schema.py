"""What an org has: its identity, its fields, its users and queues, its campaigns; what it lacks.

Sources: "sObject Describe" in the REST API developer guide; "CustomField" in the Tooling and the
Metadata API; "Organization", "User", "QueueSobject", "TaskStatus" in the Object reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.batches import batches
from integrations.contract import (
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
from integrations.lacking import lacking
from integrations.salesforce import choices, soql
from integrations.salesforce.activities import TABLES, Activities
from integrations.salesforce.client import OLDEST, Client
from integrations.salesforce.permissions import Permissions
from integrations.salesforce.recordtypes import RecordTypes
from integrations.salesforce.values import field_type

#: Names in one query, whose address has a limit.
_NAMES: Final = 25
_USER: Final = ("Id", "Name", "Email", "IsActive")
#: Where a user works; `CountryCode` is there only in orgs that have state and country picklists.
_PLACE: Final = ("Country", "TimeZoneSidKey")


class Catalogue:
    """The verbs that read and make what an org has."""

    limits: Mapping[str, int] = {
        "page": 2000,
        "read": 2000,
        "related": 400,
        "roles": 400,
        "history": 400,
        "find": 100,
        "create": 200,
        "change": 200,
        "member": 200,
        "send": 50,
        "opt_out": 2000,
        "listed": 400,
    }

    def __init__(self, client: Client, names: Names) -> None:
        self._client = client
        self._names = names
        self._permissions = Permissions(client)
        self._types = RecordTypes(client)
        self._fields: dict[str, Mapping[str, Field]] = {}

    def now(self) -> datetime:
        """Salesforce's clock."""
        return self._client.now()

    def usage(self) -> Usage:
        """Calls of the last 24 hours."""
        return self._client.usage()

    def identity(self) -> Identity:
        """The org behind the session."""
        self._check_version()
        org = self._organization()
        kind = "sandbox" if org.get("IsSandbox") else "production"
        if org.get("OrganizationType") == "Developer Edition":
            kind = "developer"
        return Identity(
            org=org["Id"],
            name=org["Name"],
            kind=kind,
            zone=org.get("TimeZoneSidKey") or "UTC",
            language=org.get("LanguageLocaleKey"),
            version=self._client.version,
        )

    def _check_version(self) -> None:
        """Raises Drift where the org does not speak ours."""
        spoken = [v for v in self._client.versions() if float(v) >= float(OLDEST)]
        if self._client.version not in spoken:
            known = f"{spoken[0]} to {spoken[-1]}" if spoken else f"nothing from {OLDEST} on"
            words = f"this org does not speak API version {self._client.version}, but {known}"
            raise Drift(f"{words}; set version in the credentials", code="UNSUPPORTED_API_VERSION")

    def schema(self, objects: Collection[str]) -> dict[str, Schema]:
        """The fields that the integration user can see; one call an object."""
        found = {}
        for object in objects:
            try:
                said = self._client.describe(table(object))
            except (Gone, Drift):
                continue
            fields = {raw["name"]: _field(raw) for raw in said["fields"]}
            found[object] = Schema(object=object, label=said["label"], fields=fields)
            self._fields[object] = fields
            self._types.forget(object)
        return found

    def fields(self, object: str) -> Mapping[str, Field]:
        """An object's fields, read once; none of an object that is not for us."""
        if object not in self._fields:
            self.schema([object])
        return self._fields.get(object, {})

    def owners(self) -> tuple[Owner, ...]:
        """Users of every kind but the automated ones, and the queues that take tasks."""
        lines = soql.select(
            ("QueueId", "Queue.Name"), "QueueSobject", soql.equals("SobjectType", "Task")
        )
        queues = self._rows("owners.query", lines)
        return (
            *map(_owner, self._users()),
            *(Owner(id=raw["QueueId"], name=raw["Queue"]["Name"], queue=True) for raw in queues),
        )

    def _users(self) -> Sequence[Mapping[str, Any]]:
        """Their places, too, where our user may see them: an org can hide what is personal."""
        only = soql.equals("UserType", "Standard")
        try:
            return [*self._rows("owners.query", soql.select((*_USER, *_PLACE), "User", only))]
        except Drift:
            return [*self._rows("owners.query", soql.select(_USER, "User", only))]

    def segments(self, names: Collection[str]) -> dict[str, str]:
        """Campaigns by name."""
        found = {}
        for some in batches(sorted(names), _NAMES):
            query = soql.select(("Id", "Name"), "Campaign", soql.within("Name", some))
            for raw in self._rows("segments.query", query):
                found[raw["Name"]] = raw["Id"]
        return found

    def rosters(self, names: Collection[str], objects: Collection[str]) -> dict[str, Roster]:
        """Campaigns by name: what they hold is people. For accounts there are fields."""
        of = "Contact" if "Contact" in objects else ""
        return {name: Roster(id=id, object=of) for name, id in self.segments(names).items()}

    def missing(self, wanted: Sequence[Spec]) -> tuple[Spec, ...]:
        """What the org lacks."""
        made = {w.name for w in wanted if isinstance(w, ObjectSpec)}
        schemas = self.schema(sorted(made | {w.object for w in wanted if isinstance(w, FieldSpec)}))
        lists = [spec.name for spec in wanted if isinstance(spec, SegmentSpec)]
        return tuple(lacking(wanted, schemas, self.segments(lists) if lists else ()))

    def provision(self, spec: Spec) -> None:
        """Create a custom field that the integration user may use, or a campaign; or mend one.

        Raises Reject for an object: that is deployed.
        """
        if isinstance(spec, ObjectSpec):
            raise Reject(f"Salesforce's API makes no objects; deploy {spec.name} with the plugin")
        if isinstance(spec, MendSpec):
            self._mend(spec)
            return
        if isinstance(spec, SegmentSpec):
            if not self.segments([spec.name]):
                body = {"Name": spec.name, "IsActive": True, "Status": "In Progress"}
                self._client.create("Campaign", body)
            return
        body = {"FullName": f"{_home(spec.object)}.{spec.name}", "Metadata": _metadata(spec)}
        with suppress(Exists):
            self._client.write("fields.create", "POST", "tooling/sobjects/CustomField", body=body)
        self._fields.pop(spec.object, None)
        if spec.name not in self.fields(spec.object):
            self._permissions.grant(table(spec.object), spec.name, edit=spec.written)
            self._fields.pop(spec.object, None)

    def _mend(self, spec: MendSpec) -> None:
        """Give a field of ours its choices back, and our user the right to edit it."""
        object, name = spec.field.object, spec.field.name
        if spec.options:
            choices.add(self._client, _home(object), name, spec.options)
        if spec.edit:
            self._permissions.grant(table(object), name, edit=True)
        self._fields.pop(object, None)
        if spec.edit and not ((field := self.fields(object).get(name)) and field.writable):
            raise Drift(f"our permission set does not let our user edit {name}", field=name)

    @cached_property
    def activities(self) -> Activities:
        """How this org writes tasks."""
        query = soql.select(("ApiName", "IsClosed", "IsDefault"), "TaskStatus")
        statuses = self._rows("statuses.query", query)
        rows = sorted(statuses, key=lambda raw: not raw["IsDefault"])
        return Activities(
            names=self._names,
            zone=ZoneInfo(self.identity().zone),
            todo=next(raw["ApiName"] for raw in rows if not raw["IsClosed"]),
            done=next(raw["ApiName"] for raw in rows if raw["IsClosed"]),
        )

    def _organization(self) -> Mapping[str, Any]:
        columns = (
            "Id", "Name", "IsSandbox", "OrganizationType", "TimeZoneSidKey", "LanguageLocaleKey",
        )  # fmt: skip
        return next(self._rows("organization.query", soql.select(columns, "Organization")))

    def _rows(
        self, operation: str, query: str, *, deleted: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """Every row of a query, page by page; ``deleted``: and what is archived or in the bin."""
        answer = self._client.query(operation, query, deleted=deleted)
        yield from answer["records"]
        while not answer["done"]:
            answer = self._client.more(operation, answer["nextRecordsUrl"])
            yield from answer["records"]


def table(object: str) -> str:
    """Salesforce's name of an object; raises Drift for what can be no name."""
    return TABLES.get(object) or soql.name(object)


def _home(object: str) -> str:
    """Where an object has its custom fields."""
    return "Activity" if object in TABLES else object


def _owner(raw: Mapping[str, Any]) -> Owner:
    return Owner(
        id=raw["Id"],
        name=raw["Name"],
        email=raw["Email"],
        active=raw["IsActive"],
        country=raw.get("Country"),
        zone=raw.get("TimeZoneSidKey"),
    )


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        name=raw["name"],
        label=raw["label"],
        type=field_type(raw["type"]),
        options=tuple(
            Option(value=o["value"], label=o["label"] or o["value"], active=o["active"])
            for o in raw.get("picklistValues") or ()
        ),
        length=raw.get("length") or None,
        unique=bool(raw.get("unique")),
        required=not raw.get("nillable") and not raw.get("defaultedOnCreate"),
        writable=bool(raw.get("updateable")),
        calculated=bool(raw.get("calculated")),
        restricted=bool(raw.get("restrictedPicklist")),
    )


#: Neutral type -> what the Metadata API calls it, with what that type must say.
_MAKE: Final[Mapping[FieldType, Mapping[str, Any]]] = {
    FieldType.TEXT: {"type": "Text", "length": 255},
    FieldType.URL: {"type": "Url"},
    FieldType.WORDS: {"type": "LongTextArea", "length": 32_000, "visibleLines": 5},
    FieldType.CHOICE: {"type": "Picklist"},
    FieldType.CHOICES: {"type": "MultiselectPicklist", "visibleLines": 5},
    FieldType.NUMBER: {"type": "Number", "precision": 5, "scale": 0},
    FieldType.PERCENT: {"type": "Percent", "precision": 5, "scale": 0},
    FieldType.DATE: {"type": "Date"},
    FieldType.MOMENT: {"type": "DateTime"},
    FieldType.FLAG: {"type": "Checkbox", "defaultValue": "false"},
}


def _metadata(spec: FieldSpec) -> dict[str, Any]:
    made = {"label": spec.label, "inlineHelpText": spec.help or None, **_MAKE[spec.type]}
    if spec.length and spec.type is FieldType.TEXT:
        made["length"] = spec.length
    if spec.unique:
        made |= {"unique": True, "externalId": True, "caseSensitive": spec.case_sensitive}
    if spec.options:
        values = [choices.metadata(option) for option in spec.options]
        made["valueSet"] = {
            "restricted": True,
            "valueSetDefinition": {"sorted": False, "value": values},
        }
    return made
