"""What ``plan`` shows is what ``run --once`` writes, and nothing else ever is."""

from __future__ import annotations

import pytest

from tests.acceptance import payloads
from tests.acceptance.office import DAY, Office

pytestmark = pytest.mark.slow


def test_plan_writes_nothing_and_run_writes_what_it_showed(here: Office) -> None:
    here.stage_to(1, "churning")
    here.stage_to(2, "churned")
    here.wait()
    before = here.dump()
    shown = here.command("plan")[here.crm]
    assert here.dump() == before
    assert here.cases() == []
    assert shown["new_cases"] == 2
    keys = {write["key"] for write in shown["writes"]}
    assert len(keys) == len(shown["writes"]) > 5

    here.stage.count_from_here()
    done = here.command("run", "--once")[here.crm]
    assert done["writes"] == len(keys)
    assert payloads.sent(here) == payloads.shown(shown["writes"])
    after = here.dump()
    assert here.command("run", "--once")[here.crm]["writes"] == 0
    assert here.dump() == after


def test_a_survey_goes_out_as_shown_but_for_the_link_that_nobody_shall_see(here: Office) -> None:
    here.leaves()
    here.wait(2 * DAY)
    shown = payloads.shown(here.command("plan")[here.crm]["writes"])
    assert any("/s/•••" in value for values in shown.values() for value in values.values())
    here.stage.count_from_here()
    here.run()
    sent = payloads.sent(here)
    followed = {"aurevoir_survey_sent_on", "Aurevoir_Survey_Sent_On__c"}
    for place, values in shown.items():
        assert {n: v for n, v in sent[place].items() if n not in followed} == values


def test_a_pause_holds_all_and_a_pause_outward_only_mail(here: Office) -> None:
    here.command("pause", "--outward")
    here.leaves()
    here.wait(2 * DAY)
    assert here.run().paused == "outward"
    assert here.open_steps()
    assert _sent(here) == []
    shown = here.command("plan")[here.crm]
    assert [write for write in shown["writes"] if write["step"] == "survey"] == []
    here.command("pause")
    here.stage_to(2, "churning")
    here.wait()
    assert here.run().writes == 0
    assert here.keys(2) == {}
    here.command("release")
    here.run()
    assert here.open_steps(2)
    assert len(_sent(here)) == 1


def _sent(here: Office) -> list[str]:
    """Whom the survey has gone to."""
    with here.service.store.reading() as tables:
        histories = tables.cases.histories(row.key for row in here.cases())
    return [e.data["person"] for h in histories.values() for e in h if e.kind == "sent"]


def test_who_only_looks_or_stops_needs_no_credentials(here: Office) -> None:
    here.leaves()
    absent = dict.fromkeys(here.stage.app.env, "")
    for words in (["status"], ["cases"], ["failures"], ["pause"], ["release"]):
        done = here.shell(*words, env=absent)
        assert (done.returncode, done.stderr) == (0, ""), words
    needs = here.shell("plan", env=absent)
    assert needs.returncode == 2
    assert "is empty; set it" in needs.stderr
