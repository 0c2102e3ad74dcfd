"""Person accounts: an account and a contact that are one person, each with the other's values.

An org turns them on, and cannot turn them off again. From then on an account of a person record
type has a twin among the contacts. Custom fields of contacts show on accounts as ``__pc``, standard
ones as ``Person...``; whichever side is written, both have the value, and one time of change.

Source: SOAP API Developer Guide, "Person Account Record Types"; Object Reference, "Account"; Change
Data Capture Developer Guide, "Updating a Person Account".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from integrations.sandbox.salesforce import recordtypes, validation
from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.field import Field, Value, make
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row

#: Says of an account, and of a contact, that it is one side of a person.
FLAG: Final = "IsPersonAccount"
#: Points from the account to its contact.
TWIN: Final = "PersonContactId"
#: Fields of a contact that its account has under the same name, by themselves or together with it.
_NAMES: Final = ("LastName", "FirstName", "Salutation")
_SHARED: Final = ("Phone", "Fax", "Description", "OwnerId")
#: Those that its account has as ``Person...``, in the order of a describe.
_PREFIXED: Final = (
    *(f"Mailing{part}" for part in (
        "Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude",
        "GeocodeAccuracy", "Address",
    )),
    *(f"Other{part}" for part in (
        "Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude",
        "GeocodeAccuracy", "Address",
    )),
    "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Email", "Title", "Department",
    "AssistantName", "LeadSource", "Birthdate", "HasOptedOutOfEmail", "HasOptedOutOfFax",
    "DoNotCall", "LastCURequestDate", "LastCUUpdateDate", "EmailBouncedReason", "EmailBouncedDate",
    "IndividualId",
)  # fmt: skip
#: What a describe tells of some of them differs.
_NAME: Final[Mapping[str, Any]] = {"extraTypeInfo": "switchablepersonname"}
_OTHERWISE: Final[Mapping[str, Mapping[str, Any]]] = {
    "AssistantName": {"label": "Assistant"},
    "FirstName": {**_NAME, "nameField": True},
    "IndividualId": {"searchPrefilterable": False},
    "LastName": {**_NAME, "nameField": True},
    "MobilePhone": {"label": "Mobile"},
    "Salutation": _NAME,
    "Title": {"length": 80, "byteLength": 240},
}
#: What an account of a person has not: its name is that of the person, and nothing stands above it.
_NOT_OF_A_PERSON: Final = ("Name", "ParentId")
#: What of a contact its account decides.
_DECIDED: Final = ("AccountId", "ReportsToId")
_STAMPS: Final = ("LastModifiedDate", "LastModifiedById", "SystemModstamp")


def turn_on(org: Org) -> None:
    """Give the org its fields and record types, once."""
    account, contact = org.schema["Account"], org.schema["Contact"]
    if is_on(org):
        return
    plain = {"type": "boolean", "createable": False, "updateable": False, "defaultedOnCreate": True}
    flag = make({"name": FLAG, "label": "Is Person Account", **plain})
    link = {"type": "reference", "referenceTo": ["Contact"], "relationshipName": "PersonContact"}
    sealed = {"createable": False, "updateable": False, "searchPrefilterable": True}
    account.add(make({**account.fields["Name"].facts, "nillable": True}))
    _add(org, account, make({"name": TWIN, "label": "Contact ID", **link, **sealed}))
    for sobject in (account, contact):
        _add(org, sobject, flag)
    for name in (*_NAMES, *_PREFIXED):
        _add(org, account, _copied(contact.fields[name]))
    for name in [field.name for field in contact.fields.values() if field.custom]:
        _add(org, account, _copied(contact.fields[name]))
    for name, label, person in (
        ("Business_Account", "Business Account", False),
        ("PersonAccount", "Person Account", True),
    ):
        if not person and recordtypes.of(org, "Account"):
            continue
        said = recordtypes.facts(account, name, {"label": label})
        org.make("RecordType", org.platform, **{**said, "IsPersonType": person})
    recordtypes.show(org, account)


def is_on(org: Org) -> bool:
    """Whether there are person accounts in this org."""
    return FLAG in org.schema["Account"].fields


def copies(org: Org, home: str, field: Field) -> Iterator[tuple[SObject, Field]]:
    """Where a custom field of an object shows, and as what."""
    for sobject in org.schema.homes(home):
        yield sobject, field
    if home == "Contact" and is_on(org):
        yield org.schema["Account"], _copied(field)


def check(draft: Draft) -> None:
    """Refuse what neither side may be, and derive what both are; raises Refusal."""
    if draft.object == "Account" and is_on(draft.org):
        _check_account(draft)
    elif draft.object == "Contact" and is_on(draft.org):
        _check_contact(draft)


def twin(draft: Draft) -> Draft | None:
    """The other side of a person, with what this one is given; raises Refusal."""
    org, values = draft.org, draft.values
    if draft.object not in ("Account", "Contact") or not values.get(FLAG):
        return None
    of_account = draft.object == "Account"
    other = "Contact" if of_account else "Account"
    link = TWIN if of_account else "AccountId"
    id = draft.text(link) or org.ids.next(org.schema[other].prefix)
    values[link] = id
    before = org[other].rows.get(id)
    row: dict[str, Value] = dict(before or _born(draft, id))
    for theirs, ours in _pairs(org):
        here, there = (ours, theirs) if of_account else (theirs, ours)
        if draft.changed(here):
            row[there] = values.get(here)
    row |= {name: values[name] for name in _STAMPS}
    found = Draft(org=org, object=other, id=id, values=row, before=before, by=draft.by)
    if not of_account:
        recordtypes.check(found)
    validation.check(found)
    return found


def of_account(row: Row) -> None:
    """Refuse to delete, restore or merge a contact that its account does it for."""
    if row.get(FLAG) and "AccountId" in row:
        raise _out_of_reach()


def pair(lost: Row, master: Row) -> tuple[str, str] | None:
    """The contacts that are merged with two accounts, if these are persons; raises Refusal."""
    if bool(lost.get(FLAG)) is not bool(master.get(FLAG)):
        words = "a person account and a business account cannot be merged"
        raise Refusal("INVALID_OPERATION", words, fields=())
    return (str(lost[TWIN]), str(master[TWIN])) if lost.get(TWIN) else None


def _add(org: Org, sobject: SObject, field: Field) -> None:
    sobject.add(field)
    table = org[sobject.name]
    for key, row in table.rows.items():
        table.rows[key] = {**row, field.name: field.default}
    table.reindex()


def _copied(field: Field) -> Field:
    """A field of contacts as accounts have it; there it is no key."""
    name, parts = _on_account(field.name), field.compound
    related = field.relationship
    if related:
        related = f"{related[:-3]}__pr" if field.custom else f"Person{related}"
    return make(
        {
            **field.facts,
            **_OTHERWISE.get(field.name, {}),
            "name": name,
            "values": [[choice.value, choice.label] for choice in field.choices],
            "default": field.default,
            "tracked": field.tracked,
            "nillable": field.nillable or field.name == "LastName",
            "compoundFieldName": parts and (parts if parts == "Name" else f"Person{parts}"),
            "relationshipName": related,
            "externalId": False,
            "idLookup": False,
            "unique": False,
        }
    )


def _on_account(name: str) -> str:
    """What a field of contacts is called on accounts."""
    if name.endswith("__c"):
        return f"{name[:-1]}pc"
    return f"Person{name}" if name in _PREFIXED else name


def _pairs(org: Org) -> Iterator[tuple[str, str]]:
    """Names of what both sides have one value of: the contact's, the account's."""
    known = org.schema["Account"].fields
    for name, field in org.schema["Contact"].fields.items():
        if field.custom or name in (*_NAMES, *_SHARED, *_PREFIXED, "Name"):
            ours = _on_account(name)
            if ours in known and field.type != "address":
                yield name, ours


def _check_account(draft: Draft) -> None:
    org, values = draft.org, draft.values
    type = draft.parent(recordtypes.FIELD)
    person = bool(type and type["IsPersonType"])
    if draft.before and person is not bool(draft.before[FLAG]):
        words = "this sandbox turns no account into a person, nor a person into an account"
        raise Refusal("FUNCTIONALITY_NOT_ENABLED", words, fields=())
    values[FLAG] = person
    own = {_on_account(name) for name in (*_NAMES, *_PREFIXED)}
    own |= {name for name in org.schema["Account"].fields if name.endswith("__pc")}
    _only(draft, _NOT_OF_A_PERSON if person else own)
    required = "LastName" if person else "Name"
    if values.get(required) is None:
        raise missing([required])
    if person:
        parts = (draft.text("FirstName"), draft.text("LastName"))
        values["Name"] = " ".join(part for part in parts if part)


def _check_contact(draft: Draft) -> None:
    mine = bool(draft.before and draft.before.get(FLAG))
    if mine and draft.changed(recordtypes.FIELD):
        raise _out_of_reach()
    if mine:
        _only(draft, _DECIDED)
    elif draft.changed("AccountId") and (draft.parent("AccountId") or {}).get(FLAG):
        words = "Account ID: a person account has no contact but its own"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["AccountId"])


def _only(draft: Draft, barred: Collection[str]) -> None:
    """Refuse values in these fields; a contact's are the fields of its account, too."""
    fields = draft.org.schema[draft.object].fields
    before = draft.before or {name: field.default for name, field in fields.items()}
    wrong = [n for n in fields if n in barred and draft.values.get(n) != before.get(n)]
    if wrong:
        words = f"Account: bad field names on insert/update call: {', '.join(wrong)}"
        raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", words, fields=wrong)


def _born(draft: Draft, id: str) -> Row:
    """The contact of a new account, before it has any of its values."""
    org, sobject = draft.org, draft.org.schema["Contact"]
    defaults = {name: field.default for name, field in sobject.fields.items()}
    born = org.born(sobject, draft.by)
    return {**defaults, **born, "Id": id, "AccountId": draft.id, FLAG: True}


def _out_of_reach() -> Refusal:
    words = "insufficient access rights on object id"
    return Refusal("INSUFFICIENT_ACCESS_OR_READONLY", words, fields=())
