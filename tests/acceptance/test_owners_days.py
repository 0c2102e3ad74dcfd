"""Due days by the owner's holidays: Salesforce says where its users work, HubSpot is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests

from integrations.contract import TASK
from integrations.sandbox.seed import Seed
from tests.acceptance.office import CRMS, Office, office, staff

pytestmark = pytest.mark.slow


LINK = re.compile(r"https?://\S+/c/[\w-]+")
DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]+ 2026\b")


def _people(country: str = "Bulgaria", zone: str = "Europe/Sofia") -> Seed:
    """Ann works in Bulgaria, where the day after the notice, 3 March, is a holiday."""
    few = staff()
    ann, *others = few.colleagues
    return replace(few, colleagues=(replace(ann, country=country, zone=zone), *others))


def due(here: Office) -> dict[str, date]:
    """The day of each task, as the CRM shows it."""
    keys, zone = here.keys(), ZoneInfo(here.service.identity.zone)
    assert set(keys.values()) == {1}
    ids = {one.id: one.key.split(":")[1] for one in here.service.crm.find(TASK, None)
           if one.key in keys}  # fmt: skip
    read = here.service.crm.read(TASK, list(ids), ("due",))
    return {ids[id]: one.fields["due"].astimezone(zone).date() for id, one in read.items()}


@pytest.mark.parametrize("crm", CRMS)
def test_a_holiday_of_the_owner_moves_open_tasks_once(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path, people=_people()) as here:
        here.run()
        here.leaves()
        before = due(here)
        table = {"owners": {"ann@vendor.example": "BG"}} if crm == "hubspot" else {}
        here.configure(time={"of": "owner", **table})
        here.run()
        after = due(here)
        assert after.keys() == before.keys()
        moved = {step for step in after if after[step] != before[step]}
        assert moved
        assert date(2026, 3, 3) not in after.values()
        assert all(after[step] > before[step] for step in moved)
        assert here.run().writes == 0
        assert not [one for one in here.command("check")[crm] if one["key"].startswith("time")]
        here.leaves(2)
        assert here.run().writes == 0


@pytest.mark.parametrize("crm", CRMS)
def test_the_customers_page_has_the_days_of_the_letter(crm: str, tmp_path: Path) -> None:
    """Five working days before Sunday, 31 May; the 25th is a holiday where the customer is."""
    table = {"owners": {"ann@vendor.example": "JP"}} if crm == "hubspot" else {}
    people = _people("Japan", "Asia/Tokyo")
    with (
        office(crm, tmp_path, people=people, time={"of": "owner", **table}) as here,
        here.stage.pages() as pages,
    ):
        here.service = here.stage.connect(crm)
        here.run()
        here.leaves()
        task = here.task("acknowledge")
        letter = str(here.service.crm.read(TASK, [task], ("body",))[task].fields["body"])
        [link] = LINK.findall(letter)
        page = requests.get(pages.urls["public"] + urlsplit(link).path, timeout=10)
        shown = set(DAY.findall(page.text))
        assert "22 May 2026" in shown
        assert shown <= set(DAY.findall(letter))
