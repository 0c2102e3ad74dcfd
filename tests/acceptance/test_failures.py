"""What the CRM refuses is told with what to do, and tried again when an admin says so."""

from __future__ import annotations

import pytest

from integrations.contract import Ref
from sync.outbox import Entry
from tests.acceptance.office import Office

pytestmark = pytest.mark.slow


def _entry(here: Office, step: str) -> Entry:
    with here.service.store.reading() as tables:
        entries = tables.ledger.of_cases([here.cases()[0].key])[here.cases()[0].key]
    return next(entry for entry in entries.values() if entry.step == step)


def _refused(here: Office) -> str:
    """A case of which one task was refused; returns its key."""
    here.command("pause")
    here.leaves()
    entry = _entry(here, "check_contract")
    nowhere = Ref(object=entry.ref.object, id="999999999999")
    from dataclasses import replace

    broken = replace(entry, ref=nowhere)
    with here.service.store.transaction("test") as tables:
        tables.ledger.put(here.crm, [broken], here.stage.clock.now())
    here.command("release")
    here.run()
    assert "check_contract" not in here.steps()
    with here.service.store.transaction("test") as tables:
        failed = tables.ledger.some([entry.key])[entry.key]
        tables.ledger.put(here.crm, [replace(failed, ref=entry.ref)], here.stage.clock.now())
    return entry.key
