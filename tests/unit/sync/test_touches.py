"""Getting in touch: with whom, about what, on which day, and never too often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from integrations.contract import Ref, Task, Value
from sync.model import TOUCH, Consent, Event, Kind, Plan, Will
from sync.touches import elsewhere
from sync.world import Human, World
from tests.unit.sync.goodbye import (
    DAY,
    KEY,
    START,
    event,
    happened,
    held,
    person,
    planned,
    said,
    wants,
    world,
)

#: The last day.
END = date(2026, 4, 30)
LEFT = datetime(2026, 4, 30, 12, tzinfo=UTC)


def yes(who: str = "11", *, at: datetime = START + DAY, reference: bool = False) -> Event:
    return event(Kind.CONSENTED, at, person=who, stay=True, reference=reference)


def no(who: str = "11", *, at: datetime) -> Event:
    return event(Kind.CONSENTED, at, person=who, stay=False, reference=False)


def reason(key: str) -> Event:
    return said(START + DAY, "reason_csm", key)


def shipped(feature: str = "sso", *, at: datetime, people: list[str] | None = None) -> Event:
    return event(Kind.FEATURE_SHIPPED, at, feature=feature, people=people)


def made(step: str, at: datetime, who: str = "11") -> Event:
    return event(Kind.DONE, at, step=step, key=f"{KEY}:{step}:{who}")


def around(*people: Human, mapping: str = "", **facts: object) -> World:
    found = world(*(people or (person(),)), mapping=mapping, contract_end=END)
    return replace(found, features={"sso": "SSO", "api": "API"}, **facts)  # type: ignore[arg-type]


def touches(made: Plan) -> dict[str, Task]:
    return {
        want.step: want.item
        for want in made.wants
        if isinstance(want.item, Task) and want.step.startswith(f"{TOUCH}_")
    }


def days(*events: Event, where: World | None = None, mapping: str = "") -> dict[str, date]:
    """Every touch that comes up in four years, by its day, if nobody does anything."""
    case, at = happened(*events), LEFT
    found: dict[str, date] = {}
    while at < LEFT + 1500 * DAY:
        made = planned(case, at, where or around(mapping=mapping), mapping)
        found |= {step: task.due.date() for step, task in touches(made).items()}
        if made.wake_at is None:
            break
        at = made.wake_at
    return found


def after(number: int) -> date:
    return END + timedelta(days=number)


def test_four_touches_in_the_first_year_and_none_without_a_yes() -> None:
    assert days(yes()) == {
        "touch_three_months": after(90),
        "touch_half_year": after(180),
        "touch_nine_months": after(270),
        "touch_one_year": after(365),
    }
    assert days() == {}
    at = LEFT + 90 * DAY
    assert held(planned(happened(), at, around()), TOUCH) == [
        "only people who said yes hear from us as alumni (rule alumni_yes)"
    ]


def test_what_would_bring_them_back_takes_the_day() -> None:
    assert days(yes(), reason("champion_left"))["touch_new_contact"] == after(90)
    assert "touch_three_months" not in days(yes(), reason("champion_left"))
    budget = days(yes(), reason("budget_cut"))
    assert budget["touch_new_budget"] == date(2027, 1, 15)
    assert days(yes(), reason("competitor"))["touch_their_renewal"] == after(300)
    assert days(yes(), reason("out_of_business")) == {}


@pytest.mark.parametrize(
    ("starts", "day"),
    [("04-01", date(2027, 4, 15)), ("08-01", date(2026, 8, 15)), ("07-01", date(2027, 7, 15))],
)
def test_a_financial_year_that_begins_soon_has_its_budget_already(starts: str, day: date) -> None:
    mapping = f"fiscal_year: {{starts: {starts}}}"
    assert days(yes(), reason("budget_cut"), mapping=mapping)["touch_new_budget"] == day


def test_a_touch_is_a_task_for_one_person_with_the_reason_why_we_may() -> None:
    where = around(person("11"), person("12"))
    made = planned(happened(yes("12")), LEFT + 85 * DAY, where)
    (task,) = touches(made).values()
    assert task.subject == "Ask Pat Doe of Alder & Quill how they are getting on"
    assert "Who: Pat Doe, pat@customer.example. Why we may: said yes." in task.body
    assert (task.owner, task.department, task.required) == ("7", "customer_success", False)
    assert [want.key for want in wants(made, "touch_three_months")] == [
        f"{KEY}:touch_three_months:12"
    ]
    assert [one.target for one in made.withheld if one.step == TOUCH] == ["11"]


def test_it_comes_a_week_before_its_day_and_lapses() -> None:
    case = happened(yes())
    early = planned(case, LEFT + 80 * DAY, around())
    assert touches(early) == {}
    assert held(early, "touch_three_months") == ["its time has not come"]
    late = planned(case, LEFT + 136 * DAY, around())
    assert touches(late) == {}
    assert held(late, "touch_three_months") == ["its time has passed"]


def test_nobody_is_touched_who_said_no_since_or_came_back() -> None:
    at = LEFT + 90 * DAY
    refused = planned(happened(yes(), no(at=at - DAY)), at, around())
    assert touches(refused) == {}
    back = event(Kind.LEFT, at - DAY, stage="active", settled=True, departs_on=END.isoformat())
    returned = planned(happened(yes(), back), at, around())
    assert returned.status == "returned"
    assert touches(returned) == {}
    assert held(returned, TOUCH) == ["the customer has come back"]


def test_a_shipped_feature_reaches_those_who_asked_and_may_be_contacted() -> None:
    where = around(person("11"), person("12"), person("13"))
    news = shipped(at=LEFT + 10 * DAY, people=["12", "13"])
    made = planned(happened(yes("11"), yes("12"), news), LEFT + 10 * DAY, where)
    (want,) = wants(made, "touch_shipped_sso")
    assert want.key == f"{KEY}:touch_shipped_sso:12"
    assert "you asked for SSO, we built it" in touches(made)["touch_shipped_sso"].subject
    assert [one.target for one in made.withheld if one.step == TOUCH] == ["13"]
    alone = planned(happened(yes("11"), news), LEFT + 10 * DAY, where)
    assert held(alone, "touch_shipped_sso") == ["who asked for it may not be written to"]


def test_news_waits_for_the_last_day() -> None:
    news = shipped(at=START + 5 * DAY)
    assert touches(planned(happened(yes(), news), START + 6 * DAY, around())) == {}
    assert touches(planned(happened(yes(), news), LEFT, around())).keys() == {"touch_shipped_sso"}


def test_news_never_takes_back_a_task_that_is_there_and_waits_for_room() -> None:
    open_ = days(yes())["touch_three_months"]
    news = shipped(at=LEFT + 84 * DAY)
    found = days(yes(), news)
    assert found["touch_three_months"] == open_
    assert found["touch_shipped_sso"] == open_ + timedelta(days=60)
    assert "touch_half_year" not in found
    # Before it is there, news comes first.
    assert "touch_three_months" not in days(yes(), shipped(at=LEFT + 70 * DAY))


def test_two_features_are_two_touches_apart() -> None:
    both = (shipped("sso", at=LEFT + 10 * DAY), shipped("api", at=LEFT + 10 * DAY))
    found = days(yes(), *both)
    first, second = sorted((found["touch_shipped_sso"], found["touch_shipped_api"]))
    assert (second - first).days == 60


def test_what_was_made_counts_on_the_day_it_was_made() -> None:
    late = made("touch_three_months", LEFT + 130 * DAY)
    found = days(yes(), late)
    assert "touch_three_months" not in found
    assert "touch_half_year" not in found  # fifty days later
    assert found["touch_nine_months"] == after(270)


def test_what_was_made_because_of_other_departures_counts() -> None:
    others = tuple(LEFT + n * DAY for n in (1, 62, 123))
    assert days(yes(), where=around(touched=others)) == {"touch_one_year": after(365)}


def test_touches_elsewhere_are_those_with_the_same_people() -> None:
    events = [made("touch_half_year", LEFT), made("acknowledge", LEFT + DAY)]
    assert [*elsewhere(events)] == [LEFT]
    assert [*elsewhere(events, {"11"})] == [LEFT]
    assert [*elsewhere(events, {"12"})] == []


def test_who_has_had_their_touch_gets_no_second_one_through_a_colleague() -> None:
    where = around(person("11"), person("12"))
    done = made("touch_three_months", LEFT + 88 * DAY)
    gone = no(at=LEFT + 89 * DAY)
    plan = planned(happened(yes("11"), yes("12"), done, gone), LEFT + 90 * DAY, where)
    assert touches(plan) == {}


def test_a_task_that_was_deleted_stays_away() -> None:
    removed = event(
        Kind.REMOVED,
        LEFT + 86 * DAY,
        step="touch_three_months",
        key=f"{KEY}:touch_three_months:11",
    )
    made = planned(happened(yes(), removed), LEFT + 87 * DAY, around())
    assert touches(made) == {}
    assert held(made, "touch_three_months") == ["a person deleted it in the CRM"]


def test_a_case_study_is_asked_of_who_lets_us_name_them_and_would_recommend_us() -> None:
    def asked(recommend: Value, *, reference: bool) -> dict[str, Task]:
        where = around()
        facts = replace(where.customer, own={"would_recommend": recommend})
        case = happened(yes(reference=reference))
        return touches(planned(case, LEFT + 26 * DAY, replace(where, customer=facts)))

    task = asked(9, reference=True)["touch_case_study"]
    assert (task.department, task.due.date()) == ("marketing", after(30))
    assert asked(8, reference=True) == {}
    assert asked(9, reference=False) == {}
    assert asked(None, reference=True) == {}


def test_who_moved_is_congratulated_there_and_no_longer_counts_here() -> None:
    move = event(Kind.MOVED_AWAY, LEFT + 20 * DAY, person="11", to="77", words="w1")
    where = around(person("12"), moved=(person("11"),), words={"w1": "Beech & Sons"})
    made = planned(happened(yes("11"), move), LEFT + 21 * DAY, where)
    (task,) = touches(made).values()
    assert task.subject == "Pat Doe has moved from Alder & Quill to Beech & Sons: congratulate"
    assert [want.key for want in wants(made, "touch_moved")] == [f"{KEY}:touch_moved:11"]
    assert not [want for want in made.wants if want.step.startswith("alumni")]
    refused = planned(happened(move), LEFT + 21 * DAY, where)
    assert touches(refused) == {}


def test_the_mapping_may_allow_none() -> None:
    mapping = "touches: {at_most: 0}"
    made = planned(happened(yes()), LEFT + 90 * DAY, around(mapping=mapping), mapping)
    assert held(made, TOUCH) == ["the mapping allows none"]


def test_an_own_touch_comes_before_the_built_in_ones() -> None:
    mapping = (
        "touches: {steps: {lunch: {task: 'Lunch with {{ person.first_name }}', "
        "due: departs + 100 days}}}"
    )
    found = days(yes(), mapping=mapping)
    assert found["touch_lunch"] == after(100)
    assert "touch_three_months" not in found


def test_it_is_about_the_customer() -> None:
    (want,) = wants(planned(happened(yes()), LEFT + 90 * DAY, around()), "touch_three_months")
    assert isinstance(want.item, Task)
    assert want.item.about == Ref(object="companies", id="1")


def test_a_yes_to_being_named_counts_from_an_earlier_departure() -> None:
    earlier = Will(consent=Consent(at=START - 90 * DAY, stay=None, reference=True))
    where = around(wills={"11": earlier})
    facts = replace(where.customer, own={"would_recommend": 10})
    later = event(Kind.CONSENTED, START + 2 * DAY, person="11", stay=True, reference=None)
    made = planned(happened(later), LEFT + 26 * DAY, replace(where, customer=facts))
    assert "touch_case_study" in touches(made)
