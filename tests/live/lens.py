"""The adapter, looked through: one sees what a test has made, and everything made is noted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from integrations.contract import (
    NOTE,
    TASK,
    Call,
    Create,
    Crm,
    FieldSpec,
    Held,
    Note,
    Page,
    Query,
    Receipt,
    Ref,
    SegmentSpec,
    Spec,
)

if TYPE_CHECKING:
    from tests.live.bench import Live

Found = TypeVar("Found")
#: Seconds between two looks at an index that lags.
_AGAIN = 3.0


class Lens:
    """Every other verb is the adapter's own."""

    def __init__(self, bench: Live, crm: Crm) -> None:
        self._bench = bench
        self._crm = crm

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crm, name)

    def changes(self, query: Query, since: str | None) -> Iterator[Page]:
        """The pages with this test's records alone, once they show all that has been done."""
        bench = self._bench
        wanted = {ref for ref in bench.awaited if ref.object == query.object}
        look = partial(self._look, query, since)
        pages = self._patient(look, lambda found: wanted <= _refs(found))
        bench.awaited -= wanted
        yield from pages

    def _look(self, query: Query, since: str | None) -> list[Page]:
        pages = self._crm.changes(query, since)
        own = self._bench.own
        return [
            replace(page, records=tuple(one for one in page.records if one.ref in own))
            for page in pages
        ]

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """What is found without a key may lag, too."""
        if keys is not None:
            yield from self._crm.find(kind, keys)
            return
        wanted = {ref.id for ref in self._bench.awaited if ref.object == kind}
        look = partial(lambda: list(self._crm.find(kind, None)))
        yield from self._patient(look, lambda found: wanted <= {one.id for one in found})

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """What it creates goes when the test is over."""
        receipts = self._crm.send(call)
        items = {write.key: write.item for write in call.writes if isinstance(write, Create)}
        for receipt in receipts:
            if receipt.id and (item := items.get(receipt.key)):
                self._made(Ref(object=NOTE if isinstance(item, Note) else TASK, id=receipt.id))
        return receipts

    def _made(self, ref: Ref) -> None:
        self._bench.own.add(ref)
        self._bench.awaited.add(ref)
        self._bench.undo(lambda: self._bench.forget_activity(ref))

    def provision(self, spec: Spec) -> None:
        """What was not there goes when the test is over; the run's own fields stay."""
        if spec in self._bench.keys:
            return
        fresh = spec in self._crm.missing([spec])
        self._crm.provision(spec)
        if fresh and isinstance(spec, SegmentSpec):
            id = self._crm.segments([spec.name])[spec.name]
            self._bench.undo(partial(self._bench.drop_segment, id))
        elif fresh and isinstance(spec, FieldSpec):
            self._bench.undo(partial(self._bench.drop_again, spec))

    def missing(self, wanted: Sequence[Spec]) -> tuple[Spec, ...]:
        """As the adapter says it."""
        return self._crm.missing(wanted)

    def _patient(self, look: Callable[[], Found], seen: Callable[[Found], bool]) -> Found:
        end, pause = time.monotonic() + self._bench.patience, Event()
        while True:
            found = look()
            if seen(found) or time.monotonic() >= end:
                return found
            pause.wait(_AGAIN)


def _refs(pages: Sequence[Page]) -> set[Ref]:
    return {record.ref for page in pages for record in page.records}
