"""The points around every write; `make crash` goes through all of them."""

from __future__ import annotations

import pytest

from tests.faults import crash


@pytest.fixture(scope="module", params=crash.CRMS)
def calm(request: pytest.FixtureRequest) -> tuple[str, crash.Quiet]:
    """The story of one CRM without a crash."""
    return request.param, crash.quiet(request.param)


def test_has_a_point_around_every_commit_and_call(calm: tuple[str, crash.Quiet]) -> None:
    crm, quiet = calm
    assert len(set(quiet.met)) >= 25
    left = quiet.left
    assert len(left.tasks) > 20
    assert left.notes
    assert left.members
    assert crm == "hubspot" or left.mails


def test_survives_a_crash_at_the_first_of_every_write(calm: tuple[str, crash.Quiet]) -> None:
    crm, quiet = calm
    problems = {}
    first = [name for name, n in quiet.points if n == 1 and crash.WRITES.search(name)]
    for point in first:
        if found := crash.survived(crm, quiet, point, 1):
            problems[point] = found
    assert not problems


@pytest.mark.parametrize("crm", crash.CRMS)
def test_no_crash_around_what_is_created_makes_a_second_record(crm: str) -> None:
    quiet = crash.quiet(crm, "object")
    assert len(quiet.left.records) == 3
    created = [(name, n) for name, n in quiet.points if "create" in name]
    assert len(created) >= 4
    problems = {}
    for point, n in created:
        if found := crash.survived(crm, quiet, point, n, "object"):
            problems[point, n] = found
    assert not problems
