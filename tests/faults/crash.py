"""Dies at every named point, starts again, runs to rest, and counts through the vendor's API.

``python -m tests.faults.crash`` lists the points of both CRMs and what became of each.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sync import points
from tests.faults.story import Counted, Died, count, opened, tell

CRMS = ("hubspot", "salesforce")
#: The points around whatever changes the CRM.
WRITES = re.compile(r"deliver|\.(create|update|change|leave|send)\b|members")


@dataclass(frozen=True)
class Quiet:
    """The story without a crash: the points it met, in order, and what it left in the CRM."""

    met: tuple[str, ...]
    left: Counted

    @property
    def points(self) -> list[tuple[str, int]]:
        """Every point at its first and last occurrence; those around writes at more of them."""
        return [
            (name, n)
            for name, most in Counter(self.met).items()
            for n in sorted({1, most} | ({2, most // 2} if WRITES.search(name) else set()))
            if 1 <= n <= most
        ]


def quiet(crm: str, record: str = "note") -> Quiet:
    """Play the story once; fails if a commit or a call has no point."""
    met: list[str] = []
    commits: list[object] = []
    with tempfile.TemporaryDirectory() as folder, opened(crm, Path(folder), record) as play:
        play.stage.count_from_here()
        with points.listening(met.append), _counting(commits):
            tell(play)
        calls = sum(play.stage.calls(crm).values())
        left = count(play)
    named = Counter(point.split()[0] for point in met if point.endswith(" before"))
    assert named["commit"] == len(commits), (
        f"{len(commits) - named['commit']} commits have no point"
    )
    assert named["call"] == calls, f"{calls - named['call']} calls have no point"
    return Quiet(tuple(met), left)


def crashed(crm: str, point: str, occurrence: int, record: str = "note") -> tuple[bool, Counted]:
    """Play the story, dying once at this point; says whether it was met, and what was left."""
    died = False
    seen = 0

    def listen(name: str) -> None:
        nonlocal died, seen
        if name == point and not died:
            seen += 1
            if seen == occurrence:
                died = True
                raise Died

    with tempfile.TemporaryDirectory() as folder, opened(crm, Path(folder), record) as play:
        with points.listening(listen):
            tell(play)
        return died, count(play)


def wrong(before: Counted, after: Counted) -> list[str]:
    """What a crash has lost or doubled. A mail may be lost: then a person is asked to look."""
    found = []
    lost = before.mails - after.mails
    unsure = {key.split(":")[2] for key in lost}
    for what in ("tasks", "notes", "members", "mails", "records"):
        was, now = getattr(before, what), getattr(after, what)
        found += [f"{what}: {key} {n} times" for key, n in now.items() if n > 1]
        for key in was.keys() ^ now.keys():
            if unsure and key.rsplit(":", 1)[-1] in unsure:
                continue
            found.append(f"{what}: {key} {'lost' if key in was else 'not expected'}")
    for person in unsure:
        if not any(":survey_check:" in key and key.endswith(person) for key in after.tasks):
            found.append(f"nobody is asked about the mail to {person}")
    return found


@contextmanager
def _counting(commits: list[object]) -> Iterator[None]:
    def note(connection: object) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", note)
    try:
        yield
    finally:
        event.remove(Engine, "commit", note)


def survived(crm: str, calm: Quiet, point: str, occurrence: int, record: str = "note") -> list[str]:
    """What is wrong after a crash at this point."""
    died, left = crashed(crm, point, occurrence, record)
    return wrong(calm.left, left) if died else ["the point was not met"]


def _hush() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def main() -> int:
    """Crash everywhere, on as many processors as there are; returns the exit code."""
    bad = 0
    _hush()
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_hush) as pool:
        for crm in CRMS:
            calm = quiet(crm)
            print(f"{crm}: {len(set(calm.met))} points, {len(calm.points)} crashes", flush=True)
            crashes = [pool.submit(survived, crm, calm, *one) for one in calm.points]
            for (point, occurrence), crash in zip(calm.points, crashes, strict=True):
                problems = crash.result()
                bad += bool(problems)
                print(f"  {'✗' if problems else '✓'} {point} #{occurrence}", flush=True)
                for problem in problems:
                    print(f"      {problem}", flush=True)
    print("every crash was survived" if not bad else f"{bad} crashes were not survived")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
