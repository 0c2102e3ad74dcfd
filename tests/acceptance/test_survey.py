"""The survey, from the link on the contact to what is on the record, and never into the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import structlog

from integrations.sandbox import visitor
from integrations.sandbox.desk import Contact
from integrations.sandbox.seed import Seed
from sync import log
from sync.explain import explain
from tests.acceptance.office import CRMS, DAY, Office, office, staff

pytestmark = pytest.mark.slow

WORDS = "A canary sang when the renewal quote came."


@pytest.mark.parametrize("crm", CRMS)
def test_answers_reach_the_record_and_never_the_log(
    crm: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with office(crm, tmp_path) as here, _open(here) as door:
        here.run()
        for number in (1, 2, 3):
            here.stage_to(number, "churning")
        here.wait()
        here.run()
        here.wait(2 * DAY)
        here.run()
        links = {number: door + urlsplit(_link(_person(here, number))).path for number in (1, 2, 3)}
        answers = {"reason": "price", "what_changed": WORDS, "would_return": "7"}
        visitor.fill_in(links[1], {**answers, "stay_in_touch": "on"})
        visitor.fill_in(links[2], {"reason": "competitor"})
        visitor.fill_in(f"{links[3]}/talk", {})
        here.run()

        assert here.field(1, "reason_customer") == here.field(1, "exit_reason") == "price"
        assert here.field(1, "exit_words") == WORDS
        assert here.field(1, "would_return") == 7
        assert here.notes(1)["feedback"] == 1
        assert here.field(2, "exit_reason") == "competitor"
        assert "talk" in here.open_steps(3)

        visitor.fill_in(f"{links[3]}/opt-out", {})
        here.wait(91 * DAY)
        here.run()
        assert _person(here, 1).segments == ("Alumni: budget",)
        # Nobody is in touch who left the question out, and nobody who said no.
        assert (_person(here, 2).segments, _person(here, 3).segments) == ((), ())
        assert "alumni" in _withheld(here, 2)

        printed = here.shell("plan").stdout + here.shell("explain", here.cases()[0].key).stdout
        people = {_person(here, number).email for number in (1, 2, 3)}
        tokens = {link.rsplit("/", 1)[1] for link in links.values()}
        secrets = set(here.stage.dialect(crm).credentials().values()) - {""}
        for private in secrets | tokens:
            assert private not in printed
    logged = "".join(capfd.readouterr())
    assert '"operation": "' in logged
    for private in {WORDS, *people, *tokens, *secrets, "Pat1", "canary"}:
        assert private not in logged


@pytest.mark.parametrize("crm", CRMS)
def test_a_customer_without_people_owner_or_country_is_served_and_explained(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, people=_bare()) as here:
        here.run()
        here.leaves(1)
        here.leaves(2)
        here.wait(2 * DAY)
        here.run()
        assert here.open_steps(1)
        # Where no law is known, nobody is mailed; a person may call.
        assert here.open_steps(2) == here.open_steps(1) | {"survey_call"}
        with here.stage.sandbox.world.lock:
            sheet = here.stage.desk(crm).customer(here.customer(1))
        assert sheet
        for one in sheet.timeline:
            assert one.kind != "task" or one.who or "Nobody could be found for" in one.body
        assert "the customer has no people in the CRM" in _withheld(here, 1)
        assert "country" in _withheld(here, 2)


def _bare() -> Seed:
    """One customer with nothing but a name, and one whose country nobody knows."""
    few = staff()
    first, second, *rest = few.customers
    bare = replace(first, people=(), owner=None, csm=None, country=None)
    return replace(few, customers=(bare, replace(second, country=None), *rest))


@contextmanager
def _open(here: Office) -> Iterator[str]:
    """The survey's door, with everything logged that can be."""
    before = structlog.get_config()
    log.configure(format="json", level="debug")
    try:
        with here.stage.pages() as pages:
            here.service = here.stage.connect(here.crm)
            yield pages.urls["public"]
    finally:
        structlog.configure(**before)


def _person(here: Office, number: int) -> Contact:
    with here.stage.sandbox.world.lock:
        sheet = here.stage.desk(here.crm).customer(here.customer(number))
    assert sheet
    (contact,) = sheet.contacts
    return contact


def _withheld(here: Office, number: int) -> str:
    return "\n".join(explain(here.service, here.cases(number)[0]).withheld)


def _link(contact: Contact) -> str:
    return next(line.value for line in contact.lines if line.label == "Survey link")
