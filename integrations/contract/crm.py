"""The verbs that every CRM understands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from integrations.contract.fields import Schema, Spec
from integrations.contract.org import Identity, OptOut, Owner, Roster, Usage
from integrations.contract.records import Cursor, Moment, Page, Query, Record, Ref, Removal
from integrations.contract.writes import Call, Held, Receipt, Write

#: Wraps every HTTP request: called with the operation's name, entered before, left after.
Wire = Callable[[str], AbstractContextManager[None]]


class Crm(Protocol):
    """One org or portal. One thread uses it at a time; every verb may raise a CrmError."""

    #: ``salesforce`` or ``hubspot``.
    name: str
    #: Records that one call carries at most, by the vendor's documents. By kind of work: page,
    #: read, related, history, find, create, change, member, send, opt_out, listed; related_read
    #: where the records behind a relation cost a further call, and roles where what they are to it
    #: does.
    limits: Mapping[str, int]
    #: A repeated :class:`Send` with the same key is not sent twice.
    mail_is_idempotent: bool
    #: Whether :meth:`provision` can create an object; else an admin deploys it.
    makes_objects: bool

    def now(self) -> datetime:
        """The CRM's clock, as its last answer told it; asks if there was none yet."""
        ...

    def identity(self) -> Identity:
        """Which org or portal this is."""
        ...

    def lacking(self, objects: Collection[str]) -> tuple[str, ...]:
        """The permissions that our credentials lack for these objects, by the CRM's names.

        Costs a few calls, and changes nothing; only what can be found out beforehand is told.
        """
        ...

    def schema(self, objects: Collection[str]) -> Mapping[str, Schema]:
        """The objects by name; an object that is not there, or not for us, is absent."""
        ...

    def changes(self, query: Query, since: Cursor | None) -> Iterator[Page]:
        """Records changed since the cursor, oldest window first; all records without one.

        Ties and late arrivals are covered by reading a little twice: a record may come again.
        """
        ...

    def history(
        self, object: str, ids: Collection[str], field: str
    ) -> Mapping[str, tuple[Moment, ...]]:
        """The values of one field, newest first; a record without history is absent."""
        ...

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records as they are now, by id, by a path that does not lag; missing ones are absent."""
        ...

    def removals(self, object: str, ids: Collection[str]) -> dict[str, Removal]:
        """Those of these records that were deleted or merged away, by a path that does not lag."""
        ...

    def open_tasks(self) -> int | None:
        """How many of our tasks are there and not done, in one call that may lag; None: unknown."""
        ...

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """The records of object ``to`` that belong to each id, eldest first.

        With ``RELATION`` among the fields also what each is to that id: contact roles, labels.
        """
        ...

    def owners(self) -> tuple[Owner, ...]:
        """Everybody a task can belong to, the inactive ones included."""
        ...

    def opt_outs(self, people: Mapping[str, str]) -> Mapping[str, OptOut]:
        """What the CRM says about mail to these people (id -> address). No answer, no entry."""
        ...

    def segments(self, names: Collection[str]) -> Mapping[str, str]:
        """The ids of these lists or campaigns by name; one that is not there is absent."""
        ...

    def members(self, segment: str) -> Iterator[str]:
        """The ids of the people in a segment, or of the records on a roster."""
        ...

    def rosters(self, names: Collection[str], objects: Collection[str]) -> Mapping[str, Roster]:
        """These lists or campaigns by name, whoever fills them, each with the object it holds.

        The object is said as in ``objects``; one that is not there is absent.
        """
        ...

    def listed(
        self, rosters: Collection[Roster], refs: Collection[Ref]
    ) -> Mapping[str, frozenset[Ref]]:
        """Which of these records are on each of the rosters, by its id; none: no entry."""
        ...

    def pack(self, writes: Sequence[Write]) -> tuple[Call, ...]:
        """The fewest calls that carry these writes by the vendor's limits. Pure."""
        ...

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """Send one call; one receipt for each write, whatever happens to the others.

        It is one request, or one job: then what it creates carries our unique keys, so that a
        job which outlives us doubles nothing.

        Raises only where nothing can be said of single writes: Retry, Park, Reauthorise, Split,
        and Unknown when the answer was lost.
        """
        ...

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """What the CRM holds under these keys, by a path that does not lag; None: any of ours.

        ``keys``: each with the record it is about, or, of a message, the person it went to.
        ``kind`` is ``TASK``, ``NOTE``, ``DEPARTURE`` or ``MAIL``; of messages only what the CRM
        can tell.
        """
        ...

    def linked(self, kind: str, about: Mapping[str, Ref]) -> frozenset[str]:
        """Which of these, by id, hang on the record that each should be about.

        ``kind`` is ``TASK``, ``NOTE`` or ``DEPARTURE``.
        """
        ...

    def missing(self, wanted: Sequence[Spec]) -> tuple[Spec, ...]:
        """What is wanted and not there; then what is there and has lost choices, or our access.

        What is there under that name, and of another type, is left as it is.
        """
        ...

    def provision(self, spec: Spec) -> None:
        """Create one field, segment or object, or mend a field of ours; Drift where that fails.

        Creating what is already there, and mending what is whole, changes nothing. Raises Reject
        for an object where :attr:`makes_objects` says no.
        """
        ...

    def usage(self) -> Usage:
        """Calls used and left, as the CRM's answers told it."""
        ...
