"""The whole story on a sandbox, in simulated time: customers leave well, in both CRMs.

Everything is real but the CRMs: the service speaks through the official clients over a socket, the
people click what people click, and the survey is answered through its page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.contract import TASK
from integrations.sandbox import visitor
from integrations.sandbox.desk import Contact, Happening, Sheet
from sync.connection import Connection
from sync.model import Kind
from sync.trial import Trial
from sync.verify import verify

#: A Monday.
START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAYS: Final = 75


@dataclass(frozen=True, kw_only=True)
class Part:
    """What happens to one customer; days count from the start."""

    customer: str
    notice: int = 0
    #: The reason that the CSM enters on day 1.
    reason: str | None = None
    #: The day that people agree on as the last one.
    departs_in: int | None = None
    #: Somebody there answers the survey on this day, and agrees to stay in touch or not.
    answers: int | None = None
    stays_in_touch: bool = True
    says: str = ""
    #: Back to active.
    back: int | None = None
    diligent: bool = False


STORY: Final = (
    Part(
        customer="Alder & Quill Stationers",
        reason="price",
        departs_in=24,
        answers=3,
        says="The renewal quote came without a word of warning.",
        diligent=True,
        back=60,
    ),
    Part(customer="Antler Bay Ferries", reason="product_gap", departs_in=30, answers=4,
         says="No offline mode on the boats."),
    Part(customer="Tessellate Analytics", reason="budget_cut", departs_in=33, answers=5,
         says="Head office froze every subscription until spring."),
    Part(customer="Quarry House Legal", departs_in=28, answers=9, stays_in_touch=False),
    Part(customer="Larkmoor Community Bank", reason="support_service", back=12, diligent=True),
    Part(customer="Eisvogel Logistik", notice=2, reason="competitor", departs_in=40),
    Part(customer="Willow Gate Storage", notice=2, departs_in=35),
    Part(customer="Halcyon Tide Hotels", notice=3),
)  # fmt: skip


@dataclass(kw_only=True)
class Show:
    """Plays the story in one CRM, and tells it."""

    trial: Trial
    crm: str
    survey: str
    tell: Callable[[str], None]
    connection: Connection = field(init=False)
    told: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Prepare the CRM and sign in."""
        made = self.trial.provision(self.crm)
        self.tell(f"Created {made} fields and segments: the first thing an admin does.")

        self.connection = self.trial.connect(self.crm)

    def begin(self) -> None:
        """Look at everybody once."""
        first = self.trial.cycle(self.connection)
        self.tell(
            f"Looked at {first.seen} customers. {first.old} had left before we came: nothing "
            "happens to them by itself."
        )

    def day(self, number: int) -> None:
        """One day: people do their part in the morning, then the service looks."""
        for part in STORY:
            self._people(part, number)
        self._moved([part for part in STORY if part.notice == number], "churning")
        self._moved([part for part in STORY if part.back == number], "active")
        self.trial.cycle(self.connection)

    def later(self, number: int) -> None:
        """The same day, after the settle time."""
        self.trial.cycle(self.connection)
        self._opened([part for part in STORY if part.notice == number])
        for part in STORY:
            if part.answers is not None and part.answers == number:
                self._answer(part)
            if part.diligent:
                self._work(part)
        self._news()

    def _people(self, part: Part, number: int) -> None:
        if number == part.notice:
            self._set(part, "stage", "churning")
        if part.reason and number == part.notice + 1:
            self._set(part, "reason_csm", part.reason)
        if part.departs_in and number == part.notice + 2:
            day = START + timedelta(days=part.departs_in)
            self._set(part, "departs_on", day.date().isoformat())
        if number == part.back:
            self._set(part, "stage", "active")

    def _moved(self, parts: list[Part], stage: str) -> None:
        """What sales has done this morning."""
        if parts:
            self.tell(f"Sales moves the stage to “{stage}”: {_names(parts)}.")

    def _set(self, part: Part, key: str, value: str) -> None:
        watch = self.connection.programme.watch[0]
        name = watch.stage if key == "stage" else self.connection.places("customer")[key].field
        by = self.trial.colleague(self.crm, 1)
        self.trial.edit(self.crm, self._id(part), name, value, by=by)

    def _opened(self, parts: list[Part]) -> None:
        """The tasks of the first customer, and how many the others have."""
        had: dict[int, list[Part]] = {}
        for part in parts:
            tasks = [one for one in self._sheet(part).timeline if one.kind == "task"]
            if part is STORY[0]:
                self.tell(f"{part.customer} has {len(tasks)} tasks, each with owner and date:")
                widest = max((len(_owner(task)) for task in tasks), default=0)
                for task in sorted(tasks, key=lambda one: one.due or one.at):
                    self.tell(f"    {_due(task)}  {_owner(task):<{widest}}  {task.title}")
            elif tasks:
                had.setdefault(len(tasks), []).append(part)
        for number, some in had.items():
            each = " each" if len(some) > 1 else ""
            self.tell(f"{_names(some)}: {number} tasks{each}, with owner and date.")

    def _work(self, part: Part) -> None:
        """Good colleagues tick off what is due."""
        now = self.trial.clock.now()
        for task in self._sheet(part).timeline:
            if task.kind == "task" and not task.done and task.due and task.due <= now:
                with self.trial.sandbox.world.lock:
                    self.trial.desk(self.crm).complete(
                        task.id, by=self.trial.colleague(self.crm, 2)
                    )

    def _answer(self, part: Part) -> None:
        """Somebody opens the link from their contact record and fills in the page."""
        for contact in self._sheet(part).contacts:
            if link := _line(contact, "Survey link"):
                answers = {
                    "reason": part.reason or "needs_changed",
                    "what_changed": part.says,
                    "would_return": "7",
                }
                if part.stays_in_touch:
                    answers["stay_in_touch"] = "on"
                visitor.fill_in(self.survey + link[link.index("/s/") :], answers)
                said = f", and says “{part.says}”" if part.says else " without a word."
                self.tell(f"{contact.name} of {part.customer} answers the survey{said}")
                return

    def _news(self) -> None:
        """What a person would notice on the records."""
        moved: dict[str, list[Part]] = {}
        joined: dict[str, list[str]] = {}
        for part in STORY:
            sheet = self._sheet(part)
            fields = {line.label: line.value for line in sheet.lines}
            status = fields.get("Off-boarding status", "")
            if status and self._is_new(f"{part.customer}: {status}"):
                moved.setdefault(status, []).append(part)
            for contact in sheet.contacts:
                for segment in contact.segments:
                    if self._is_new(f"{contact.name}: {segment}"):
                        joined.setdefault(segment, []).append(f"{contact.name} of {part.customer}")
        for status, parts in moved.items():
            self.tell(f"Now in “{status}”: {_names(parts)}.")
        for segment, people in joined.items():
            self.tell(f"Joins the segment “{segment}”: {', '.join(people)}.")

    def _is_new(self, news: str) -> bool:
        """Whether this was not told yet; it is from now on."""
        new = news not in self.told
        self.told.add(news)
        return new

    def _sheet(self, part: Part) -> Sheet:
        with self.trial.sandbox.world.lock:
            found = self.trial.desk(self.crm).customer(self._id(part))
        assert found is not None
        return found

    def _id(self, part: Part) -> str:
        return self.trial.customers(self.crm)[part.customer].id

    def result(self) -> dict[str, Any]:
        """The counts, by the vendor's API."""
        calls = sum(self.trial.calls(self.crm).values())
        connection = self.connection
        with connection.store.reading() as tables:
            rows = list(tables.cases.list(connection.name))
            histories = tables.cases.histories(row.key for row in rows)
        kinds = Counter(event.kind for events in histories.values() for event in events)
        statuses = Counter(row.status for row in rows)
        checked = verify(connection)
        return {
            "cases": len(rows),
            "tasks": sum(1 for _ in connection.crm.find(TASK, None)),
            "answered": kinds[Kind.ANSWERED],
            "saved": statuses["saved"],
            "returned": statuses["returned"],
            "segments": {
                name: sum(1 for _ in connection.crm.members(id))
                for name, id in sorted(connection.segments.items())
            },
            "missing": len(checked.missing),
            "extra": len(checked.extra),
            "calls": calls,
            "calls_least": connection.tally.total,
        }


def play(
    trial: Trial, survey: str, tell: Callable[[str, str], None], *, days: int = DAYS
) -> dict[str, Any]:
    """Play the story, or its first days, in every CRM of the trial; returns the counts by CRM."""
    shows = [
        Show(trial=trial, crm=crm, survey=survey, tell=_teller(tell, crm))
        for crm in trial.app.service.connections
    ]
    for show in shows:
        show.open()
    trial.count_from_here()
    for show in shows:
        show.begin()
    for number in range(days):
        for show in shows:
            show.day(number)
        trial.advance(timedelta(minutes=15))
        for show in shows:
            show.later(number)
        trial.until(START + timedelta(days=number + 1))
    return {show.crm: show.result() for show in shows}


def _teller(tell: Callable[[str, str], None], crm: str) -> Callable[[str], None]:
    return lambda words: tell(crm, words)


def _line(contact: Contact, label: str) -> str:
    return next((line.value for line in contact.lines if line.label == label), "")


def _names(parts: list[Part]) -> str:
    *others, last = [part.customer for part in parts]
    return f"{', '.join(others)} and {last}" if others else last


def _owner(task: Happening) -> str:
    return task.who or "nobody"


def _due(task: Happening) -> str:
    return f"{task.due:%a %d %b}" if task.due else "          "
