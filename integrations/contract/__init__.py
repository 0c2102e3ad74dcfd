"""What a CRM can do for us: the one protocol and its neutral values.

Names of objects and fields (``companies``, ``Account``, ``hubspot_owner_id``) come from the mapping
file and pass through untouched. Only tasks and notes have neutral names, because we own them:
their objects are ``TASK`` and ``NOTE`` and their fields those of :class:`Task` and :class:`Note`.

All values are frozen; all moments are aware and in UTC; all ids are strings.
"""

from __future__ import annotations

from integrations.contract.crm import Crm, Wire
from integrations.contract.fields import (
    PERMISSIONS,
    SETTINGS,
    Field,
    FieldSpec,
    FieldType,
    Keeping,
    Names,
    ObjectSpec,
    Option,
    Schema,
    SegmentSpec,
    Spec,
)
from integrations.contract.hooks import Forged, Hint, Hook
from integrations.contract.org import Identity, OptOut, Owner, Usage
from integrations.contract.records import (
    DEPARTURE,
    MAIL,
    NOTE,
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
    "MAIL",
    "NOTE",
    "PERMISSIONS",
    "SETTINGS",
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
    "Schema",
    "SegmentSpec",
    "Send",
    "Spec",
    "Task",
    "Usage",
    "Value",
    "Wire",
    "Write",
]
