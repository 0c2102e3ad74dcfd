from __future__ import annotations

from integrations.contract import Owner
from mappings.loader import load_text
from mappings.seats import Directory, assign, department

OWNERS = (
    Owner(id="1", name="Ada Moss", email="ada@vendor.example"),
    Owner(id="2", name="Ben Ode", email="ben@vendor.example", active=False),
    Owner(id="3", name="Old Ada", email="Ada@Vendor.example", active=False),
    Owner(id="9", name="Billing", queue=True),
)
TEXT = """
roles:
  customer_success: {owner_field: csm, else: [{owner_field: owner}, {user: ADA@vendor.example}]}
  billing: {queue: billing, else: [{role: customer_success}]}
  it: {queue: IT, else: [{role: customer_success}]}
  support: {queue: off, else: [], no_seat: {via: billing, mail: help@vendor.example}}
  product: {queue: off, else: [{user: ben@vendor.example}]}
  legal: {department: leadership, user: nobody@vendor.example}
"""


def owner(role: str, **holders: str) -> tuple[str | None, str | None, str]:
    programme = load_text(TEXT, crm="hubspot").programme
    assigned = assign(role, programme, Directory.of(OWNERS), holders)
    return assigned.owner, assigned.via, assigned.words


def test_the_field_of_the_customer_comes_first() -> None:
    assert owner("customer_success", csm="1", owner="2") == ("1", None, "")


def test_somebody_inactive_is_passed_over_and_that_is_said() -> None:
    assert owner("customer_success", csm="2") == (
        "1",
        None,
        'owner_field "csm": Ben Ode is inactive; owner_field "owner": nobody',
    )


def test_a_queue_takes_tasks_whatever_its_capitals() -> None:
    assert owner("billing") == ("9", None, "")


def test_the_next_role_in_line_takes_them() -> None:
    assert owner("it", csm="1") == ("1", "customer_success", 'queue "IT": nobody')


def test_a_department_without_a_seat_has_its_tasks_passed_on() -> None:
    programme = load_text(TEXT, crm="hubspot").programme
    assigned = assign("support", programme, Directory.of(OWNERS), {})
    assert (assigned.owner, assigned.via, assigned.mail) == ("9", "billing", "help@vendor.example")


def test_nobody_at_all() -> None:
    assert owner("product") == (None, None, 'user "ben@vendor.example": Ben Ode is inactive')


def test_roles_belong_to_departments() -> None:
    programme = load_text(TEXT, crm="hubspot").programme
    assert department("legal", programme) == "leadership"
    assert department("it", programme) == "it"


def test_a_role_that_has_left_the_mapping_since() -> None:
    programme = load_text("", crm="hubspot").programme
    assert department("legal", programme) == "customer_success"
    assert assign("legal", programme, Directory.of(OWNERS), {}).owner is None
