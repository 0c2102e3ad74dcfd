"""Nothing reaches anybody after their consent has ended, whenever it ends and whoever says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from integrations.contract import Value
from integrations.sandbox import visitor
from sync.deliver import deliver
from sync.engine.jobs import cycle
from sync.explain import explain
from sync.links import Links
from sync.planning import plan_awake
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, HOUR, Office, office
from tests.acceptance.test_plan_and_run import _sent
from tests.faults.story import seed

pytestmark = pytest.mark.slow

EACH = pytest.mark.parametrize("crm", CRMS)
SEGMENT = "Alumni: budget"
#: Until the contract has ended; the links in the mails still work.
LEFT = 21 * DAY


@EACH
def test_a_no_on_the_page_between_plan_and_delivery_stops_the_mail(
    crm: str, tmp_path: Path
) -> None:
    with _service(crm, tmp_path) as (here, door):
        _asked(here)
        assert _plan(here)
        assert _waiting(here, "survey")
        visitor.fill_in(f"{door}/s/{_token(here)}/opt-out", {})
        deliver(here.service, here.stage.clock.now())
        assert _sent(here) == []
        here.run()
        assert _sent(here) == []
        assert not _waiting(here, "survey")
        assert "asked us on 4 March 2026 not to write again" in _withheld(here)


@EACH
def test_a_no_on_the_page_while_parked_stops_the_mail(crm: str, tmp_path: Path) -> None:
    with _service(crm, tmp_path) as (here, door):
        _asked(here)
        assert _plan(here)
        until = here.stage.clock.now() + 5 * HOUR
        with here.service.store.transaction("test") as tables:
            tables.connections.set(crm, parked_until=until)
        assert cycle(here.service).parked_until == until
        visitor.fill_in(f"{door}/s/{_token(here)}/opt-out", {})
        here.wait(6 * HOUR)
        here.service = here.stage.connect(crm)
        assert here.run().parked_until is None
        assert _sent(here) == []


@EACH
def test_a_no_between_plan_and_delivery_keeps_somebody_out_of_the_segment(
    crm: str, tmp_path: Path
) -> None:
    with _service(crm, tmp_path) as (here, door):
        link = _answered(here, door)
        here.wait(LEFT)
        assert _plan(here)
        assert _waiting(here, "alumni_budget")
        visitor.fill_in(f"{link}/opt-out", {})
        deliver(here.service, here.stage.clock.now())
        assert _segments(here) == ()
        here.run()
        assert _segments(here) == ()
        assert _box(here, "contact_basis") == "none"


@EACH
def test_a_parked_membership_is_not_made_after_the_last_day(crm: str, tmp_path: Path) -> None:
    with _service(crm, tmp_path) as (here, door):
        _answered(here, door)
        here.wait(LEFT)
        assert _plan(here)
        (entry,) = _waiting(here, "alumni_budget")
        assert entry.not_after is not None
        here.wait(entry.not_after - here.stage.clock.now())
        deliver(here.service, here.stage.clock.now())
        assert _segments(here) == ()
        here.run()
        assert _segments(here) == ()


@EACH
def test_a_yes_ends_and_its_person_leaves_the_segment_that_day(crm: str, tmp_path: Path) -> None:
    with _service(crm, tmp_path) as (here, door):
        _answered(here, door)
        here.wait(LEFT)
        here.run()
        assert _segments(here) == (SEGMENT,)
        assert (_box(here, "contact_basis"), _box(here, "stay_in_touch")) == ("consent", True)
        assert _box(here, "contact_until") == date(2028, 3, 4)
        here.stage.until(here.stage.clock.now().replace(year=2028, month=3, day=4))
        here.run()
        assert _segments(here) == (SEGMENT,)
        here.wait(DAY)
        here.run()
        assert _segments(here) == ()
        assert (_box(here, "contact_basis"), _box(here, "stay_in_touch")) == ("none", False)
        assert "counted until 4 March 2028 (rule alumni_yes)" in _withheld(here)


@EACH
def test_a_yes_ends_for_those_who_have_left_twice_too(crm: str, tmp_path: Path) -> None:
    """The field of their segments is our own, whichever of two departures wrote to it last."""
    everybody = (1, 2, 3)
    with _service(crm, tmp_path) as (here, _):
        for customer in everybody:
            here.leaves(customer)
        here.wait(2 * DAY)
        here.run()
        for customer in everybody:
            here.answer(customer)
        here.wait(LEFT)
        here.run()
        for customer in everybody:
            here.stage_to(customer, "active")
        here.wait(60 * DAY)
        here.run()
        for customer in everybody:
            here.leaves(customer)
        here.wait(2 * DAY)
        here.run()
        for customer in everybody:
            here.sets(customer, "reason_csm", "product_gap")
        here.wait(60 * DAY)
        here.run()
        inside = {_box(here, "alumni_segments", customer) for customer in everybody}
        assert inside == {("product",)}
        here.stage.until(here.stage.clock.now().replace(year=2028, month=3, day=6))
        here.run()
        left = {_box(here, "alumni_segments", customer) for customer in everybody}
        assert left == {None}
        checked = verify(here.service)
        assert (checked.missing, checked.extra, checked.edited) == ([], [], [])


@EACH
def test_a_box_that_a_colleague_unticks_counts_and_the_next_yes_again(
    crm: str, tmp_path: Path
) -> None:
    with _service(crm, tmp_path) as (here, door):
        link = _answered(here, door)
        here.wait(LEFT)
        here.run()
        assert _segments(here) == (SEGMENT,)
        for _ in range(2):
            here.wait()
            here.run()
        assert _consents(here) == [(True, None)]  # our own writes come back, and are no news
        _tick(here, "stay_in_touch", yes=False)
        here.wait()
        here.run()
        assert _consents(here) == [(True, None), (False, "crm")]
        assert _segments(here) == ()
        assert _box(here, "contact_basis") == "none"
        assert "said no on" in _withheld(here)
        _tick(here, "stay_in_touch", yes=True)
        here.wait()
        here.run()
        assert _segments(here) == (SEGMENT,)
        assert _box(here, "contact_until") == date(2028, 3, 25)
        visitor.fill_in(f"{link}/opt-out", {})
        here.wait()
        here.run()
        assert _segments(here) == ()
        assert _box(here, "stay_in_touch") is False


@EACH
def test_a_box_that_is_ticked_for_somebody_who_was_never_asked_counts(
    crm: str, tmp_path: Path
) -> None:
    with office(crm, tmp_path, people=seed(), survey={"ask": {"at_most": 0}}) as here:
        here.run()
        here.leaves()
        _tick(here, "stay_in_touch", yes=True)
        here.wait(LEFT)
        here.sets(1, "reason_csm", "price")
        here.run()
        assert _segments(here) == (SEGMENT,)
        assert _box(here, "contact_until") == date(2028, 3, 2)


@contextmanager
def _service(crm: str, folder: Path) -> Iterator[tuple[Office, str]]:
    """An office whose survey can be reached, and its address."""
    with office(crm, folder, people=seed()) as here, here.stage.pages() as pages:
        here.service = here.stage.connect(crm)
        here.run()
        yield here, pages.urls["public"]


def _asked(here: Office) -> None:
    """The first customer's survey is due; nothing has been planned for it."""
    here.leaves()
    here.wait(2 * DAY)


def _answered(here: Office, door: str) -> str:
    """The first customer leaves for the price, and says yes to staying in touch; their link."""
    _asked(here)
    here.run()
    link = f"{door}/s/{_token(here)}"
    visitor.fill_in(link, {"reason": "price", "stay_in_touch": "on"})
    here.run()
    return link


def _plan(here: Office) -> int:
    return plan_awake(here.service, here.stage.clock.now()).cases


def _token(here: Office) -> str:
    links: Links = here.service.links
    return links.token(f"{here.cases()[0].key}:survey:{_who(here)}")


def _who(here: Office) -> str:
    with here.service.store.reading() as tables:
        return tables.people.people(here.crm, [here.customer(1)])[here.customer(1)][0].ref.id


def _waiting(here: Office, step: str) -> list[Any]:
    key = here.cases()[0].key
    with here.service.store.reading() as tables:
        entries = tables.ledger.of_cases([key])[key].values()
    return [entry for entry in entries if entry.step == step and entry.state == "pending"]


def _consents(here: Office) -> list[tuple[bool, str | None]]:
    key = here.cases()[0].key
    with here.service.store.reading() as tables:
        events = tables.cases.histories([key])[key]
    return [(e.data["stay"], e.data.get("where")) for e in events if e.kind == "consented"]


def _tick(here: Office, key: str, *, yes: bool) -> None:
    """A colleague ticks a box of the first customer's person, or takes the tick out."""
    object = here.service.programme.people.object
    name, by = here.service.places("person")[key].field, here.stage.colleague(here.crm)
    with here.stage.sandbox.world.lock:
        here.stage.desk(here.crm).edit(object, _contact(here).id, name, str(yes).lower(), by=by)


def _contact(here: Office, customer: int = 1) -> Any:
    with here.stage.sandbox.world.lock:
        sheet = here.stage.desk(here.crm).customer(here.customer(customer))
    assert sheet
    (contact,) = sheet.contacts
    return contact


def _segments(here: Office) -> tuple[str, ...]:
    return tuple(_contact(here).segments)


def _box(here: Office, key: str, customer: int = 1) -> Value:
    """One of our fields on a customer's person, as the CRM has it."""
    object, name = here.service.programme.people.object, here.service.places("person")[key].field
    who = _contact(here, customer).id
    return here.service.crm.read(object, [who], [name])[who].fields[name]


def _withheld(here: Office) -> str:
    return "\n".join(explain(here.service, here.cases()[0]).withheld)
