"""What the CRM refuses is told with what to do, and tried again when an admin says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from integrations.contract import Ref
from sync.outbox import Entry, State
from tests.acceptance.office import DAY, HOUR, Office

pytestmark = pytest.mark.slow


def _entry(here: Office, number: int, step: str) -> Entry:
    with here.service.store.reading() as tables:
        entries = tables.ledger.of_cases([here.cases(number)[0].key])[here.cases(number)[0].key]
    return next(entry for entry in entries.values() if entry.step == step)


def _keep(here: Office, entry: Entry) -> None:
    with here.service.store.transaction("test") as tables:
        tables.ledger.put(here.crm, [entry], here.stage.clock.now())


def _refused(here: Office, number: int, step: str) -> str:
    """A step whose write the CRM refused, for a reason that is mended by now; returns its key."""
    here.command("pause")
    if not here.cases(number):
        here.leaves(number)
    entry = _entry(here, number, step)
    words = "a rule of the org refuses it"
    _keep(here, replace(entry, state=State.REJECTED, problem="reject", words=words))
    here.command("release")
    return entry.key


def test_failures_say_what_whom_since_when_and_what_to_do(here: Office) -> None:
    first = here.stage.clock.now()
    keys = [_refused(here, 1, "check_contract")]
    here.wait(HOUR)
    keys.append(_refused(here, 2, "check_contract"))
    here.run()
    (failed,) = here.command("failures")[here.crm]
    assert (failed["class"], failed["count"]) == ("reject", 2)
    assert failed["words"] == "a rule of the org refuses it"
    assert "aurevoir retry" in failed["what_to_do"]
    assert sorted(failed["keys"]) == sorted(keys)
    assert sorted(failed["customers"]) == ["Customer 1", "Customer 2"]
    since = datetime.fromisoformat(failed["first_seen"])
    assert first <= since < here.stage.clock.now() - HOUR
    here.wait(DAY)
    here.run()
    (later,) = here.command("failures")[here.crm]
    assert later["first_seen"] == failed["first_seen"]


@pytest.mark.parametrize(
    ("words", "again"),
    [("--case", [1]), ("--class", [1, 2]), ("--all", [1, 2])],
)
def test_retry_takes_one_case_one_class_or_all(here: Office, words: str, again: list[int]) -> None:
    for number in (1, 2):
        _refused(here, number, "check_contract")
    here.run()
    assert all("check_contract" not in here.steps(number) for number in (1, 2))
    more = {"--case": [here.cases(1)[0].key], "--class": ["reject"], "--all": []}[words]
    asked = here.command("retry", words, *more)
    assert asked == {"retried": {here.crm: len(again)}}
    here.run()
    for number in (1, 2):
        assert here.steps(number)["check_contract"] == (number in again)
    assert len(here.command("failures")[here.crm]) == (len(again) < 2)


def test_mail_that_may_be_out_is_not_repeated(here: Office) -> None:
    here.leaves()
    here.wait(2 * DAY)
    here.run()
    entry = _entry(here, 1, "survey")
    _keep(here, replace(entry, state=State.MAYBE_SENT, words="the answer was lost"))
    (failed,) = here.command("failures")[here.crm]
    assert failed["class"] == "maybe sent"
    assert "never repeated" in failed["what_to_do"]
    said = here.shell("retry", entry.key)
    assert (said.returncode, "it may have gone out" in said.stderr) == (2, True)
    assert here.command("retry", "--all") == {"retried": {}}
    here.run()
    assert _entry(here, 1, "survey").state is State.MAYBE_SENT


def test_what_failed_for_a_record_that_is_gone_is_told(here: Office) -> None:
    """The CRM itself refuses: the record that the task is about does not exist."""
    here.command("pause")
    here.leaves()
    entry = _entry(here, 1, "check_contract")
    _keep(here, replace(entry, ref=Ref(object=entry.ref.object, id="999999999999")))
    here.command("release")
    here.run()
    assert "check_contract" not in here.steps()
    assert len(here.open_steps()) == 4, "its neighbours went out"
