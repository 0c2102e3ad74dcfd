"""The letters and the customer's own page, on both CRMs: from the notice to the last check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from integrations.contract import TASK
from integrations.sandbox import visitor
from integrations.sandbox.desk import Letter
from integrations.sandbox.seed import Seed
from tests.acceptance.office import CRMS, DAY, Office, office, staff
from tests.acceptance.test_mishaps import strike

pytestmark = pytest.mark.slow

LINK = re.compile(r"https?://\S+/[sc]/[\w-]+")
WORDS = "Nobody called me back."
SMALL: dict[str, Any] = {
    "playbooks": [{"use": "small_business"}],
    "survey": {"send": {"through": "email", "template": "7"}},
}
REFUSED: dict[str, dict[str, Any]] = {
    "hubspot": {
        "status": 400,
        "body": {
            "status": "error",
            "message": "The template is not published",
            "category": "VALIDATION_ERROR",
        },
    },
    "salesforce": {
        "status": 400,
        "body": [
            {
                "actionName": "emailSimple",
                "errors": [{"statusCode": "INVALID_EMAIL_ADDRESS", "message": "No such address"}],
                "isSuccess": False,
                "outputValues": None,
            }
        ],
    },
}


@pytest.mark.parametrize("crm", CRMS)
def test_from_the_letter_to_the_page_and_back_into_the_crm(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=_near()) as here, _open(here) as door:
        here.run()
        here.leaves(1)
        letter = _body(here, "acknowledge")
        (page,) = LINK.findall(letter)
        assert "/c/" in page
        assert "aurevoir-link" not in letter
        assert page not in here.shell("plan").stdout

        own = door + urlsplit(page).path
        visitor.fill_in(f"{own}/export", {})
        visitor.fill_in(f"{own}/contact", {"contact": "stay"})
        visitor.fill_in(own.replace("/c/", "/s/"), {"reason": "price"})
        here.run()
        assert "export" in here.open_steps(1)
        assert here.field(1, "reason_customer") == "price"
        here.run()
        assert here.steps(1)["export"] == 1
        # What we wrote ourselves is no edit of a person.
        assert _body(here, "acknowledge") == letter

        here.wait(80 * DAY)
        here.run()
        (check,) = LINK.findall(_body(here, "one_month_check"))
        answers = {"effort": "2", "promises_kept": "no", "undone": WORDS}
        visitor.fill_in(door + urlsplit(check).path, answers)
        here.run()
        assert here.notes(1)["check_note"] == 1
        assert "check_alarm" in here.open_steps(1)
        assert WORDS in _body(here, "check_alarm")


@pytest.mark.parametrize("crm", CRMS)
def test_a_small_customer_of_a_crm_that_mails_is_answered_once(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=_near(), **SMALL) as here:
        if crm == "hubspot":
            here.stage.dialect(crm).options["transactional_email"] = True  # an add-on
        here.run()
        here.leaves(1)
        here.wait(DAY)
        here.run()
        (letter,) = [one for one in _mailed(here) if "/c/" in one.body]
        assert "Your last day with us" in letter.body
        assert here.notes(1)["letter_acknowledge_note"] == 1
        assert "without you" in _body(here, "acknowledge")


@pytest.mark.parametrize("crm", CRMS)
def test_a_letter_that_the_crm_refuses_is_told_of_its_case(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=_near(), **SMALL) as here:
        if crm == "hubspot":
            here.stage.dialect(crm).options["transactional_email"] = True  # an add-on
        here.run()
        strike(here, "email.send", **REFUSED[crm])
        here.leaves(1)
        assert not _mailed(here)
        [failure] = here.command("failures")[crm]
        [key] = failure["keys"]
        assert ":letter_acknowledge:" in key
        told = here.command("explain", here.cases(1)[0].key)
        [line] = [line for line in told["waiting"] if "(mail)" in line]
        assert line.startswith("letter acknowledge for ")
        assert failure["words"] in line
        assert line.endswith("; mend it and try again with `aurevoir retry`, or send it yourself")
        here.command("retry", key)
        here.run()
        assert len(_mailed(here)) == 1
        assert here.command("failures")[crm] == []


def _near() -> Seed:
    """Customers who leave in a month."""
    few = staff()
    end = few.customers[0].contract_end
    assert end
    near = end - 60 * DAY
    return replace(few, customers=tuple(replace(c, contract_end=near) for c in few.customers))


@contextmanager
def _open(here: Office) -> Iterator[str]:
    with here.stage.pages() as pages:
        here.service = here.stage.connect(here.crm)
        yield pages.urls["public"]


def _body(here: Office, step: str) -> str:
    task = here.task(step)
    return str(here.service.crm.read(TASK, [task], ("body",))[task].fields["body"])


def _mailed(here: Office) -> Sequence[Letter]:
    with here.stage.sandbox.world.lock:
        return here.stage.desk(here.crm).letters()
