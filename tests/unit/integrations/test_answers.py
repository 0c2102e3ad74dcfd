"""Dates of answers; how a body is read, the suite of the adapters tries over a socket."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations import answers


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("Mon, 03 Mar 2031 09:00:00 GMT", datetime(2031, 3, 3, 9, tzinfo=UTC)),
        ("Mon, 03 Mar 2031 10:00:00 +0100", datetime(2031, 3, 3, 9, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("Mon, 99 Mar 2031 09:00:00 GMT", None),
    ],
)
def test_reads_the_time_of_an_answer(header: str | None, moment: datetime | None) -> None:
    assert answers.date(header) == moment
