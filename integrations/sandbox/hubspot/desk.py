"""HubSpot as its users have it: what they see on a company, and what they do there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from integrations.sandbox.desk import Contact, Happening, Letter, Line, Related, Row, Sheet
from integrations.sandbox.hubspot.errors import Refused
from integrations.sandbox.hubspot.fill import STAGE, enrolled
from integrations.sandbox.hubspot.kinds import COMPANIES, CONTACTS, EMAILS, NOTES, TASKS
from integrations.sandbox.hubspot.merging import Merger
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal, person
from integrations.sandbox.hubspot.records import Record, Source
from integrations.sandbox.hubspot.schema import OWNER, Property
from integrations.sandbox.hubspot.subscriptions import opt_out
from integrations.sandbox.hubspot.values import moment
from integrations.sandbox.hubspot.writes import Writer
from integrations.sandbox.seed import Customer

#: What the desk calls those who records belong to.
OWNERS: Final = "owners"
#: HubSpot's own properties on a sheet; those that were added to the portal follow.
_COMPANY: Final = ("domain", "country", "industry", "annualrevenue", "hubspot_owner_id")
_PERSON: Final = ("jobtitle", "hs_language", "hs_email_optout")
_BREAK = re.compile(r"<br\s*/?>|</p>|</li>|</div>")
_TAG = re.compile(r"<[^>]*>")


class HubSpotDesk:
    """The pages of one portal. ``portal`` gives the one that is loaded now."""

    title = "HubSpot"
    customer_object = COMPANIES.plural
    person_object = CONTACTS.plural
    task_object = TASKS.plural

    def __init__(self, portal: Callable[[], Portal], options: Options) -> None:
        self._loaded = portal
        self._setup = options

    def colleagues(self) -> Sequence[tuple[str, str]]:
        """Owner ids and names of everybody with a seat."""
        return [
            (owner.id, owner.name)
            for owner in self._portal.owners.values()
            if owner.user is not None and not owner.archived
        ]

    def customers(self, search: str = "", *, start: int = 0, limit: int = 50) -> Sequence[Row]:
        """Companies by name."""
        named = sorted(
            ((record.get("name") or record.get("domain") or "", record.id))
            for record in self._portal.table(COMPANIES).live.values()
            if search.lower() in (record.get("name") or "").lower()
        )
        live = self._portal.table(COMPANIES).live
        return [self._row(live[company]) for _, company in named[start : start + limit]]

    def customer(self, id: str) -> Sheet | None:
        """One company with its people and its timeline."""
        company = self._portal.record(COMPANIES, id)
        if company is None:
            return None
        people = self._portal.related(company, CONTACTS)
        timeline = sorted(self._timeline(company, people), key=lambda h: h.at, reverse=True)
        return Sheet(
            id=id,
            name=company.get("name") or "",
            lines=self._lines(company, _COMPANY),
            contacts=tuple(self._contact(contact) for contact in people),
            timeline=tuple(timeline),
            related=tuple(self._related(company)),
        )

    def edit(self, object: str, id: str, field: str, value: str, *, by: str) -> None:
        """Set one property, as a user; raises ValueError with HubSpot's reason."""
        try:
            self._set(self._portal.record(self._portal.kind(object), id), field, value, by)
        except Refused as refused:
            reasons = [str(error["message"]) for error in refused.errors]
            raise ValueError("; ".join(reasons) or refused.message) from refused

    def complete(self, task: str, *, by: str) -> None:
        """Tick off a task."""
        self._set(self._portal.record(TASKS, task), "hs_task_status", "COMPLETED", by)

    def merge(self, object: str, id: str, into: str, *, by: str) -> None:
        """Make one record of two: what the second says, goes before what the first does."""
        kind, portal = self._portal.kind(object), self._portal
        primary, other = (_there(portal.record(kind, one)) for one in (into, id))
        merger = Merger(Writer(portal), self._setup)
        try:
            merger.merge(primary, other, self._source(by))
        except Refused as refused:
            raise ValueError(refused.message) from refused

    def delete(self, object: str, id: str, *, by: str) -> None:
        """Put a record into the recycling bin, or take an owner's seat away."""
        if object == OWNERS:
            self._seat(id, gone=True)
            return
        record = _there(self._portal.record(self._portal.kind(object), id))
        Writer(self._portal).archive(record, self._source(by))

    def restore(self, object: str, id: str, *, by: str) -> None:
        """Take a record out of the recycling bin, or give an owner a seat again."""
        if object == OWNERS:
            self._seat(id, gone=False)
            return
        record = _there(self._portal.archived(self._portal.kind(object), id))
        Writer(self._portal).restore(record, self._source(by))

    def enrol(self, customer: Customer, *, by: str) -> str:
        """Enter a company and its people."""
        return str(enrolled(self._portal, customer, self._source(by)).id)

    def unsubscribe(self, person: str) -> None:
        """The person leaves all e-mail by the link under a mail."""
        contact = self._portal.record(CONTACTS, person)
        if contact is not None and (address := contact.get("email")):
            opt_out(self._portal, address, source="EMAIL")

    def letters(self) -> Sequence[Letter]:
        """What was mailed, newest first."""
        return self._portal.letters[::-1]

    @property
    def _portal(self) -> Portal:
        return self._loaded()

    def _set(self, record: Record | None, field: str, value: str, by: str) -> None:
        writer = Writer(self._portal)
        draft = writer.update(_there(record), {"properties": {field: value}})
        writer.commit(draft, self._source(by))

    def _seat(self, owner: str, *, gone: bool) -> None:
        found = self._portal.owners.get(owner)
        if found is None or found.user is None:
            raise ValueError(f"There is no colleague {owner}.")
        self._portal.owners[owner] = replace(found, archived=gone)

    def _source(self, by: str) -> Source:
        owner = self._portal.owners.get(by)
        if owner is None or owner.user is None:
            raise ValueError(f"There is no colleague {by}.")
        return person(owner.user)

    def _row(self, company: Record) -> Row:
        tasks = self._portal.related(company, TASKS)
        return Row(
            id=str(company.id),
            name=company.get("name") or company.get("domain") or "",
            stage=self._read(company, STAGE),
            owner=self._read(company, "hubspot_owner_id"),
            open_tasks=sum(task.get("hs_task_status") != "COMPLETED" for task in tasks),
        )

    def _lines(self, record: Record, standard: Sequence[str]) -> tuple[Line, ...]:
        schema = self._portal.schema(record.kind)
        shown = [schema.properties[name] for name in standard] + schema.custom
        return tuple(
            Line(
                name=definition.name,
                label=definition.label,
                value=record.get(definition.name) or "",
                editable=not (definition.read_only or definition.calculated),
                options=self._options(definition),
                long=definition.field_type in ("textarea", "html"),
                many=definition.field_type == "checkbox",
            )
            for definition in shown
            if not definition.hidden
        )

    def _related(self, company: Record) -> Iterator[Related]:
        for kind in self._portal.custom:
            for record in self._portal.related(company, kind):
                yield Related(
                    id=str(record.id),
                    title=kind.labelled[1],
                    name=record.get(kind.shown[0]) or "",
                    lines=self._lines(record, ("hubspot_owner_id",)),
                )

    def _options(self, definition: Property) -> tuple[tuple[str, str], ...]:
        if definition.referenced == OWNER:
            return tuple((owner.id, owner.name) for owner in self._portal.owners.values())
        return tuple((option.value, option.label) for option in definition.options)

    def _read(self, record: Record, name: str, value: str | None = None) -> str:
        """A value as people read it: by its label."""
        definition = self._portal.schema(record.kind).properties.get(name)
        text = (record.get(name) if value is None else value) or ""
        return dict(self._options(definition)).get(text, text) if definition else ""

    def _contact(self, contact: Record) -> Contact:
        return Contact(
            id=str(contact.id),
            name=contact.get("hs_full_name_or_email") or "",
            email=contact.get("email") or "",
            lines=self._lines(contact, _PERSON),
            opted_out=contact.get("hs_email_optout") == "true",
            segments=tuple(
                segment.name
                for segment in self._portal.segments.values()
                if segment.kind is CONTACTS and contact.id in segment.members
            ),
        )

    def _timeline(self, company: Record, people: Sequence[Record]) -> Iterator[Happening]:
        for task in self._portal.related(company, TASKS):
            yield self._task(task)
        for note in self._portal.related(company, NOTES):
            yield Happening(
                kind="note",
                id=str(note.id),
                at=moment(note.get("hs_timestamp") or ""),
                title="Note",
                body=_plain(note.get("hs_note_body")),
                who=self._who(note.now["hs_object_id"].source),
            )
        for mail in self._portal.related(company, EMAILS):
            yield Happening(
                kind="mail",
                id=str(mail.id),
                at=moment(mail.get("hs_timestamp") or ""),
                title=mail.get("hs_email_subject") or "E-mail",
                body=mail.get("hs_email_text") or _plain(mail.get("hs_email_html")),
                who=self._who(mail.now["hs_object_id"].source),
            )
        yield from self._stages(company)
        yield from self._memberships([company, *people])

    def _task(self, task: Record) -> Happening:
        custom = self._portal.schema(TASKS).custom
        department = next((one.name for one in custom if one.label == "Department"), "")
        done = task.get("hs_task_completion_date")
        return Happening(
            kind="task",
            id=str(task.id),
            at=task.created_at,
            title=task.get("hs_task_subject") or "Task",
            body=_plain(task.get("hs_task_body")),
            who=self._read(task, "hubspot_owner_id"),
            due=moment(task.get("hs_timestamp") or ""),
            done=task.get("hs_task_status") == "COMPLETED",
            done_at=moment(done) if done else None,
            department=self._read(task, department),
            added={one.name: value for one in custom if (value := task.get(one.name))},
        )

    def _stages(self, company: Record) -> Iterator[Happening]:
        versions = list(company.history(STAGE))
        label = self._portal.schema(COMPANIES).properties[STAGE].label if versions else ""
        for place, (new, old) in enumerate(pairwise(versions)):
            before, after = (self._read(company, STAGE, one.value) for one in (old, new))
            yield Happening(
                kind="change",
                id=f"{company.id}-{len(versions) - place}",
                at=new.at,
                title=f"{label}: {before or '(empty)'} to {after or '(empty)'}",
                who=self._who(new.source),
            )

    def _memberships(self, records: Sequence[Record]) -> Iterator[Happening]:
        for segment in self._portal.segments.values():
            for record in records:
                if segment.kind is record.kind and record.id in segment.members:
                    name = record.get("hs_full_name_or_email") or record.get("name") or ""
                    yield Happening(
                        kind="segment",
                        id=f"{segment.id}-{record.id}",
                        at=segment.members[record.id][0],
                        title=f"{name} added to {segment.name}",
                    )

    def _who(self, source: Source) -> str:
        for owner in self._portal.owners.values():
            if owner.user is not None and owner.user == source.user:
                return owner.name
        return source.label


def _there(record: Record | None) -> Record:
    if record is None:
        raise ValueError("This record is not there any more.")
    return record


def _plain(text: str | None) -> str:
    """The words of rich text."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text or ""))).strip()
