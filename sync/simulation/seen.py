"""What a person notices in the CRM when one line of the ledger goes out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.contract import Value
from mappings.rows import KINDS
from mappings.texts import shown
from mappings.translate import Placed, from_crm
from sync.connection import Connection
from sync.outbox import Entry, State

#: Ours alone; nobody reads them.
_SILENT: Final = ("case", "survey_url")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One thing that somebody sees; ``who`` is whose task it is, or whom it is about."""

    at: datetime
    customer: str
    #: ``task``, ``moved``, ``changed``, ``closed``, ``done``, ``note``, ``record``, ``mail``,
    #: ``fields``, ``joins``, ``leaves``, ``refused``; ``event`` is what people did.
    what: str
    who: str
    words: str
    due: datetime | None = None


def noticed(
    connection: Connection,
    before: Entry,
    after: Entry,
    written: Mapping[str, Value],
    *,
    at: datetime,
    customer: str,
    person: str,
) -> Seen | None:
    """What a delivery shows, if anything; ``written``: the fields that changed."""
    wanted, due, who = after.wanted, None, person
    if after.state is State.REJECTED:
        what, words = "refused", after.words or ""
    elif after.state is State.DROPPED:
        what, words = "", ""
    elif after.kind == "task":
        what, words = _task(before, after), str(wanted["subject"])
        who, due = owner(connection, wanted["owner"]), wanted["due"]
        if what == "closed":
            words += f" ({str(wanted['body']).splitlines()[0]})"
    elif after.kind == "note":
        what = "note" if before.settled is None else "changed"
        words = str(wanted["body"]).splitlines()[0]
    elif after.kind == "departure":
        what = "record" if before.settled is None else ""
        words = _name(connection, wanted)
    elif after.kind == "mail":
        what, words = "mail", str(wanted["subject"])
    elif after.kind == "member":
        what, words = "joins" if wanted["present"] else "leaves", str(wanted["segment"])
    else:
        what, words = "fields", _fields(connection, written)
    if not (what and words):
        return None
    day = due if isinstance(due, datetime) else None
    return Seen(at=at, customer=customer, what=what, who=who, words=words, due=day)


def _name(connection: Connection, wanted: Mapping[str, Value]) -> str:
    """What the record of a departure is called."""
    place = (connection.rules.departure or {}).get("name")
    return str(wanted.get(place.field) or "") if place else ""


def _fields(connection: Connection, values: Mapping[str, Value]) -> str:
    """Fields as people read them: their labels and values."""
    places = {
        place.field: place
        for kind in KINDS[:2]
        for place in connection.places(kind).values()
        if place.row.key not in _SILENT
    }
    return "; ".join(
        f"{place.row.label}: {_shown(place, value)}"
        for name, value in values.items()
        if (place := places.get(name))
    )


def _shown(place: Placed, value: Value) -> str:
    ours = from_crm(place, value)
    choices = ours if isinstance(ours, tuple) else (ours,)
    return ", ".join(place.row.values.get(str(one), shown(one)) for one in choices) or "—"


def _task(before: Entry, after: Entry) -> str:
    """What has happened to a task; nothing that its owner would notice is nothing."""
    if before.settled is None:
        return "task"
    if after.wanted["done"]:
        return "closed"
    changed = {
        name
        for name, value in after.wanted.items()
        if name not in after.kept and before.settled.get(name) != value
    }
    if "due" in changed:
        return "moved"
    return "changed" if changed & {"owner", "subject"} else ""


def owner(connection: Connection, id: Value) -> str:
    """A colleague's name."""
    found = connection.rules.directory.by_id.get(str(id)) if id else None
    return found.name if found else "nobody"
