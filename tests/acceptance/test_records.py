"""Each departure keeps a record of its own, where the mapping asks for an object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.contract import DEPARTURE, NOTE
from integrations.sandbox.faults import Fault
from mappings.findings import MappingError
from mappings.reasons import REASONS
from sync.engine.jobs import refresh
from sync.verify import verify
from tests.acceptance.office import CRMS, DAY, HOUR, Office, office
from tests.faults.story import START


@pytest.fixture(params=CRMS)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office whose CRM has the object, on each CRM."""
    with office(request.param, tmp_path, record="object") as opened:
        opened.run()
        yield opened


def keys(here: Office) -> list[str]:
    """Our keys on all records."""
    return [one.key for one in here.service.crm.find(DEPARTURE, None)]


def test_a_customer_who_leaves_twice_has_two_records(there: Office) -> None:
    here = there
    here.leaves()
    (first,) = here.kept()
    assert first["name"].endswith(": departure 1")
    assert (first["number"], first["status"], first["outcome"]) == (1, "notice", "leaving")
    assert first["opened_on"] == START.date()
    assert first["owner"]
    here.sets(1, "reason_csm", "price")
    here.sets(1, "exit_words", "It was too dear for us.")
    here.run()
    here.stage_to(1, "churned")
    here.wait()
    here.run()
    here.wait(100 * DAY)
    here.run()
    (first,) = here.kept()
    assert (first["exit_reason"], first["reason_csm"]) == ("price", "price")
    assert "It was too dear for us." in first["words"]
    assert (first["outcome"], first["status"]) == ("departed", here.field(1, "status"))
    here.stage_to(1, "active")
    here.wait()
    here.run()
    (first,) = here.kept()
    assert (first["outcome"], first["ended_on"] is not None) == ("returned", True)
    here.wait(60 * DAY)
    here.leaves(1, "churning")
    here.sets(1, "reason_csm", "competitor")
    here.run()
    first, second = here.kept()
    assert (first["number"], first["outcome"], first["exit_reason"]) == (1, "returned", "price")
    assert (second["number"], second["outcome"]) == (2, "leaving")
    assert second["exit_reason"] == "competitor"
    assert not second["words"] or "too dear" not in second["words"]
    assert here.field(1, "exit_reason") == "competitor", "the customer shows the latest"
    assert here.field(1, "status") == second["status"]
    assert len(keys(here)) == len(set(keys(here))) == 2
    assert "feedback" not in here.steps(1, NOTE), "no note beside it"
    sheet = here.stage.desk(here.crm).customer(here.customer(1))
    assert sheet is not None
    assert len(sheet.related) == 2
    found = verify(here.service)
    assert (found.missing, found.extra, found.unlinked) == ([], [], [])


def test_nothing_is_written_where_nothing_has_changed(there: Office) -> None:
    here = there
    here.leaves()
    before = here.dump()
    here.wait(HOUR)
    here.run()
    assert here.dump() == before


def test_an_answer_that_is_lost_makes_no_second_record(there: Office) -> None:
    here = there
    wanted = {"hubspot": "objects.custom.batch.create", "salesforce": "collections.create"}
    fault = Fault(crm=here.crm, operation=wanted[here.crm], when="after", status=503)
    with here.stage.sandbox.world.lock:
        here.stage.sandbox.world.faults.add(fault)
    here.leaves()
    for _ in range(3):
        here.wait(timedelta(minutes=40))
        here.run()
    assert len(keys(here)) == 1
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])
    here.sets(1, "reason_csm", "price")
    here.run()
    (kept,) = here.kept()
    assert kept["reason_csm"] == "price", "it was adopted, and goes on"


def test_what_a_person_wrote_there_stays(there: Office) -> None:
    here = there
    here.leaves()
    (one,) = here.service.crm.find(DEPARTURE, None)
    keeping = here.service.keeping
    shape = here.service.loaded.rows.departure
    reason = shape.columns["exit_reason"].names[here.crm]
    desk, by = here.stage.desk(here.crm), here.stage.colleague(here.crm)
    place = {"hubspot": f"p_{keeping.object}", "salesforce": keeping.object}[here.crm]
    with here.stage.sandbox.world.lock:
        desk.edit(place, one.id, reason, "trust", by=by)
    here.sets(1, "reason_csm", "price")
    here.run()
    (kept,) = here.kept()
    assert (kept["exit_reason"], kept["reason_csm"]) == ("trust", "price")


def test_a_record_that_somebody_deleted_is_not_made_again(there: Office) -> None:
    here = there
    here.leaves()
    (one,) = here.service.crm.find(DEPARTURE, None)
    keeping = here.service.keeping
    place = {"hubspot": f"p_{keeping.object}", "salesforce": keeping.object}[here.crm]
    here.tidy("delete", place, one.id)
    here.sets(1, "reason_csm", "price")
    here.run()
    here.wait()
    here.run()
    assert keys(here) == []
    assert here.field(1, "reason_csm") == "price"
    assert here.field(1, "status") == "assess", "the customer is there still"
    found = verify(here.service)
    assert (found.missing, found.extra) == ([], [])


def test_a_note_that_somebody_deleted_says_nothing_of_the_customer(here: Office) -> None:
    here.leaves()
    (note,) = [one for one in here.service.crm.find(NOTE, None) if ":feedback" in one.key]
    here.tidy("delete", {"hubspot": "notes", "salesforce": "Task"}[here.crm], note.id)
    here.sets(1, "reason_csm", "price")
    for _ in range(2):
        here.wait()
        here.run()
    assert here.notes()["feedback"] == 0, "what a person deleted is not made again"
    assert here.field(1, "status") == "assess"
    assert here.field(1, "exit_reason") == "price"
    assert here.open_steps()


@pytest.mark.parametrize("crm", CRMS)
def test_an_edition_without_it_is_said_at_the_line(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.run()
        here.stage.dialect(crm).options.update(_switch(crm, on=False))
        with pytest.raises(MappingError) as refused:
            here.configure(record="object")
        file = here.folder / f"{crm}.yaml"
        assert f"{file}:1: record: there is no object" in str(refused.value)
        (absent,) = [one for one in here.command("check", code=1)[crm] if one["key"] == "record"]
        assert (absent["severity"], absent["line"]) == ("error", 1)
        assert "record: {as: object, else: note}" in absent["words"]


def test_where_it_goes_away_it_is_waited_for(there: Office) -> None:
    here = there
    here.stage.dialect(here.crm).options.update(_switch(here.crm, on=False))
    refresh(here.service)
    here.run()
    assert "works, but for what needs this" in here.says()
    here.leaves()
    assert here.notes()["feedback"] == 0, "no silent change"
    assert here.open_steps(), "everything else goes on"
    (failure,) = here.command("failures")[here.crm]
    assert "the CRM has no object" in failure["words"]
    assert failure["count"] == 1
    here.stage.dialect(here.crm).options.update(_switch(here.crm, on=True))
    here.stage.provision(here.crm)
    refresh(here.service)
    here.run()
    assert len(keys(here)) == 1
    assert here.command("failures")[here.crm] == []
    assert verify(here.service).missing == []


@pytest.mark.parametrize("crm", CRMS)
def test_the_note_stands_in_where_the_admin_says_so(crm: str, tmp_path: Path) -> None:
    with office(crm, tmp_path) as here:
        here.stage.dialect(crm).options.update(_switch(crm, on=False))
        here.configure(record={"as": "object", "else": "note"})
        here.run()
        found = here.command("check", code=0)[crm]
        assert [one["severity"] for one in found if one["key"] == "record"] == ["hint"]
        here.leaves()
        assert here.notes()["feedback"] == 1
        assert len(here.records()) == 1
        (case,) = here.cases()
        said = here.shell("explain", case.key).stdout
        assert "a note keeps the departure" in said


def test_provisioning_says_what_it_cannot_create(tmp_path: Path) -> None:
    with office("salesforce", tmp_path) as here:
        (tmp_path / "salesforce.yaml").write_text("record: object\n")
        done = here.command("provision", "--yes")["salesforce"]
        assert done["created"] == []
        (line,) = done["by_hand"]
        assert "Aurevoir_Departure__c" in line
        assert "deploy the folder optional/departures" in line


def test_reasons_are_the_ones_that_there_are(there: Office) -> None:
    object = there.service.schemas[there.service.keeping.object]
    name = there.service.loaded.rows.departure.columns["exit_reason"].names[there.crm]
    assert {option.value for option in object.fields[name].options} == set(REASONS)


def _switch(crm: str, *, on: bool) -> dict[str, bool]:
    """What makes the edition one with our object, or without."""
    return {"custom_objects" if crm == "hubspot" else "departures": on}
