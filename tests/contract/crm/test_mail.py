"""Messages that the CRM sends in its own name."""

from __future__ import annotations

import pytest

from integrations.contract import MAIL, Crm, Send
from integrations.errors import Drift, Reject, Unknown
from tests.contract.crm.bench import Bench
from tests.contract.crm.test_sending import problems, send

pytestmark = pytest.mark.sandbox("mail that reaches nobody")


@pytest.fixture(autouse=True)
def _mailing(bench: Bench) -> None:
    bench.mailing()


def test_reaches_the_person(bench: Bench, crm: Crm) -> None:
    made = send(crm, Send(key="a:survey:1", mail=bench.mail(bench.people()[0])))
    assert problems(made) == {"a:survey:1": None}
    (letter,) = bench.letters()
    assert (letter.to, letter.subject) == ("p1@c1.example", "How was it?")
    assert "https://bye.example/s/1" in letter.body
    assert [h.title for h in bench.timeline(kind="mail")]


def test_goes_once_for_a_key_where_the_crm_says_so(bench: Bench, crm: Crm) -> None:
    write = Send(key="a:survey:1", mail=bench.mail(bench.people()[0]))
    for _ in range(2):
        assert problems(send(crm, write)) == {write.key: None}
    assert len(bench.letters()) == (1 if crm.mail_is_idempotent else 2)


def test_can_be_found_by_its_key(bench: Bench, crm: Crm) -> None:
    one, two = bench.people()
    send(crm, *(Send(key=f"a:survey:{p.id}", mail=bench.mail(p)) for p in (one, two)))
    keys = {f"a:survey:{one.id}": one, "a:survey:9": two}
    assert [held.key for held in crm.find(MAIL, keys)] == [f"a:survey:{one.id}"]


def test_can_be_found_however_long_it_is(bench: Bench, crm: Crm) -> None:
    (person, _) = bench.people()
    send(crm, Send(key="a:survey:1", mail=bench.mail(person, body="Word. " * 20_000)))
    assert [held.key for held in crm.find(MAIL, {"a:survey:1": person})] == ["a:survey:1"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_is_unknown(bench: Bench, crm: Crm, when: str) -> None:
    (call,) = crm.pack([Send(key="a", mail=bench.mail(bench.people()[0]))])
    bench.strike("send", when=when)
    with pytest.raises(Unknown):
        crm.send(call)
    assert bench.calls("send") == 1


def test_one_bad_address_does_not_block_others(bench: Bench, crm: Crm) -> None:
    one, two = bench.people()
    made = send(
        crm,
        Send(key="a", mail=bench.mail(one)),
        Send(key="b", mail=bench.mail(two, address="nobody")),
        Send(key="c", mail=bench.mail(two, address="p2@c1.example")),
    )
    assert problems(made) == {"a": None, "b": Reject, "c": None}
    assert sorted(letter.to for letter in bench.letters()) == ["p1@c1.example", "p2@c1.example"]


@pytest.mark.parametrize("template", [None, "", "welcome"])
def test_wants_a_template(bench: Bench, crm: Crm, template: str | None) -> None:
    made = send(crm, Send(key="a", mail=bench.mail(bench.people()[0], template=template)))
    assert problems(made) == {"a": Reject}
    assert bench.calls() == 0


def test_says_where_it_is_not_allowed(bench: Bench, crm: Crm) -> None:
    bench.dialect.options["transactional_email"] = False
    (call,) = crm.pack([Send(key="a", mail=bench.mail(bench.people()[0]))])
    with pytest.raises(Drift, match="transactional-email"):
        crm.send(call)
