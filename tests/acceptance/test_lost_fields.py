"""Fields that an admin deletes, renames or empties: their users stand still, the others go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.contract import NOTE, TASK
from integrations.errors import Drift
from sync.engine.jobs import refresh
from tests.acceptance.admin import drops, loses, relabels, renames, retypes
from tests.acceptance.office import DAY, HOUR, Office, office

pytestmark = pytest.mark.slow

_CSM = {"hubspot": "csm_owner", "salesforce": "Csm__c"}
_STATUS = {"hubspot": "aurevoir_status", "salesforce": "Aurevoir_Status__c"}
_STAGE = {"hubspot": "customer_stage", "salesforce": "Customer_Stage__c"}
_KEY = {"hubspot": "aurevoir_key", "salesforce": "Aurevoir_Key__c"}
_DATA = "/services/data/v62.0"
#: The steps of a notice.
_FIRST = {"acknowledge", "agree_dates", "check_contract", "confirm_reason", "read_the_signals"}


def _name(here: Office, hubspot: str) -> str:
    """The CRM's name for one of our fields."""
    if here.crm == "hubspot":
        return hubspot
    return "_".join(part.title() for part in hubspot.split("_")) + "__c"


def test_a_deleted_key_of_notes_stops_nothing_but_notes(here: Office) -> None:
    here.leaves()
    # In Salesforce notes are completed tasks, and share their key with the others.
    drops(here, "Note" if here.crm == "hubspot" else "Task", _KEY[here.crm])
    here.answer(1)
    here.leaves(2)
    refresh(here.service)
    here.run()
    assert here.field(2, "case") == here.cases(2)[0].key
    said = here.says()
    assert f"lacks {_KEY[here.crm]}; run `aurevoir provision`" in said
    if here.crm == "hubspot":
        assert len(here.open_steps(2)) == 5
        assert "Settings > Properties > Note properties > Archived properties" in said
    else:
        assert "Object Manager > Activity > Fields & Relationships > Deleted Fields" in said
    waiting = [one for one in here.command("failures")[here.crm] if one["class"] == "drift"]
    assert waiting
    assert here.service.fitness.keyless == ({NOTE} if here.crm == "hubspot" else {TASK, NOTE})
    assert here.command("provision", "--yes")[here.crm]["created"]
    refresh(here.service)
    here.run()
    here.run()
    assert here.open_steps(2) >= _FIRST
    assert max(here.keys(2).values()) == 1
    assert here.notes(1)
    assert max(here.notes(1).values()) == 1
    # What was there before has its key back, whatever became of the field's values.
    here.completes("acknowledge")
    here.wait(HOUR)
    assert here.run().done == 1
    assert here.command("verify")[here.crm]["missing"] == []
    assert here.command("failures")[here.crm] == []
    assert here.command("status")[here.crm]["drift"] == []


@pytest.mark.parametrize("known", [True, False], ids=["seen before", "met on the way"])
def test_a_deleted_field_of_tasks_stops_no_task(here: Office, known: bool) -> None:
    step = _name(here, "aurevoir_step")
    here.leaves()
    drops(here, "Task", step)
    if known:
        refresh(here.service)
    here.leaves(2)
    assert here.steps(2).keys() >= _FIRST
    assert max(here.keys(2).values()) == 1
    # They are changed without it, too.
    here.completes("acknowledge", 2)
    here.stage_to(1, "churned")
    here.wait()
    assert here.run().done == 1
    refresh(here.service)
    here.run()
    said = here.says()
    assert f"task lacks {step}; run `aurevoir provision`; tasks are written without it" in said
    assert {"hubspot": "Archived properties", "salesforce": "Deleted Fields"}[here.crm] in said
    (failed,) = here.command("failures")[here.crm]
    assert failed["class"] == "left out"
    assert step in failed["words"]
    here.command("provision", "--yes")
    refresh(here.service)
    here.run()
    for number in (1, 2):
        assert _held(here, "step", number) == {key: key.split(":")[1] for key in here.keys(number)}
        assert max(here.keys(number).values()) == 1
    assert here.command("failures")[here.crm] == []
    assert here.command("status")[here.crm]["drift"] == []
    assert here.run().writes == 0


def test_a_field_of_tasks_that_is_something_else_now_stops_no_task(here: Office) -> None:
    old, other = _name(here, "aurevoir_department"), _name(here, "aurevoir_phase")
    renames(here, "Task", other, _name(here, "their_phase"))
    retypes(here, "Task", old)
    refresh(here.service)
    here.leaves()
    assert here.open_steps() >= _FIRST
    drift = "\n".join(here.command("status")[here.crm]["drift"])
    assert f'"{old}" is of the type number' in drift
    assert f'"{_name(here, "their_phase")}" now' in drift
    assert drift.count("tasks are written without it") == 2
    drops(here, "Task", old)
    here.command("provision", "--yes")
    here.service = here.restart()  # what was mended while it was away is found as well
    here.run()
    assert _held(here, "department").keys() == here.keys().keys()
    assert all(_held(here, "department").values())
    assert all(_held(here, "phase").values())
    assert here.command("failures")[here.crm] == []


def test_without_the_key_of_tasks_none_is_created_and_none_twice(here: Office) -> None:
    key = _KEY[here.crm]
    drops(here, "Task", key)
    here.leaves()
    assert here.service.fitness.keyless
    refresh(here.service)
    here.run()
    said = here.says()
    none = {"hubspot": "no task is created", "salesforce": "no task and no note is created"}
    assert f"task lacks {key}; run `aurevoir provision`; without it {none[here.crm]}" in said
    assert here.field(1, "case") == here.cases()[0].key
    here.command("provision", "--yes")
    refresh(here.service)
    here.run()
    assert here.open_steps() >= _FIRST
    assert set(here.keys().values()) == {1}
    assert here.command("failures")[here.crm] == []


def test_a_field_of_customers_is_filled_again_once_it_is_back(here: Office) -> None:
    here.leaves()
    drops(here, "Account", _STATUS[here.crm])
    drops(here, "Contact", _name(here, "aurevoir_survey_status"))
    refresh(here.service)
    here.leaves(2)
    here.command("provision", "--yes")
    refresh(here.service)
    here.run()
    assert (here.field(1, "status"), here.field(2, "status")) == ("notice", "notice")
    here.sets(1, "decision", "let_go")
    here.wait(HOUR)
    here.run()
    assert here.field(1, "status") == "leaving"
    assert here.command("status")[here.crm]["drift"] == []


def _held(here: Office, name: str, number: int = 1) -> dict[str, object]:
    """What stands in a field of a customer's tasks: key -> value."""
    wanted = here.keys(number)
    ids = {one.id: one.key for one in here.service.crm.find(TASK, None)}
    read = here.service.crm.read(TASK, list(ids), (name,))
    return {ids[id]: record.fields[name] for id, record in read.items() if ids[id] in wanted}


def test_fields_that_go_while_it_works_stop_their_users_alone(here: Office) -> None:
    here.leaves()
    drops(here, "Account", _CSM[here.crm])
    drops(here, "Contact", _name(here, "aurevoir_survey_status"))
    drops(here, "Task", _name(here, "aurevoir_step"))
    here.completes("acknowledge") if here.crm == "hubspot" else None
    here.leaves(2)
    refresh(here.service)
    here.run()
    assert here.field(2, "case") == here.cases(2)[0].key
    assert len(here.cases(2)) == 1
    assert here.open_steps(1)
    drift = "\n".join(here.command("status")[here.crm]["drift"])
    for name in (
        _CSM[here.crm],
        _name(here, "aurevoir_survey_status"),
        _name(here, "aurevoir_step"),
    ):
        assert name in drift, drift
    here.command("provision", "--yes")
    refresh(here.service)
    here.run()
    here.run()
    assert here.open_steps(2) >= _FIRST
    assert max(here.keys(2).values()) == 1


def test_a_field_that_is_called_otherwise_now_is_recognised(here: Office) -> None:
    own = _CSM[here.crm]
    here.configure(roles={"customer_success": {"owner_field": own}})
    here.run()
    new = {"hubspot": "success_owner", "salesforce": "Success_Owner__c"}[here.crm]
    renames(here, "Account", own, new)
    refresh(here.service)
    here.run()
    said = here.says()
    assert f'it seems to be called "{new}" now: put that here' in said
    assert f"{here.crm}.yaml:" in said
    # It is told and not done: what the mapping says stands.
    assert here.service.programme.roles["customer_success"].owner_field == own
    here.configure(roles={"customer_success": {"owner_field": new}})
    refresh(here.service)
    here.run()
    assert here.command("status")[here.crm]["drift"] == []


def test_another_label_changes_nothing(here: Office) -> None:
    relabels(here, "Account", _STATUS[here.crm], "How far the goodbye is")
    refresh(here.service)
    here.leaves()
    assert here.field(1, "status") == "notice"
    assert here.command("status")[here.crm]["drift"] == []


def test_provision_gives_a_field_of_ours_its_choices_back(here: Office) -> None:
    loses(here, "Account", _STATUS[here.crm], "notice")
    refresh(here.service)
    here.leaves()
    said = here.says()
    assert f'"{_STATUS[here.crm]}" lacks the choices notice; run `aurevoir provision`' in said
    assert {"hubspot": "> Field type", "salesforce": "> Values"}[here.crm] in said
    (mended,) = here.command("provision", "--yes")[here.crm]["created"]
    assert mended.endswith(f".{_STATUS[here.crm]}: notice")
    here.stage.count_from_here()
    assert here.command("provision", "--yes")[here.crm]["created"] == []
    assert not here.dump()
    here.wait(DAY)
    refresh(here.service)
    here.run()
    assert here.field(1, "status") == "notice"
    assert here.command("status")[here.crm]["drift"] == []


def test_a_stage_that_nobody_can_choose_any_more_stops_no_other(here: Office) -> None:
    loses(here, "Account", _STAGE[here.crm], "churned")
    refresh(here.service)
    here.leaves()
    assert len(here.open_steps()) == 5
    said = here.says()
    assert f'"{_STAGE[here.crm]}" has no option "churned"' in said
    assert {"hubspot": "> Field type", "salesforce": "> Values"}[here.crm] in said


def test_without_the_stage_it_stands_still_and_nobody_has_left_it(here: Office) -> None:
    here.leaves()
    drops(here, "Account", _STAGE[here.crm])
    here.sets(1, "decision", "let_go")
    here.wait(HOUR)
    with pytest.raises(Drift):
        here.run()
    said = here.says()
    assert "stands still" in said
    assert _STAGE[here.crm] in said
    assert {"hubspot": "Archived properties", "salesforce": "Deleted Fields"}[here.crm] in said
    with here.service.store.reading() as tables:
        object = here.service.programme.watch[0].object
        seen = tables.watches.seen(here.crm, object, [here.customer(1)])
    assert seen[here.customer(1)].stage == "churning"


def test_a_right_to_edit_that_was_lost_is_told_and_given_back(tmp_path: Path) -> None:
    with office("salesforce", tmp_path, options={"field_security": True}) as here:
        here.run()
        soql = "SELECT Id FROM FieldPermissions WHERE Field = 'Account.Aurevoir_Status__c'"
        (granted,) = here.ask("GET", f"{_DATA}/query", q=soql)["records"]
        place = f"{_DATA}/sobjects/FieldPermissions/{granted['Id']}"
        here.ask("PATCH", place, {"PermissionsEdit": False})
        refresh(here.service)
        here.leaves()
        assert len(here.open_steps()) == 5
        said = here.says()
        assert '"Aurevoir_Status__c" may not be written by our user; run `aurevoir prov' in said
        assert "Aurevoir: service > Object Settings > Accounts > Field Permissions" in said
        made = here.command("provision", "--yes")["salesforce"]["created"]
        assert made == ["the right to edit Account.Aurevoir_Status__c"]
        assert here.command("provision", "--yes")["salesforce"]["created"] == []
        refresh(here.service)
        here.run()
        assert here.field(1, "status") == "notice"
        assert here.command("status")["salesforce"]["drift"] == []
