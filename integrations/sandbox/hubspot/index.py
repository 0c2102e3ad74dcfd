"""What a search knows: the records as they were some seconds ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf

from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.records import Record, Version
from integrations.sandbox.hubspot.wire import instant, millis


class Index:
    """The index of one portal. The lag is an option, by the sandbox's clock."""

    def __init__(self, portal: Portal, options: Options) -> None:
        self._portal = portal
        self._options = options

    def stale(self, kind: Kind) -> Mapping[int, Record] | None:
        """The records as the index has them, or None where it is up to date."""
        lag = self._options.number("search_lag")
        if not lag:
            return None
        horizon = self._portal.now() - timedelta(seconds=lag)
        table = self._portal.table(kind)
        fresh = list(table.changed(millis(horizon) + 1, inf))
        # What was merged away or erased is gone from here at once.
        binned = [
            record
            for record in table.archived.values()
            if record.archived_at and record.archived_at > horizon
        ]
        if not fresh and not binned:
            return None
        view = {id: record for id, record in table.live.items() if record.updated_at <= horizon}
        for record in [*fresh, *binned]:
            then = _as_of(record, horizon)
            # Neither new then, nor known by another id before a merge.
            if then.get("hs_object_id") == str(record.id):
                view[record.id] = then
        return view


def _as_of(record: Record, horizon: datetime) -> Record:
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
