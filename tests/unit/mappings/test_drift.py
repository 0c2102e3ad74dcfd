"""What an admin hears of a CRM that fitted once, and who stands still for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from integrations.contract import NOTE, TASK, FieldType
from mappings.drift import blocked, gone, keyless, lost, remember, told, unfit, vital
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.org import Org

Whole = Callable[[Loaded], Org]
Without = Callable[[Org, str, str], Org]
Changed = Callable[..., Org]

CSM = {"hubspot": ("companies", "csm_owner"), "salesforce": ("Account", "Csm__c")}
KEY = {"hubspot": "aurevoir_key", "salesforce": "Aurevoir_Key__c"}


def before(loaded: Loaded, whole: Whole) -> Org:
    """An org that fits, as it is remembered."""
    org = whole(loaded)
    # Where notes are tasks, they have the fields of tasks.
    org = replace(org, schemas={NOTE: org.schemas[TASK], **org.schemas})
    return replace(org, remembered=remember(loaded, org))


def test_nothing_is_told_where_nothing_has_changed(crm: str, whole: Whole) -> None:
    loaded = load_text("", crm=crm)
    org = before(loaded, whole)
    assert (told(loaded, org), vital(loaded, org)) == ((), ())
    assert (blocked(loaded, org), keyless(loaded, org)) == ({}, frozenset())


def test_a_default_that_was_there_is_missed(crm: str, whole: Whole, without: Without) -> None:
    loaded, (object, name) = load_text("", crm=crm), CSM[crm]
    assert not any(name in words for words in told(loaded, without(whole(loaded), object, name)))
    (words,) = told(loaded, without(before(loaded, whole), object, name))
    assert f'has no field "{name}"' in words
    assert {"hubspot": "Archived", "salesforce": "Deleted Fields"}[crm] in words


def test_a_field_with_the_same_label_is_what_it_is_called_now(
    crm: str, whole: Whole, without: Without, changed: Changed
) -> None:
    object, name = CSM[crm]
    line = f"roles: {{customer_success: {{owner_field: {name}}}}}"
    loaded = load_text(line, crm=crm, name="map.yaml")
    fitted = before(loaded, whole)
    org = without(fitted, object, name)
    label = fitted.schemas[object].fields[name].label
    new = {"label": label.upper(), "type": FieldType.REFERENCE}
    (words,) = told(loaded, changed(org, object, "x_owner", **new))
    assert words.startswith("map.yaml:1: roles.customer_success.owner_field: ")
    assert 'it seems to be called "x_owner" now: put that here' in words
    # Of two that it may be, of another type, or in use for something else: none is said to be it.
    two = changed(changed(org, object, "x_owner", **new), object, "y_owner", **new)
    other = changed(org, object, "x_owner", label=label, type=FieldType.TEXT)
    for unclear in (two, other):
        assert not any("seems" in words for words in told(loaded, unclear))


def test_a_deleted_key_stops_its_own_kind_alone(crm: str, whole: Whole, without: Without) -> None:
    loaded = load_text("", crm=crm)
    org = before(loaded, whole)
    if crm == "hubspot":
        org, kinds = without(org, NOTE, KEY[crm]), {NOTE}
    else:  # there, a note is a completed task
        org, kinds = without(without(org, TASK, KEY[crm]), NOTE, KEY[crm]), {TASK, NOTE}
    assert vital(loaded, org) == ()
    assert keyless(loaded, org) == kinds
    found = blocked(loaded, org)
    assert found.keys() == kinds
    assert all("run `aurevoir provision`" in why for why in found.values())


STEP = {"hubspot": "aurevoir_step", "salesforce": "Aurevoir_Step__c"}


def test_any_other_field_of_tasks_is_left_out(crm: str, whole: Whole, without: Without) -> None:
    loaded = load_text("", crm=crm)
    org = without(before(loaded, whole), TASK, STEP[crm])
    assert (blocked(loaded, org), keyless(loaded, org)) == ({}, frozenset())
    assert gone(loaded, org) == {TASK: {"step"}}
    assert lost(loaded, org)[TASK].keys() == {"step"}
    assert not lost(loaded, org)[NOTE]
    (words,) = told(loaded, org)
    assert (
        f"task lacks {STEP[crm]}; run `aurevoir provision`; tasks are written without it" in words
    )


def test_what_is_told_of_a_lost_key_comes_first(crm: str, whole: Whole, without: Without) -> None:
    loaded, (object, name) = load_text("", crm=crm), CSM[crm]
    org = without(without(before(loaded, whole), object, name), TASK, KEY[crm])
    first, *others = told(loaded, org)
    none = {"hubspot": "no task is created", "salesforce": "no task and no note is created"}
    assert f"task lacks {KEY[crm]}; run `aurevoir provision`; without it {none[crm]}" in first
    assert len(others) == 1


def test_a_field_of_tasks_that_is_something_else_now_is_left_out(
    crm: str, whole: Whole, changed: Changed
) -> None:
    loaded = load_text("", crm=crm)
    org = before(loaded, whole)
    for change in ({"type": FieldType.NUMBER}, {"writable": False}):
        other = changed(org, TASK, STEP[crm], **change)
        assert lost(loaded, other)[TASK].keys() == {"step"}
        assert not gone(loaded, other)
        (words,) = told(loaded, other)
        assert "; tasks are written without it (" in words


def test_a_lost_choice_of_tasks_stops_those_that_have_it(
    hubspot: Loaded, whole: Whole, changed: Changed
) -> None:
    org = whole(hubspot)
    options = org.schemas[TASK].fields["aurevoir_department"].options
    org = changed(org, TASK, "aurevoir_department", options=options[1:])
    assert blocked(hubspot, org) == {}
    (words,) = told(hubspot, org)
    assert f"lacks the choices {options[0].value}; run `aurevoir provision`" in words
    why = unfit("hubspot", org, TASK, "aurevoir_department", options[0].value)
    assert "Task properties > aurevoir_department > Field type" in why
    assert not unfit("hubspot", org, TASK, "aurevoir_department", options[1].value)


def test_of_the_stages_only_the_last_one_stops_everything(
    hubspot: Loaded, whole: Whole, changed: Changed
) -> None:
    org = whole(hubspot)
    options = org.schemas["companies"].fields["customer_stage"].options
    some = tuple(one for one in options if one.value != "churned")
    fewer = changed(org, "companies", "customer_stage", options=some)
    assert vital(hubspot, fewer) == ()
    assert 'has no option "churned"' in told(hubspot, fewer)[0]
    none = tuple(one for one in options if one.value == "active")
    assert vital(hubspot, changed(org, "companies", "customer_stage", options=none))
