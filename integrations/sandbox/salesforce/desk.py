"""The org as its users have it on their screens; they see every field, by its label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from integrations.sandbox.desk import Contact, Letter, Line, Related, Row, Sheet
from integrations.sandbox.salesforce import recycle, save, seeding
from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.table import Row as Record
from integrations.sandbox.salesforce.timeline import name_of, timeline
from integrations.sandbox.seed import Customer

#: Standard fields on the page of an account and of a person; custom fields follow.
_ON_ACCOUNT: Final = ("Industry", "Website", "BillingCountry", "AnnualRevenue", "OwnerId")
_ON_PERSON: Final = ("Title", "Email", "HasOptedOutOfEmail")
_STAGE: Final = "Customer_Stage__c"
_LONG: Final = 256


class SalesforceDesk:
    """What a colleague sees and does."""

    title = "Salesforce"
    customer_object = "Account"
    person_object = "Contact"
    task_object = "Task"

    def __init__(self, org: Callable[[], Org]) -> None:
        self._org = org

    def colleagues(self) -> Sequence[tuple[str, str]]:
        """Ids and names of everybody with an active seat."""
        users = (row for row in self._org()["User"].live() if _is_colleague(self._org(), row))
        return [(str(row["Id"]), str(row["Name"])) for row in users if row["IsActive"]]

    def customers(self, search: str = "", *, start: int = 0, limit: int = 50) -> Sequence[Row]:
        """Customers by name."""
        org, wanted = self._org(), search.casefold()
        found = [row for row in org["Account"].live() if wanted in str(row["Name"]).casefold()]
        found.sort(key=lambda row: str(row["Name"]).casefold())
        return [self._listed(row) for row in found[start : start + limit]]

    def customer(self, id: str) -> Sheet | None:
        """One customer, or None."""
        org = self._org()
        row = org["Account"].rows.get(id)
        if row is None or row.get("IsDeleted"):
            return None
        people = list(org["Contact"].having("AccountId", id))
        return Sheet(
            id=id,
            name=str(row["Name"]),
            lines=self._lines("Account", row, _ON_ACCOUNT),
            contacts=tuple(self._contact(person) for person in people),
            timeline=timeline(org, id, people),
            hidden=self._hidden("Account"),
            related=tuple(self._related("Account", id)),
        )

    def edit(self, object: str, id: str, field: str, value: str, *, by: str) -> None:
        """Set one field of a customer or a person; raises ValueError with plain words."""
        org = self._org()
        sobject = org.schema[object]
        found = sobject.find(field)
        if found is None or not found.updateable:
            raise ValueError(f"{sobject.label} has no field {field} that can be edited.")
        self._save(object, id, {found.name: value or None}, by, label=found.label)

    def complete(self, task: str, *, by: str) -> None:
        """Tick off a task."""
        self._save("Task", task, {"Status": "Completed"}, by, label="Status")

    def enrol(self, customer: Customer, *, by: str) -> str:
        """Enter an account and its people, as a list of new customers would be imported."""
        if by not in self._org()["User"].rows:
            raise ValueError(f"There is no colleague {by}.")
        return seeding.enrolled(self._org(), customer)

    def unsubscribe(self, person: str) -> None:
        """The person opts out of all e-mail; nobody in the org did it."""
        values = {"HasOptedOutOfEmail": True}
        self._save("Contact", person, values, self._org().platform, label="Email Opt Out")

    def delete(self, object: str, id: str, *, by: str) -> None:
        """Into the recycle bin."""
        self._keep(recycle.delete, object, id, by=by)

    def restore(self, object: str, id: str, *, by: str) -> None:
        """Out of the recycle bin."""
        self._keep(recycle.restore, object, id, by=by)

    def merge(self, object: str, id: str, into: str, *, by: str) -> None:
        """Two records become one."""
        self._keep(recycle.merge, object, id, normal(into) or into, by=by)

    def letters(self) -> Sequence[Letter]:
        """What was mailed, newest first."""
        return self._org().letters[::-1]

    def _keep(self, do: Callable[..., None], object: str, id: str, *into: str, by: str) -> None:
        org = self._org()
        found = org.schema.find(object)
        if found is None:
            raise ValueError(f"There is no object {object}.")
        try:
            do(org, found, normal(id) or id, *into, by=by)
        except Refusal as refusal:
            raise ValueError(refusal.words) from None

    def _save(
        self, object: str, id: str, values: Mapping[str, Value], by: str, *, label: str
    ) -> None:
        org = self._org()
        if by not in org["User"].rows:
            raise ValueError(f"There is no colleague {by}.")

        def change() -> None:
            save.update(org, org.schema[object], id, values, by=by)

        if org.options["late_commits"]:
            org.hold(change)
            return
        try:
            change()
        except Refusal as refusal:
            if refusal.code == "JSON_PARSER_ERROR":
                shown = next(iter(values.values()))
                raise ValueError(f"{label} cannot be set to {shown}.") from None
            raise ValueError(refusal.words) from None

    def _listed(self, row: Record) -> Row:
        org = self._org()
        tasks = org["Task"].having("AccountId", row["Id"])
        return Row(
            id=str(row["Id"]),
            name=str(row["Name"]),
            stage=str(row.get(_STAGE) or ""),
            owner=name_of(org, row["OwnerId"]),
            open_tasks=sum(1 for task in tasks if not task["IsClosed"]),
        )

    def _contact(self, row: Record) -> Contact:
        org = self._org()
        members = org["CampaignMember"].having("ContactId", row["Id"])
        return Contact(
            id=str(row["Id"]),
            name=str(row["Name"]),
            email=str(row["Email"] or ""),
            lines=self._lines("Contact", row, _ON_PERSON),
            opted_out=bool(row.get("HasOptedOutOfEmail")),
            segments=tuple(name_of(org, member["CampaignId"]) for member in members),
        )

    def _related(self, parent: str, id: str) -> Iterator[Related]:
        """The records of custom objects that point to one."""
        org = self._org()
        for child, field in org.schema.children(parent):
            if child.facts["custom"]:
                for row in org[child.name].having(field.name, id):
                    yield Related(
                        id=str(row["Id"]),
                        title=str(child.facts["labelPlural"]),
                        name=str(row["Name"] or ""),
                        lines=self._lines(child.name, row, ("OwnerId",)),
                    )

    def _hidden(self, object: str) -> frozenset[str]:
        """What field security or the options keep from whoever reads through the API."""
        org = self._org()
        found = org.schema[object]
        return frozenset(f.name for f in found.fields.values() if not org.sees(found, f))

    def _lines(self, object: str, row: Record, standard: Iterable[str]) -> tuple[Line, ...]:
        fields = self._org().schema[object].fields
        shown = [fields[name] for name in standard]
        shown += [field for field in fields.values() if field.custom]
        return tuple(self._line(field, row) for field in shown)

    def _line(self, field: Field, row: Record) -> Line:
        options = self._options(field)
        value = row.get(field.name)
        text = "" if value is None else str(value)
        if isinstance(value, bool):
            text = str(value).lower()
        elif isinstance(value, float) and value.is_integer():
            text = str(int(value))
        elif field.type == "reference":
            named = name_of(self._org(), value)
            if named and value not in dict(options):
                options = ((str(value), named), *options)
        return Line(
            name=field.name,
            label=field.label,
            value=text,
            editable=field.updateable,
            options=options,
            long=field.type == "textarea" and field.length >= _LONG,
            many=field.type == "multipicklist",
        )

    def _options(self, field: Field) -> tuple[tuple[str, str], ...]:
        if field.type == "boolean":
            return (("true", "Yes"), ("false", "No"))
        if field.type in ("picklist", "multipicklist"):
            return tuple((choice.value, choice.label) for choice in field.choices)
        if "User" in field.reference_to:
            return tuple(self.colleagues())
        return ()


def _is_colleague(org: Org, row: Record) -> bool:
    return row["UserType"] == "Standard" and row["Id"] != org.integration
