"""What a CRM can do for us: the one protocol and its neutral values.

Names of objects and fields (``companies``, ``Account``, ``hubspot_owner_id``) come from the mapping
file and pass through untouched. Only tasks and notes have neutral names, because we own them:
their objects are ``TASK`` and ``NOTE`` and their fields those of :class:`Task` and :class:`Note`.

All values are frozen; all moments are aware and in UTC; all ids are strings.
"""

from __future__ import annotations

from integrations.contract.crm import Crm, Wire
from integrations.contract.fields import (
    Field,
    FieldSpec,
    FieldType,
    Keeping,
    MendSpec,
    Names,
    ObjectSpec,
    Option,
    Schema,
    SegmentSpec,
    Spec,
)
from integrations.contract.hooks import Forged, Hint, Hook
from integrations.contract.org import Identity, OptOut, Owner, Roster, Usage
from integrations.contract.places import LISTS, PERMISSIONS, Trouble, place
from integrations.contract.records import (
    DEPARTURE,
    MAIL,
    NOTE,
    RELATION,
    TASK,
    Cursor,
    Moment,
    Page,
    Query,
    Record,
    Ref,
    Removal,
    Value,
)
from integrations.contract.writes import (
    Call,
    Change,
    Create,
    Departure,
    Held,
    Mail,
    Member,
    Note,
    Receipt,
    Send,
    Task,
    Write,
)

__all__ = [
    "DEPARTURE",
    "LISTS",
    "MAIL",
    "NOTE",
    "PERMISSIONS",
    "RELATION",
    "TASK",
    "Call",
    "Change",
    "Create",
    "Crm",
    "Cursor",
    "Departure",
    "Field",
    "FieldSpec",
    "FieldType",
    "Forged",
    "Held",
    "Hint",
    "Hook",
    "Identity",
    "Keeping",
    "Mail",
    "Member",
    "MendSpec",
    "Moment",
    "Names",
    "Note",
    "ObjectSpec",
    "OptOut",
    "Option",
    "Owner",
    "Page",
    "Query",
    "Receipt",
    "Record",
    "Ref",
    "Removal",
    "Roster",
    "Schema",
    "SegmentSpec",
    "Send",
    "Spec",
    "Task",
    "Trouble",
    "Usage",
    "Value",
    "Wire",
    "Write",
    "place",
]
