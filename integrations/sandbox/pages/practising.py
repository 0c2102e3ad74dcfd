"""Practising on the pages: the lesson's steps with what is done of them, and the buttons for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from integrations.sandbox.desk import Line, Sheet
from integrations.sandbox.http import Answer, Request
from integrations.sandbox.pages.card import stem
from integrations.sandbox.pages.frame import Frame, Refused
from integrations.sandbox.practice import NAME, STEPS, Practice
from integrations.sandbox.switches import ClockWish

#: The stage of a customer that has said they will leave, and those of one that is leaving.
_LEAVING: Final = ("churning", "churned")
#: Statuses that end a goodbye, well either way.
_ENDS: Final = ("saved", "returned", "departed", "alumni")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the lesson."""

    words: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What the page of the practice customer shows above everything."""

    steps: tuple[Step, ...]
    spans: tuple[str, ...] = STEPS


class Practising:
    """The forms of practising."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._practice = Practice(frame.world, frame.name)

    @property
    def name(self) -> str:
        """What the customer is called; empty where there is nothing to practise with."""
        return NAME if self._practice.offered else ""

    @property
    def id(self) -> str:
        """The customer of this round; empty before the first."""
        sheet = self._practice.sheet()
        return sheet.id if sheet else ""

    def lesson(self, sheet: Sheet, stage: Line | None) -> Lesson | None:
        """The lesson, where the customer is the one to practise on."""
        if stage is None or sheet.id != self.id:
            return None
        return Lesson(steps=tuple(_steps(sheet, stage)))

    def act(self, request: Request) -> Answer:
        """Begin, begin again, or let time pass."""
        by, do = self._frame.by(request), request.form.get("do", "")
        if not self.name:
            raise Refused(404, "There is nothing to practise with in this world.")
        if do == "begin":
            said = "begun_again" if self.id else "begun"
            id = self._practice.begin(by=by)
            return self._frame.back(_page(id), said)
        if do != "pass" or not self.id or request.form.get("advance") not in STEPS:
            raise Refused(400, "The form does not say what to do.")
        self._frame.switches.move_clock(ClockWish(advance=request.form["advance"]))
        return self._frame.back(_page(self.id), "passed")


def _page(id: str) -> str:
    return f"/customers/{quote(id, safe='')}"


def _steps(sheet: Sheet, stage: Line) -> Iterator[Step]:
    """By what stands on the record, so that no step is done by reading it."""
    ours = {stem(line.name): line.value for line in sheet.lines if line.value}
    tasks = [entry for entry in sheet.timeline if entry.kind == "task"]
    yield Step(
        words="They give notice: move the stage to Churning.",
        done=stage.value in _LEAVING or bool(ours.get("status")),
    )
    yield Step(
        words="Let 15 minutes pass: it may have been a slip of the hand. Then the tasks appear.",
        done=bool(tasks),
    )
    yield Step(
        words="Open “What to do” under a task, read it, and tick the task off.",
        done=any(task.done for task in tasks),
    )
    yield Step(
        words="Let a day pass, open the survey as your customer does, and answer it.",
        done="reason_customer" in ours,
    )
    yield Step(
        words="They stay: move the stage back to Active, and let 15 minutes pass. Or they leave:"
        " move it to Churned, set the last day, and let weeks pass.",
        done=ours.get("status") in _ENDS,
    )
