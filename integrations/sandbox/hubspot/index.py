"""What a search knows: the records as they were some seconds ago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.records import Record, Table, Version
from integrations.sandbox.hubspot.wire import instant, millis


@dataclass(frozen=True, kw_only=True)
class View:
    """The records of an object type as a search finds them."""

    records: Mapping[int, Record]
    #: The moment that they are of; None: now.
    at: datetime | None = None


class Index:
    """The index of one portal. The lag is an option, by the sandbox's clock."""

    def __init__(self, portal: Portal, options: Options) -> None:
        self._portal = portal
        self._options = options
        #: The last view of each object type that was behind, and of which state of its table.
        self._views: dict[str, tuple[int, View]] = {}

    def view(self, kind: Kind) -> View:
        """What is known of an object type."""
        table = self._portal.table(kind)
        horizon = self._portal.now() - timedelta(seconds=self._options.number("search_lag"))
        if not self._options.number("search_lag") or not _behind(table, horizon):
            return View(records=table.live)
        version, view = self._views.get(kind.type_id, (0, None))
        if view is None or (version, view.at) != (table.version, horizon):
            view = View(records=_as_of(table, horizon), at=horizon)
            self._views[kind.type_id] = (table.version, view)
        return view


def _behind(table: Table, horizon: datetime) -> bool:
    """Whether anything happened after a moment."""
    return any(True for _ in _fresh(table, horizon))


def _fresh(table: Table, horizon: datetime) -> Iterator[Record]:
    """What was changed or archived after a moment; who was merged away is gone at once."""
    yield from table.changed(millis(horizon) + 1, inf)
    for record in table.archived.values():
        if record.archived_at and record.archived_at > horizon:
            yield record


def _as_of(table: Table, horizon: datetime) -> Mapping[int, Record]:
    """The records of a table as they were at a moment."""
    found = {id: record for id, record in table.live.items() if record.updated_at <= horizon}
    for record in _fresh(table, horizon):
        then = _back_then(record, horizon)
        # Neither new then, nor known by another id before a merge.
        if then.get("hs_object_id") == str(record.id):
            found[record.id] = then
    return found


def _back_then(record: Record, horizon: datetime) -> Record:
    """A record as it was at a moment."""
    then = Record(id=record.id, kind=record.kind, at=record.created_at)
    then.now = {
        name: version
        for name in record.now
        if name != record.kind.modified
        and (version := next((one for one in record.history(name) if one.at <= horizon), None))
    }
    if then.now:
        latest = max(then.now.values(), key=lambda version: version.at)
        then.updated_at = latest.at
        then.now[record.kind.modified] = Version(instant(latest.at), latest.at, latest.source)
    return then
