"""A small customer that people try to keep: one offer, approved first, and gone if they let go."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.contract import TASK
from tests.acceptance.office import CRMS, office

pytestmark = pytest.mark.slow

OFFER = {"approve_offer", "make_offer"}


@pytest.mark.parametrize("crm", CRMS)
def test_an_offer_is_approved_made_and_taken_back(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, playbooks=[{"use": "small_business"}]) as here:
        here.run()
        here.leaves()
        here.leaves(2)
        assert not OFFER & here.open_steps()
        for number in (1, 2):
            here.sets(number, "reason_csm", "price")
            here.sets(number, "decision", "try_to_keep")
        here.run()
        assert OFFER & here.open_steps() == {"approve_offer"}
        task = here.task("approve_offer")
        body = here.service.crm.read(TASK, [task], ("body",))[task].fields["body"]
        assert "We may offer: a pause of up to three months, a smaller plan." in str(body)
        here.completes("approve_offer")
        here.sets(2, "decision", "let_go")
        here.run()
        here.run()
        assert OFFER & here.open_steps() == {"make_offer"}
        assert not OFFER & here.open_steps(2)
        assert {here.steps()[step] for step in OFFER} == {1}
