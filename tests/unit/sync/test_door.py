"""How open the door is: every point has its reason, and none before the customer has left."""

from __future__ import annotations

from datetime import date

from sync.door import index
from sync.model import Event, Kind, Plan
from tests.unit.sync.goodbye import (
    DAY,
    KEY,
    START,
    book,
    event,
    happened,
    person,
    planned,
    said,
    values,
    world,
)

END = date(2026, 4, 30)
LEFT = START + 60 * DAY
PROMISES = tuple(name for name, step in book().steps.items() if step.promise)


def kept(*but: str) -> list[Event]:
    """Every promise of the standard goodbye is kept, but these."""
    at = START + 30 * DAY
    return [
        event(Kind.DONE, at, step=name, key=f"{KEY}:{name}") for name in PROMISES if name not in but
    ]


def left(*events: Event, at: int = 60) -> Plan:
    return planned(
        happened(*events), START + at * DAY, world(person("11"), person("12"), contract_end=END)
    )


def answered(score: str) -> Event:
    codes = {"reason": "price", "would_return": score}
    return event(Kind.ANSWERED, START + 3 * DAY, person="11", codes=codes, words={})


def yes(*, reference: bool = False) -> Event:
    return event(Kind.CONSENTED, START + DAY, person="11", stay=True, reference=reference)


def test_nothing_is_said_before_the_customer_has_left() -> None:
    early = left(yes(), at=10)
    assert early.door == ()
    assert "aurevoir_door_open" not in values(early, "customer")


def test_every_point_has_its_words_and_they_come_to_the_index() -> None:
    made = left(*kept(), answered("8"), yes(reference=True))
    assert made.door == (
        (40, "every door is ajar to begin with"),
        (5, "somebody there answered the survey"),
        (12, "would come back: 8 of 10"),
        (15, "somebody there wants to stay in touch"),
        (5, "somebody there lets us name them"),
        (5, "price: worth asking again with another plan or offer"),
        (10, "every promise that was due is kept"),
    )
    assert values(made, "customer")["aurevoir_door_open"] == index(made.door) == 92


def test_a_no_and_promises_that_were_broken_shut_it() -> None:
    out = event(Kind.OPTED_OUT, START + 3 * DAY, person="12", where="survey")
    made = left(out, said(START + DAY, "reason_csm", "deceased"))
    assert made.door[1:] == (
        (-15, "somebody there asked us not to write again"),
        (-40, "deceased: worth asking again never"),
        (-15, "promises that were not kept in time: 4"),
    )
    assert index(made.door) == 0


def test_a_promise_counts_with_the_phase_and_not_with_the_hour() -> None:
    without = [*kept("certificate", "switch_off_access")]
    assert (10, "every promise that was due is kept") in left(*without).door
    late = left(*without, at=100)
    assert late.status == "alumni"
    assert (-5, "promises that were not kept in time: 1") in late.door


def test_what_people_of_ours_put_down_counts_unless_it_is_no_number() -> None:
    recommend = said(START + DAY, "would_recommend", "9")
    assert (8, "would recommend us: 9 of 10") in left(recommend).door
    assert len(left(said(START + DAY, "would_recommend", "often")).door) == 2


def test_it_stays_between_0_and_100() -> None:
    assert index(((40, ""), (90, ""))) == 100
    assert index(((40, ""), (-90, ""))) == 0
