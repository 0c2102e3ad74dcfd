"""A part of a customer leaves while the company above it stays: a partial programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.sandbox.hubspot.kinds import COMPANIES
from integrations.sandbox.hubspot.portal import COMPUTED
from sync.verify import verify
from tests.acceptance.office import CRMS, Office, office
from tests.acceptance.test_recipes import book, sent, to_the_end

pytestmark = pytest.mark.slow

PLAYBOOKS = [{"use": "child", "when": {"parent_stays": True}}, {"use": "standard"}]


def belongs_to(here: Office, number: int, parent: int) -> None:
    """Somebody puts one customer under another."""
    one, above = here.customer(number), here.customer(parent)
    if here.crm == "salesforce":
        here.stage.edit(here.crm, one, "ParentId", above, by=here.stage.colleague(here.crm))
        return
    # HubSpot computes the property out of an association that users make.
    with here.stage.sandbox.world.lock:
        portal = here.stage.dialect(here.crm).portal  # type: ignore[attr-defined]
        table = portal.table(COMPANIES)
        values = {"hs_parent_company_id": above}
        table.change(table.live[int(one)], values, portal.now(), COMPUTED)


@pytest.mark.parametrize("crm", CRMS)
def test_a_child_leaves_with_little_ado_and_the_parent_with_everything(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, playbooks=PLAYBOOKS) as here:
        here.run()
        belongs_to(here, 2, parent=1)
        here.leaves(2)
        assert here.open_steps(2) == {"acknowledge", "check_contract", "short_talk"}
        assert to_the_end(here, 2) == [book(here, "child")]
        assert sent(here, 2) == []
        assert here.field(2, "status") == "alumni"
        assert not any(len(list(here.service.crm.members(id))) for id in _segments(here))

        here.leaves(1)
        assert "confirm_reason" in here.open_steps(1)
        found = verify(here.service)
        assert (found.missing, found.extra) == ([], [])


@pytest.mark.parametrize("crm", CRMS)
def test_who_leaves_with_the_whole_or_stands_alone_gets_the_whole_programme(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, playbooks=PLAYBOOKS) as here:
        here.run()
        belongs_to(here, 2, parent=1)
        here.stage_to(1, "churning")
        here.leaves(2)
        here.leaves(3)
        for number in (2, 3):
            assert "confirm_reason" in here.open_steps(number)


@pytest.mark.parametrize("crm", CRMS)
def test_all_parents_are_read_in_one_call_and_only_where_somebody_asks(
    crm: str, tmp_path: Path
) -> None:
    calls = []
    for name, mapping in (("asks", {"playbooks": PLAYBOOKS}), ("does_not", {})):
        (tmp_path / name).mkdir()
        with office(crm, tmp_path / name, **mapping) as here:
            here.run()
            for number in (2, 3):
                belongs_to(here, number, parent=1)
                here.stage_to(number, "churning")
            before = sum(here.stage.calls(crm).values())
            here.run()
            calls.append(sum(here.stage.calls(crm).values()) - before)
    assert calls[0] == calls[1] + 1


def _segments(here: Office) -> list[str]:
    return [*here.service.segments.values()]
