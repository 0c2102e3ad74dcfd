"""Feedback that travels: the words reach the department that can mend the cause. Pure.

One task or note for each department and departure, as soon as there is a whole sentence; a bare
reason from a list makes none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from integrations.clip import clip
from integrations.contract import Note, Value
from mappings.conditions import evaluate
from mappings.feedback import Route
from mappings.programme import Programme
from mappings.reasons import REASONS, fixers
from mappings.texts import LONGEST
from sync import gates
from sync.draft import Draft
from sync.features import feature, named
from sync.feedback import answered, reason
from sync.model import Case
from sync.reasons import label
from sync.tasks import errand, plain
from sync.verbatim import quotes
from sync.world import World

_TEXT: Final = """\
Do: read it as it stands, and note here what you will do about it, or why nothing.
Avoid: explaining to them why they are wrong.
Why: this goodbye is paid for already; what you learn from it is what we get for it.

{words}"""


def routes(draft: Draft) -> None:
    """Want what each department should hear by now."""
    said = quotes(draft.case, draft.world)
    if not said:
        draft.withhold("route", "nobody has said anything in words yet")
        return
    words = "\n\n".join(quote.shown for quote in said)
    told = {feature(draft)}
    facts = spoken(draft.case, draft.world, draft.course.status)
    for route in leading(draft.world.rules.programme):
        step = f"route_{route.role}" if route.as_ == "task" else f"note_{route.role}"
        if route.role in told or not evaluate(route.when, facts).holds:
            continue
        told.add(route.role)
        if carrier := _carried_by(draft, route.role, max(quote.at for quote in said)):
            draft.withhold(step, f"the words are in the task {carrier}")
        else:
            _want(draft, route, step, words, min(quote.at for quote in said))


def leading(programme: Programme) -> tuple[Route, ...]:
    """The routes of the mapping, else one to each department that can mend a reason."""
    own = programme.feedback.routes
    return fixers(frozenset(programme.roles)) if own is None else own


def spoken(case: Case, world: World, status: str) -> dict[str, Value]:
    """What conditions of routes are about; answers are those of this departure alone."""
    counts = reason(case)
    answers: dict[str, Value] = {key: said.value for key, said in case.said.items()}
    answers |= answered(case, world)
    rows = (place.row for place in world.rules.places["customer"].values())
    return {
        **world.customer.words,
        **{row.key: answers.get(row.key) for row in rows if row.set_by_people},
        **answers,
        "reason": counts,
        "reasons": tuple(sorted(named(case) | ({counts} if counts else set()))),
        "controllable": REASONS[counts].controllable if counts in REASONS else None,
        "phase": status,
        "opened_in": case.opened_in,
        "decision": gates.said(case),
    }


def _want(draft: Draft, route: Route, step: str, words: str, at: datetime) -> None:
    why = f": {label(draft.reason)}" if draft.reason else ""
    title = f"What {draft.world.customer.name} told us{why}"
    if route.as_ == "note":
        body = f"For {plain(route.role)}. {title}\n\n{words}"
        draft.want(step, Note(about=draft.case.ref, body=clip(body, LONGEST), at=at))
        return
    item = errand(
        draft.world,
        draft.case.ref,
        route.role,
        step=step,
        title=f"Read what {draft.world.customer.name} told us{why}",
        text=_TEXT.format(words=words),
        at=at,
    )
    draft.want(step, item)


def _carried_by(draft: Draft, role: str, newest: datetime) -> str | None:
    """A task of the playbook that brings this role the words, now or when its time comes."""
    steps = draft.book.steps.items()
    mine = (name for name, step in steps if step.role == role and "case.words" in step.script)
    return next((name for name in mine if _carries(draft, name, newest)), None)


def _carries(draft: Draft, name: str, newest: datetime) -> bool:
    """Whether the task had every word when it was done, or will still have them."""
    case = draft.case
    if name in case.done:
        return case.done_at[name] >= newest
    gone = draft.key(name, occurrence=case.occurrence) in case.removed
    return draft.course.live and not gone and not draft.not_for(draft.book.steps[name], name)
