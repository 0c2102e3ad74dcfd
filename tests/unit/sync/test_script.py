"""The file of a simulation: what it says, and what is wrong with it in one sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mappings.findings import MappingError
from sync.simulation.script import Happening, read

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = {
    "customer": ["Antler Bay Ferries"],
    "person": ["cory@ferries.example", "Cory Butler", "7"],
    "colleague": ["Grace Johnson"],
    "question": ["reason", "what_changed"],
    "reason": ["price", "product_gap"],
    "step": ["due", "acknowledge"],
    "question of the check": ["effort", "undone"],
}


def _read(tmp_path: Path, *lines: str) -> tuple[Happening, ...]:
    file = tmp_path / "events.yaml"
    file.write_text("events:\n" + "\n".join(f"  - {line}" for line in lines))
    return read(file, NAMES)


def test_days_and_times_count_from_the_start(tmp_path: Path) -> None:
    plain, timed = _read(
        tmp_path, "{day: 3, departs: 2026-05-01}", '{day: 3, at: "14:30", departs: 60}'
    )
    assert plain.moment(START) == datetime(2026, 3, 5, 9, tzinfo=UTC)
    assert timed.moment(START) == datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
    assert (plain.departs, timed.departs) == (date(2026, 5, 1), 60)


def test_one_step_or_several(tmp_path: Path) -> None:
    one, all_due = _read(tmp_path, "{day: 1, done: acknowledge}", "{day: 1, done: [due]}")
    assert (one.done, all_due.done) == (("acknowledge",), ("due",))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{reason: price}", ":2: events.0.day: is needed and not there; add it"),
        ("{day: -1, reason: price}", ":2: events.0.day: should be at least 0"),
        ("{day: 1}", ":2: events.0: say exactly one of stage, departs, reason, decision, done,"),
        ("{day: 1, reason: price, stage: x}", ":2: events.0: say exactly one of stage,"),
        ("{day: 1, resaon: price}", 'events.0.resaon: unknown key; did you mean "reason"?'),
        ("{day: 1, reason: prise}", 'there is no reason "prise"; did you mean "price"?'),
        ("{day: 1, done: aknowledge}", 'no step "aknowledge"; did you mean "acknowledge"?'),
        ("{day: 1, opted_out: Cory Buttler}", 'no person "Cory Buttler"; did you mean'),
        ("{day: 1, owner_leaves: Bob}", 'no colleague "Bob"; known are Grace Johnson'),
        ("{day: 1, customer: Antler, stage: x}", 'there is no customer "Antler"'),
        ("{day: 1, at: noon, stage: x}", "'noon' is no time of day; write 09:00"),
        ("{day: 1, answered: {answers: {raeson: x}}}", 'no question "raeson"; did you mean'),
        ("{day: 1, departs: soon}", ":2: events.0.departs: "),
        ("{day: 1, undone: aknowledge}", 'no step "aknowledge"; did you mean "acknowledge"?'),
        ("{day: 1, proved: {aknowledge: x}}", 'no step "aknowledge"; did you mean'),
        ("{day: 1, edited: {step: acknowledge}}", "say what is changed: subject, owner, due"),
        ("{day: 1, edited: {step: acknowledge, owner: Bob}}", 'there is no colleague "Bob"'),
        ("{day: 1, record: gone}", '"gone" is none of the choices'),
        ("{day: 1, checked: {answers: {efort: x}}}", 'no question of the check "efort"; did you'),
        ('{day: 1, chooses: {person: "7", contact: maybe}}', '"maybe" is none of the choices'),
        ('{day: 1, ticked: {person: "7"}}', "say which box: stay_in_touch, reference_ok, or both"),
        ("{day: 1, moves_away: {to: Elsewhere}}", "moves_away.person: is needed and not there"),
        ("{day: 1, asks_export: Cory Buttler}", 'no person "Cory Buttler"; did you mean'),
        ('{day: 1, gives_notice: {person: "7", last_day: -1}}', ":2: events.0.gives_notice"),
        ('{day: 1, shipped: "--"}', "'--' is no name of a feature"),
        (
            "{day: 1, customer: Antler Bay Ferries, owner_leaves: Grace Johnson}",
            "a colleague leaves for everybody; take out customer",
        ),
    ],
)
def test_what_is_wrong_has_its_line(line: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        _read(tmp_path, line)
    (said,) = str(caught.value).splitlines()
    assert words in said
    assert "events.yaml:2: " in said


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="this file cannot be read; see that it is there"):
        read(tmp_path / "events.yaml", NAMES)
