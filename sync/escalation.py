"""Somebody who can open a gate hears of it, before the programme goes on without them. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from mappings.playbook import Phase
from mappings.texts import shown
from sync import gates
from sync.draft import Draft
from sync.tasks import GATE, task_for, whose


class _Words(NamedTuple):
    phase: Phase
    title: str
    text: str
    #: Why nobody hears of it, where the gate is not waited for.
    moot: str


_WORDS: Final[dict[gates.Name, _Words]] = {
    "reason": _Words(
        "notice",
        "Say why {name} is leaving, or let it go on without a reason",
        """\
Nobody has said yet why they leave. On {day} the goodbye goes on without a reason.

Do: ask whoever spoke with them last, and set “{reason}” on the customer.
Avoid: a guess. “Unknown” is an honest answer.
Why: what we offer, whom we ask and what we learn depends on it.
""",
        "no reason is waited for",
    ),
    "decision": _Words(
        "assess",
        "Decide about {name}: try to keep them, or let them go well",
        """\
Nobody has decided yet. On {day} the goodbye goes on without a decision.

Do: talk to whoever knows them best, and set “{decision}” on the customer.
Avoid: leaving it to the day. What they were promised keeps its dates either way.
Why: half a rescue costs both sides more than an honest goodbye.
""",
        "no decision is waited for",
    ),
    "keep": _Words(
        "assess",
        "Say whether we still try to keep {name}",
        """\
We have tried to keep them for a while. On {day} the decision counts as open again, and the goodbye
goes on.

Do: ask them how they see it. If they stay, move them back to where active customers stand. To try
for longer, set “{decision}” on the customer to open, and then to try to keep again.
Avoid: a rescue that nobody works on any more.
Why: a customer who waits for a promise that nobody keeps is lost twice.
""",
        "nobody tries to keep the customer",
    ),
}


def escalate(draft: Draft) -> None:
    """Want a task for each gate that is still shut shortly before its time is over."""
    shut = {one.name: one for one in draft.shut}
    for name in gates.NAMES:
        step, waited = f"{GATE}{name}", shut.get(name)
        if (found := gates.gate(name, draft.book)) is None or found.escalate is None:
            continue
        key = draft.task_key(step, occurrence=draft.case.occurrence)
        if done := draft.case.done.get(step):
            key = done
        elif draft.over or waited is None or waited.until is None:
            if key in draft.case.appeared:
                draft.withhold(step, draft.over or _WORDS[name].moot)
            continue
        else:
            calendar = draft.world.calendar
            since = calendar.add(waited.until, found.escalate.before, before=True)
            if not draft.horizon.reached(since):
                draft.withhold(step, "its time has not come", until=since)
                continue
        _want(draft, name, found.escalate.role, key)


def _want(draft: Draft, name: gates.Name, role: str, key: str) -> None:
    words, calendar = _WORDS[name], draft.world.calendar
    until = gates.time_out(name, draft.case, calendar, draft.book) or draft.case.entered_at
    facts = {
        "name": draft.world.customer.name,
        "day": shown(calendar.day_of(until)),
        "reason": draft.field_label("reason_csm"),
        "decision": draft.field_label("decision"),
    }
    task = task_for(
        draft.world,
        draft.case.ref,
        role,
        step=f"{GATE}{name}",
        title=words.title.format(**facts),
        text=words.text.format(**facts),
        due=until,
        phase=words.phase,
    )
    draft.want(task.step, task, key=key)
    draft.note(task.step, whose(draft, role))
