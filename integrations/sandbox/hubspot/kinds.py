"""The object types of this portal, and what HubSpot's "Using object APIs" says of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.sandbox.hubspot.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One object type."""

    plural: str
    singular: str
    type_id: str
    created: str = "createdate"
    modified: str = "hs_lastmodifieddate"
    #: Shown when no properties are asked for.
    shown: tuple[str, ...]
    #: A record needs one of each when it is created.
    required: tuple[tuple[str, ...], ...] = ()
    #: Where ``query`` looks in a search.
    searched: tuple[str, ...] = ()
    #: Says who the record is, besides its id; not a unique property by the API's own account.
    identity: str | None = None
    #: Updates pass over read-only and unknown properties, as the documents of activities say.
    lenient: bool = False
    #: What else a custom one is called in paths.
    known_as: tuple[str, ...] = ()
    labels: tuple[str, str] | None = None

    @property
    def labelled(self) -> tuple[str, str]:
        """What people call one of them, and several."""
        return self.labels or (self.singular.title(), self.plural.title())

    @property
    def custom(self) -> bool:
        """Whether the portal made it."""
        return bool(self.known_as)

    @property
    def always(self) -> tuple[str, ...]:
        """In every answer, whatever was asked for."""
        return (self.created, self.modified, "hs_object_id")


def _activity(
    plural: str, singular: str, type_id: str, *required: str, searched: tuple[str, ...]
) -> Kind:
    return Kind(
        plural=plural,
        singular=singular,
        type_id=type_id,
        created="hs_createdate",
        shown=(),
        required=tuple((name,) for name in ("hs_timestamp", *required)),
        searched=searched,
        lenient=True,
    )


CONTACTS = Kind(
    plural="contacts",
    singular="contact",
    type_id="0-1",
    modified="lastmodifieddate",
    shown=("email", "firstname", "lastname"),
    searched=(
        "firstname",
        "lastname",
        "email",
        "phone",
        "hs_additional_emails",
        "fax",
        "mobilephone",
        "company",
    ),
    identity="email",
)
COMPANIES = Kind(
    plural="companies",
    singular="company",
    type_id="0-2",
    shown=("domain", "name"),
    required=(("name", "domain"),),
    searched=("website", "phone", "name", "domain"),
)
DEALS = Kind(
    plural="deals",
    singular="deal",
    type_id="0-3",
    shown=("amount", "closedate", "dealname", "dealstage", "pipeline"),
    required=(("dealname",), ("dealstage",)),
    searched=("dealname", "pipeline", "dealstage", "description", "dealtype"),
)
TICKETS = Kind(
    plural="tickets",
    singular="ticket",
    type_id="0-5",
    shown=(
        "content",
        "hs_pipeline",
        "hs_pipeline_stage",
        "hs_ticket_category",
        "hs_ticket_priority",
        "subject",
    ),
    required=(("hs_pipeline_stage",),),
    searched=("subject", "content", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_id"),
)
TASKS = _activity("tasks", "task", "0-27", searched=("hs_task_subject", "hs_task_body"))
NOTES = _activity("notes", "note", "0-46", searched=("hs_note_body",))
EMAILS = _activity("emails", "email", "0-49", "hs_email_direction", searched=("hs_email_subject",))
CALLS = _activity("calls", "call", "0-48", searched=("hs_call_title", "hs_body_preview"))
MEETINGS = _activity(
    "meetings", "meeting", "0-47", searched=("hs_meeting_title", "hs_meeting_body")
)
PRODUCTS = Kind(
    plural="products",
    singular="product",
    type_id="0-7",
    shown=("description", "name", "price"),
    required=(("name",),),
    searched=("name", "description", "price", "hs_sku"),
)
LINE_ITEMS = Kind(
    plural="line_items",
    singular="line_item",
    type_id="0-8",
    shown=("amount", "price", "quantity"),
    searched=("name", "description", "hs_sku"),
    labels=("Line item", "Line items"),
)

ACTIVITIES = (TASKS, NOTES, EMAILS, CALLS, MEETINGS)
KINDS = (CONTACTS, COMPANIES, DEALS, TICKETS, PRODUCTS, LINE_ITEMS, *ACTIVITIES)
_SPELLINGS = {
    spelling: kind for kind in KINDS for spelling in (kind.plural, kind.singular, kind.type_id)
}


def kind_of(spelling: str, made: Iterable[Kind] = ()) -> Kind:
    """The object type by plural, singular (in any case) or type id; ``made``: the custom ones."""
    if found := _SPELLINGS.get(spelling.lower()):
        return found
    for kind in made:
        if spelling.lower() in kind.known_as:
            return kind
    if spelling[:1].isdigit():
        words = f"Invalid object or event type id: {spelling}"
    else:
        words = f"Unable to infer object type from: {spelling}"
    raise Refused(400, words, category=None)
