"""A great many customers: those who share one modification time, and those who leave at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from integrations.contract import TASK
from tests.acceptance.office import CRMS, MINUTE, Office, crowd, office

CUSTOMERS, SAME, LEAVING = 25_000, 12_000, 1_000
#: Calls per least possible call.
MOST = 1.1

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("crm", CRMS)
def test_of_a_thousand_none_is_missed_and_none_comes_twice(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=crowd(CUSTOMERS), brake={"cases": LEAVING}) as here:
        here.run()
        ids = [row.id for row in here.stage.customers(crm).values()]
        assert len(ids) == CUSTOMERS
        here.wait(30 * MINUTE)
        here.run()
        here.stage.count_from_here()
        least = here.service.tally.total

        _edit(here, ids[:SAME], "country", "Ireland")
        here.wait(MINUTE)
        here.run()
        leaving = ids[SAME - LEAVING // 2 : SAME + LEAVING // 2]
        _edit(here, leaving, here.service.programme.watch[0].stage, "churning", over=60)
        for _ in range(25):
            here.run()
            here.wait(MINUTE)
        here.run()

        with here.service.store.reading() as tables:
            cases = Counter(row.record for row in tables.cases.list(crm))
        assert cases == Counter(leaving)
        calls = sum(here.stage.calls(crm).values())
        assert calls <= MOST * (here.service.tally.total - least)
        first = Counter(one.key.split(":")[1] for one in here.service.crm.find(TASK, None))
        assert first["acknowledge"] == first["confirm_reason"] == LEAVING


def _edit(here: Office, ids: list[str], field: str, value: str, *, over: int = 0) -> None:
    """A colleague, or an import, sets a field of many; ``over`` so many seconds, or at once."""
    desk, by = here.stage.desk(here.crm), here.stage.colleague(here.crm)
    name = getattr(here.service.programme.customer, field, None) or field
    steps = max(1, len(ids) // (over or 1))
    for number, id in enumerate(ids):
        with here.stage.sandbox.world.lock:
            desk.edit(desk.customer_object, id, name, value, by=by)
        if over and number % steps == steps - 1:
            here.wait(MINUTE / over)
