"""Random departures as the product can meet them: stages move, people act, time passes.

Every event comes out of the product's own rules, so that no story is impossible; the ledger is kept
and delivered as the product does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from integrations.contract import Owner
from mappings.playbook import Playbook
from sync import detect
from sync.case import fold
from sync.detect import Sight
from sync.lifetime import appeared, cancelled
from sync.model import Case, Event, Kind, Plan
from sync.outbox import Entry, State, difference
from sync.plan import plan
from sync.world import World
from tests.unit.sync.goodbye import (
    CUSTOMER,
    KEY,
    MINUTE,
    START,
    book,
    event,
    opening,
    person,
    said,
    watch,
    world,
)

WATCH = watch()
BOOKS = {
    name: book(f"playbooks: [{{use: {name}}}]")
    for name in ("standard", "enterprise", "small_business", "consumer")
}
#: Letters and the survey go by mail.
MAILS = "survey: {send: {through: email}}"
PEOPLE = ("11", "12")
#: Whose working days count, instead of the customer's.
OWNERS = (
    Owner(id="7", name="Ada Moss", country="Germany", zone="Europe/Berlin"),
    Owner(id="7", name="Ada Moss", country="JP"),
    Owner(id="7", name="Ada Moss", zone="Pacific/Auckland"),
    Owner(id="7", name="Ada Moss"),
)


@dataclass(frozen=True)
class Act:
    """What happens, so long after what happened before; ``pick`` chooses among what is there."""

    after: timedelta
    what: str
    value: Any = None
    pick: int = 0


_STAGES = st.sampled_from(["churning", "churned", "active", "at_risk"])
_SAYINGS = st.sampled_from(
    [
        ("reason_csm", "price"),
        ("reason_csm", "deceased"),
        ("reason_csm", None),
        ("reason_csm", "product_gap"),
        ("decision", "let_go"),
        ("decision", "try_to_keep"),
        ("decision", "open"),
        ("departs_on", "2026-03-03"),
        ("departs_on", "2026-03-20"),
        ("departs_on", "2026-05-15"),
        ("departs_on", "whenever"),
    ]
)
_ACTS = st.one_of(
    st.tuples(st.just("stage"), _STAGES),
    st.tuples(st.just("says"), _SAYINGS),
    st.tuples(st.sampled_from(["done", "undone", "removed"]), st.none()),
    st.tuples(st.sampled_from(["sent", "maybe_sent"]), st.none()),
    st.tuples(
        st.sampled_from(
            ["answered", "yes", "no", "opted_out", "talk", "export", "checked", "noticed"]
        ),
        st.sampled_from(PEOPLE),
    ),
    st.tuples(st.sampled_from(["gone", "restored"]), st.none()),
)
#: Mostly minutes around the settle time, hours and days; sometimes months.
_AFTER = st.one_of(
    st.integers(1, 20).map(lambda n: n * MINUTE),
    st.integers(1, 72).map(lambda n: timedelta(hours=n)),
    st.integers(1, 60).map(lambda n: timedelta(days=n)),
)
acts = st.lists(
    st.builds(lambda after, act, pick: Act(after, *act, pick=pick), _AFTER, _ACTS,
              st.integers(0, 30)),
    max_size=12,
)  # fmt: skip

worlds = st.builds(
    lambda people, country, end, zone, works: world(
        *people, country=country, contract_end=end, zone=zone, works=works,
        words={"w1": "No log in by name."},
    ),
    st.lists(st.sampled_from(PEOPLE), unique=True).flatmap(
        lambda ids: st.tuples(
            *(
                st.builds(
                    person,
                    id=st.just(id),
                    email=st.sampled_from(["pat@customer.example", None]),
                    consent=st.sampled_from([None, True, False]),
                    out=st.sampled_from([None, False, True]),
                )
                for id in ids
            )
        )
    ),
    st.sampled_from(["GB", "DE", "CA", "US", None]),
    st.sampled_from([None, date(2026, 3, 10), date(2026, 4, 30), date(2025, 1, 1)]),
    st.sampled_from(["Europe/London", "Asia/Tokyo", "America/Los_Angeles"]),
    st.sampled_from([None, None, *OWNERS]),
)  # fmt: skip


@dataclass
class Story:
    """One case and what happens to it."""

    around: World = field(repr=False)
    phase: str = "notice"
    events: list[Event] = field(default_factory=list, repr=False)
    now: datetime = START
    stage: str = "churning"
    #: A later departure has taken its place.
    closed: bool = False
    use: str = "standard"
    ledger: dict[str, Entry] = field(default_factory=dict, repr=False)
    #: What becomes of the writes that are due, over and over.
    fates: tuple[str, ...] = ("taken",)
    #: Laid over the default mapping.
    mapping: str = ""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The world is too large to be printed beside a failure."""
        printer.text(repr(self))

    def __post_init__(self) -> None:
        if self.mapping:
            self.around = replace(self.around, rules=world(mapping=self.mapping).rules)
        self.events = [opening(phase=self.phase)]
        self.stage = self.events[0].data["stage"]

    @property
    def book(self) -> Playbook:
        return BOOKS[self.use]

    @property
    def case(self) -> Case:
        return fold(KEY, CUSTOMER, self.events)

    def plan(self, at: datetime | None = None) -> Plan:
        return plan(self.case, self.around, self.book, WATCH, at or self.now)

    def play(self, acts: list[Act]) -> Iterator[Plan]:
        """The plan after each act; what it changes is kept, and delivered before the next."""
        yield self.keep()
        for act in acts:
            if self.closed:
                return
            self.deliver()
            self._wait(act.after)
            getattr(self, f"_{act.what}")(act)
            yield self.keep()

    def _wait(self, time: timedelta) -> None:
        """Nobody looks meanwhile."""
        self.now += time

    def difference(self, made: Plan) -> tuple[Entry, ...]:
        """What this plan changes in the ledger; what is left of a deleted customer stays."""
        reasons = {one.step: one.reason for one in made.withheld}
        changed = difference(KEY, made.wants, self.ledger, reasons)
        if self.case.gone_at:
            return tuple(entry for entry in changed if entry.state is State.DROPPED)
        return changed

    def rest(self) -> tuple[Entry, ...]:
        """What is still to be noted."""
        return self.difference(self.plan())

    def keep(self) -> Plan:
        """The plan as it stands, kept in the ledger and in the history."""
        while True:
            made = self.plan()
            changed = self.difference(made)
            news = [*cancelled(made.wants, self.ledger, changed, self.now)]
            self.ledger |= {entry.key: entry for entry in changed}
            self.events += news
            if not news:
                return made

    def deliver(self) -> None:
        """Everything that is due meets its fate."""
        due = [e for e in self.ledger.values() if e.state in (State.PENDING, State.UNKNOWN)]
        for number, entry in enumerate(due):
            self._met(entry, self.fates[number % len(self.fates)])

    def _met(self, entry: Entry, fate: str) -> None:
        match fate:
            case "taken":
                met = entry.taken(entry.wanted, {}, id=entry.id or f"crm {entry.key}")
            case "lost":
                met = replace(entry, state=State.UNKNOWN, attempts=entry.attempts + 1)
            case "refused":
                met = replace(entry, state=State.REJECTED, attempts=entry.attempts + 1)
            case "deleted" if entry.id and entry.kind == "task":
                met = replace(entry, state=State.GONE)
                self._on(Kind.REMOVED, entry)
            case _:
                met = entry
        self.ledger[entry.key] = met
        if came := appeared(met, self.now):
            self.events += [came] if came not in self.events else []

    def _on(self, kind: Kind, entry: Entry) -> None:
        self.events.append(event(kind, self.now, step=entry.step, key=entry.key))

    def _stage(self, act: Act) -> None:
        before, self.stage = self.stage, act.value
        sight, case = detect.look(WATCH, before, self.stage), self.case
        plan = self.plan()
        if sight is Sight.ENTERED:
            departed = plan.departs_on if detect.departed(plan.status) else None
            verdict = detect.entered(WATCH, case, departed=departed, at=self.now, stage=self.stage)
            self.events += verdict.events
            self.closed = verdict.open
        elif sight is Sight.MOVED:
            self.events.append(detect.moved(WATCH, at=self.now, stage=self.stage))
        elif sight is Sight.RETURNED:
            left = detect.returned(
                WATCH, case, departs_on=plan.departs_on, at=self.now, stage=self.stage
            )
            self.events += [left] if left else []

    def _says(self, act: Act) -> None:
        self.events.append(said(self.now, *act.value))

    def _on_task(self, kind: Kind, act: Act, before: State, after: State) -> None:
        """A person does something to one of the tasks that they see."""
        tasks = [e for e in self.ledger.values() if e.kind == "task" and e.state is before]
        if tasks:
            entry = tasks[act.pick % len(tasks)]
            self.ledger[entry.key] = replace(entry, state=after)
            self._on(kind, entry)

    def _done(self, act: Act) -> None:
        self._on_task(Kind.DONE, act, State.DELIVERED, State.DONE)

    def _undone(self, act: Act) -> None:
        self._on_task(Kind.UNDONE, act, State.DONE, State.DELIVERED)

    def _removed(self, act: Act) -> None:
        self._on_task(Kind.REMOVED, act, State.DELIVERED, State.GONE)

    def _out(self, kind: Kind, act: Act) -> None:
        wants = [want for want in self.plan().wants if want.outward]
        if wants:
            want = wants[act.pick % len(wants)]
            who = want.key.split(":")[2]
            self.events.append(event(kind, self.now, step=want.step, person=who))

    def _sent(self, act: Act) -> None:
        self._out(Kind.SENT, act)

    def _maybe_sent(self, act: Act) -> None:
        self._out(Kind.MAYBE_SENT, act)

    def _answered(self, act: Act) -> None:
        reasons = ("price", "product_gap", "quality_reliability", "support_service")
        words = {"what_changed": "w1"} if act.pick % 2 else {}
        code = {"reason": reasons[act.pick % len(reasons)]}
        self._person(Kind.ANSWERED, act, codes=code, words=words)

    def _yes(self, act: Act) -> None:
        self._person(Kind.CONSENTED, act, stay=True, reference=bool(act.pick % 2))

    def _no(self, act: Act) -> None:
        self._person(Kind.CONSENTED, act, stay=False, reference=False)

    def _opted_out(self, act: Act) -> None:
        self._person(Kind.OPTED_OUT, act, where="survey")

    def _talk(self, act: Act) -> None:
        self._person(Kind.ASKED_TO_TALK, act)

    def _export(self, act: Act) -> None:
        self._person(Kind.ASKED_EXPORT, act)

    def _checked(self, act: Act) -> None:
        self._person(Kind.CHECKED, act, codes={"effort": "2"}, words={})

    def _noticed(self, act: Act) -> None:
        self._person(Kind.NOTICED, act, last_day="2026-05-15" if act.pick % 2 else None)

    def _person(self, kind: Kind, act: Act, **data: Any) -> None:
        self.events.append(event(kind, self.now, person=act.value, **data))

    def _gone(self, act: Act) -> None:
        if self.case.gone_at is None:
            self.events.append(event(Kind.GONE, self.now))

    def _restored(self, act: Act) -> None:
        if self.case.gone_at is not None:
            self.events.append(event(Kind.RESTORED, self.now))


class Awake(Story):
    """The same where somebody looks whenever the plan wakes."""

    def _wait(self, time: timedelta) -> None:
        end = self.now + time
        while (wake := self.plan().wake_at) and wake < end:
            self.now = wake
            self.keep()
            self.deliver()
        self.now = end


def _stories(kind: type[Story]) -> st.SearchStrategy[Any]:
    return st.builds(
        kind,
        worlds,
        st.sampled_from(["notice", "leaving"]),
        use=st.sampled_from([*BOOKS]),
        mapping=st.sampled_from(["", MAILS, "record: object\n"]),
    )


stories: st.SearchStrategy[Story] = _stories(Story)
awake: st.SearchStrategy[Awake] = _stories(Awake)
