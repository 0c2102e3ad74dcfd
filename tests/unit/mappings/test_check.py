"""What an admin hears when a mapping meets a CRM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from integrations.contract import TASK, Field, FieldType, Option, Owner, Schema
from mappings.check import check
from mappings.drift import told, vital
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.org import Org

Whole = Callable[[Loaded], Org]
Without = Callable[[Org, str, str], Org]
Changed = Callable[..., Org]

OWN = """
watch:
  - object: companies
    stage: customer_stage
    enters: {notice: [churning], leaving: [churned]}
    returns: [active]
customer: {country: country, owner: hubspot_owner_id}
fields: {customer: {exit_reason: churn_reason}}
roles:
  customer_success: {owner_field: csm_owner}
"""


def own(text: str = "") -> Loaded:
    return load_text(OWN + text, crm="hubspot", name="hubspot.yaml")


def said(loaded: Loaded, org: Org, severity: str = "error", **kwargs: str) -> list[str]:
    return [str(f) for f in check(loaded, org, **kwargs) if f.severity == severity]


def test_an_org_that_has_everything_is_fine(crm: str, whole: Whole) -> None:
    loaded = load_text("", crm=crm)
    org = whole(loaded)
    assert said(loaded, org) == []
    assert said(loaded, org, "warning") == []
    (hint,) = said(loaded, org, "hint")
    assert "there is no " in hint
    assert 'queue "Leadership"; the next in line takes the tasks' in hint


def test_a_default_that_the_crm_lacks_is_left_out_with_a_hint(
    hubspot: Loaded, whole: Whole, without: Without
) -> None:
    org = without(whole(hubspot), "companies", "contract_end_date")
    assert said(hubspot, org) == []
    assert any(
        'companies has no field "contract_end_date"; it is left out' in hint
        for hint in said(hubspot, org, "hint")
    )


def test_nobody_is_bothered_with_persons_that_their_org_has_not(
    whole: Whole, without: Without
) -> None:
    default = load_text("", crm="salesforce")
    org = without(whole(default), "Account", "IsPersonAccount")
    assert not any("IsPersonAccount" in hint for hint in said(default, org, "hint"))
    mine = load_text("customer: {private_person: IsPersonAccount}", crm="salesforce")
    (problem,) = said(mine, org)
    assert 'Account has no field "IsPersonAccount"' in problem


def test_an_admins_own_line_that_the_crm_lacks_is_an_error(
    whole: Whole, without: Without, changed: Changed
) -> None:
    loaded = own()
    org = without(whole(loaded), "companies", "csm_owner")
    org = changed(org, "companies", "cs_owner", type=FieldType.REFERENCE)
    assert said(loaded, org) == [
        'hubspot.yaml:10: roles.customer_success.owner_field: companies has no field "csm_owner"; '
        'did you mean "cs_owner"?'
    ]


def test_a_default_of_another_type_is_left_out_too(
    hubspot: Loaded, whole: Whole, changed: Changed
) -> None:
    org = changed(whole(hubspot), "companies", "contract_end_date", type=FieldType.TEXT)
    assert said(hubspot, org) == []
    assert any(
        "this needs date or moment; it is left out" in hint for hint in said(hubspot, org, "hint")
    )


def test_without_an_address_nobody_can_be_asked(
    hubspot: Loaded, whole: Whole, without: Without
) -> None:
    (complaint,) = said(hubspot, without(whole(hubspot), "contacts", "email"))
    assert 'people.email: contacts has no field "email"' in complaint


def test_a_label_is_no_name(whole: Whole, without: Without, changed: Changed) -> None:
    loaded = load_text("customer: {country: Land}", crm="hubspot", name="hubspot.yaml")
    org = without(whole(loaded), "companies", "Land")
    org = changed(org, "companies", "country_c", label="Land")
    assert said(loaded, org) == [
        'hubspot.yaml:1: customer.country: companies has no field "Land"; '
        'that is a label, its name is "country_c"'
    ]


def test_before_provisioning_one_sentence_says_what_to_run(
    hubspot: Loaded, whole: Whole, without: Without
) -> None:
    org = without(whole(hubspot), "companies", "customer_stage")
    org = without(without(org, "companies", "aurevoir_status"), TASK, "aurevoir_key")
    assert said(hubspot, org) == [
        "companies lacks customer_stage, aurevoir_status; run `aurevoir provision`",
        "task lacks aurevoir_key; run `aurevoir provision`",
    ]
    for name in ("aurevoir_case", "aurevoir_progress"):
        org = without(org, "companies", name)
    assert said(hubspot, org)[0] == (
        "companies lacks customer_stage, aurevoir_status, aurevoir_case and 1 more; "
        "run `aurevoir provision`"
    )
    org = replace(whole(hubspot), segments=["Alumni: product"])
    (segments,) = said(hubspot, org)
    assert segments.startswith('there are no segments "Alumni: service", ')
    assert segments.endswith("; run `aurevoir provision`")


def test_an_object_that_is_not_there(hubspot: Loaded, whole: Whole) -> None:
    org = whole(hubspot)
    schemas = {name: schema for name, schema in org.schemas.items() if name != "contacts"}
    (complaint,) = said(hubspot, replace(org, schemas=schemas))
    assert 'there is no object "contacts", or our user may not see it' in complaint


@pytest.mark.parametrize(
    ("object", "name", "change", "complaint"),
    [
        (
            "companies",
            "country",
            {"type": FieldType.NUMBER},
            'hubspot.yaml:7: customer.country: "country" is of the type number; '
            "this needs choice or text or url or words; name another field",
        ),
        (
            "companies",
            "hubspot_owner_id",
            {"type": FieldType.TEXT},
            'hubspot.yaml:7: customer.owner: "hubspot_owner_id" is of the type text; '
            "this needs reference; name another field",
        ),
        (
            "companies",
            "customer_stage",
            {"calculated": True},
            'hubspot.yaml:4: watch.0.stage: "customer_stage" is calculated, and moves without '
            "a trace; watch another",
        ),
        (
            "companies",
            "customer_stage",
            {"type": FieldType.FLAG, "options": ()},
            'hubspot.yaml:4: watch.0.stage: "customer_stage" is of the type flag; '
            "this needs choice or text or words; name another field",
        ),
        (
            "companies",
            "customer_stage",
            {
                "options": tuple(
                    Option(value=value, label=label)
                    for value, label in (("a1", "Active"), ("churning", ""), ("churned", ""))
                )
            },
            'hubspot.yaml:6: watch.0.returns: "active" is a label of "customer_stage"; '
            'its value is "a1"',
        ),
        (
            "companies",
            "churn_reason",
            {"writable": False},
            'hubspot.yaml:8: fields.customer.exit_reason: "churn_reason" may not be written by '
            "our user; grant access, or set it to off",
        ),
        (
            "companies",
            "churn_reason",
            {"type": FieldType.DATE},
            'hubspot.yaml:8: fields.customer.exit_reason: "churn_reason" is of the type date; '
            "this needs choice or text or words; name another field",
        ),
    ],
)
def test_a_field_that_does_not_fit(
    whole: Whole,
    changed: Changed,
    object: str,
    name: str,
    change: dict[str, object],
    complaint: str,
) -> None:
    loaded = own()
    org = changed(whole(loaded), object, name, **change)
    assert said(loaded, org) == [complaint]


def test_options_that_the_crm_lacks(whole: Whole, changed: Changed) -> None:
    loaded = own()
    options = tuple(o for o in loaded.rows.customer["exit_reason"].options if o.value != "price")
    org = changed(whole(loaded), "companies", "churn_reason", options=options)
    words = '"churn_reason" lacks the choices price; add them, or map values'
    (complaint,) = said(loaded, org)
    assert words in complaint
    org = changed(org, "companies", "churn_reason", restricted=False)
    assert said(loaded, org) == []
    assert words in said(loaded, org, "warning")[0]


def test_mapped_values_are_the_crms(whole: Whole, changed: Changed) -> None:
    text = "fields: {customer: {exit_reason: {field: why, values: {price: Money}}}}"
    loaded = load_text(text, crm="hubspot")
    org = whole(loaded)
    assert "lacks the choices Money" in said(loaded, org)[0]
    options = (*org.schemas["companies"].fields["why"].options, Option(value="Money", label=""))
    assert said(loaded, changed(org, "companies", "why", options=options)) == []


def test_short_fields(hubspot: Loaded, whole: Whole, changed: Changed) -> None:
    org = changed(whole(hubspot), "companies", "aurevoir_next_step", length=100)
    assert any("longer texts are cut" in hint for hint in said(hubspot, org, "hint"))
    org = changed(whole(hubspot), TASK, "aurevoir_key", length=64)
    (complaint,) = said(hubspot, org)
    assert '"aurevoir_key" holds 64 characters, this needs 80; choose a longer field' in complaint


def test_a_key_that_is_not_unique_is_a_warning(
    hubspot: Loaded, whole: Whole, changed: Changed
) -> None:
    org = changed(whole(hubspot), TASK, "aurevoir_key", unique=False)
    assert said(hubspot, org) == []
    assert '"aurevoir_key" is not unique' in said(hubspot, org, "warning")[0]


@pytest.mark.parametrize(
    ("seat", "complaint", "severity"),
    [
        (
            "user: adda@vendor.example",
            'roles.it.user: there is no user "adda@vendor.example"; '
            'did you mean "ada@vendor.example"?',
            "error",
        ),
        (
            "queue: customer sucess",
            'roles.it.queue: there is no queue "customer sucess"; did you mean "Customer Success"?',
            "error",
        ),
        (
            "user: ben@vendor.example",
            'roles.it.user: user "ben@vendor.example" is inactive; '
            "the next in line takes the tasks",
            "warning",
        ),
    ],
)
def test_seats_of_nobody(whole: Whole, seat: str, complaint: str, severity: str) -> None:
    loaded = load_text(f"roles: {{it: {{{seat}}}}}", crm="hubspot", name="hubspot.yaml")
    assert said(loaded, whole(loaded), severity) == [f"hubspot.yaml:1: {complaint}"]


def test_a_role_that_nobody_can_take(whole: Whole) -> None:
    text = "roles: {it: {queue: off, else: [{user: ben@vendor.example}]}}"
    loaded = load_text(text, crm="hubspot", name="hubspot.yaml")
    assert said(loaded, whole(loaded)) == [
        "hubspot.yaml:1: roles.it: nobody takes these tasks; "
        "name a user, a queue, a field or another role"
    ]


def test_mail_needs_an_address_that_customers_can_reach(hubspot: Loaded, whole: Whole) -> None:
    org = whole(hubspot)
    live = replace(org, identity=replace(org.identity, kind="production"))
    words = ["links in mails need public_url in aurevoir.yaml, beginning with https://"]
    assert said(hubspot, live) == words
    assert said(hubspot, live, public_url="http://127.0.0.1:8010") == words
    assert said(hubspot, live, public_url="https://goodbye.example") == []
    nobody = load_text("survey: {ask: {at_most: 0}}", crm="hubspot")
    assert said(nobody, live) == []
    (warning,) = said(nobody, live, "warning")
    assert "self_service: off" in warning


def test_what_is_allowed_and_seldom_meant(whole: Whole) -> None:
    text = """
watch: [{object: companies, stage: customer_stage, enters: {notice: [churning]}}]
playbooks: [{use: standard, when: {country: DE}}]
"""
    loaded = load_text(text, crm="hubspot", name="hubspot.yaml")
    org = whole(loaded)
    assert said(loaded, org, "warning") == [
        "hubspot.yaml:3: playbooks.0: customers that fit none of these get no tasks; "
        "end with one without `when`"
    ]
    assert "without one nobody is ever saved" in said(loaded, org, "hint")[0]


def test_a_zone_that_nobody_knows(hubspot: Loaded, whole: Whole) -> None:
    org = whole(hubspot)
    odd = replace(org, identity=replace(org.identity, zone="Moon/Base"))
    assert 'the zone "Moon/Base" of the org' in said(hubspot, odd, "warning")[0]


def test_owners_of_whom_nobody_knows_where_they_work(whole: Whole) -> None:
    text = "time: {of: owner}"
    loaded = load_text(text, crm="hubspot", name="hubspot.yaml")
    org = whole(loaded)
    people = [
        Owner(id="7", name="Ada", email="ada@vendor.example"),
        Owner(id="8", name="Ben", email="ben@vendor.example", zone="Europe/Berlin"),
    ]
    owners = (*people, Owner(id="9", name="Queue", queue=True))
    (warning,) = said(loaded, replace(org, owners=owners), "warning")
    assert warning == (
        "hubspot.yaml:1: time.of: nobody knows where these work: Ada; "
        "the days of their customers count; write their countries under time.owners"
    )
    table = "time: {of: owner, owners: {ada@vendor.example: DE, bem@vendor.example: DE}}"
    loaded = load_text(table, crm="hubspot", name="hubspot.yaml")
    (error,) = said(loaded, replace(org, owners=owners))
    assert 'nobody has this address; did you mean "ben@vendor.example"?' in error


def test_letters_that_this_crm_does_not_mail_become_tasks(whole: Whole) -> None:
    small = "playbooks: [{use: small_business}]\n"
    loaded = own(small)
    hints = said(loaded, whole(loaded), "hint")
    assert any("letters of small_business become tasks" in hint for hint in hints)
    mails = own(small + "survey: {send: {through: email, template: 7}}\n")
    assert not any("become tasks" in hint for hint in said(mails, whole(mails), "hint"))


def keeper(loaded: Loaded, org: Org, *, lacking: tuple[str, ...] = (), **values: object) -> Org:
    """The org with the object that keeps departures, without some of its fields."""
    shape, crm = loaded.rows.departure, loaded.programme.crm
    fields = {
        name: Field(name=name, label=name, type=FieldType.TEXT, unique=True, **values)  # type: ignore[arg-type]
        for name in shape.needed(crm)
        if name not in lacking
    }
    name = shape.names[crm]
    schema = Schema(object=name, label=name, fields=fields)
    return replace(org, schemas={**org.schemas, name: schema})


def test_the_object_of_departures_is_asked_for_at_its_line(crm: str, whole: Whole) -> None:
    plain = load_text("", crm=crm)
    assert said(plain, whole(plain)) == [], "nobody asked for it"
    loaded = load_text("brake: {cases: 9}\nrecord: object\n", crm=crm, name="mine.yaml")
    org = whole(loaded)
    (absent,) = said(loaded, org)
    name = loaded.rows.departure.names[crm]
    assert absent.startswith(f'mine.yaml:2: record: there is no object "{name}", or our user')
    assert loaded.rows.departure.absent[crm] in absent
    assert absent.endswith("or say `record: {as: object, else: note}`")
    assert said(loaded, keeper(loaded, org)) == []
    assert told(loaded, org) == (absent,)
    assert vital(loaded, org) == (), "everything else goes on without it"


def test_what_the_object_of_departures_lacks_is_said(crm: str, whole: Whole) -> None:
    loaded = load_text("record: object\n", crm=crm, name="mine.yaml")
    words = loaded.rows.departure.columns["words"].names[crm]
    org = keeper(loaded, whole(loaded), lacking=(words,))
    (lacking,) = said(loaded, org)
    assert f"lacks {words}; run `aurevoir provision`" in lacking
    hidden = keeper(loaded, whole(loaded), writable=False)
    assert all("may not be written by our user" in one for one in said(loaded, hidden))


def test_a_note_in_its_place_is_a_hint(crm: str, whole: Whole) -> None:
    loaded = load_text("record: {as: object, else: note}\n", crm=crm, name="mine.yaml")
    org = whole(loaded)
    assert said(loaded, org) == []
    assert any("notes keep the departures" in one for one in said(loaded, org, "hint"))
