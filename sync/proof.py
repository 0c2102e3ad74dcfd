"""The proof that a promise was kept: what people write behind the last line of its task. Pure.

They complete the line, and then the task; what they wrote is read back with it. Where it is missing
and the playbook wants it, one small task asks for it.
"""

from __future__ import annotations

import re
from typing import Final

from mappings.playbook import Step
from mappings.spans import Span
from sync.draft import Draft
from sync.tasks import EVIDENCE, task_for, whose

LINE: Final = "Evidence:"
_LINE: Final = re.compile(r"^[ \t]*evidence:", re.IGNORECASE | re.MULTILINE)
_SOON: Final = Span.parse("2 business days")
_TEXT: Final = """\
It is done; what is missing is the proof.

Do: write it behind “Evidence” below: a number, a link, or whose word you have. Then complete this.
Avoid: a promise that nobody can show was kept.
Why: it is asked for when everybody who knew has moved on."""


def with_line(text: str, step: Step) -> str:
    """The script, with the line that people complete."""
    return f"{text}\n\n{LINE}".strip() if step.promise or step.evidence else text


def written(body: str, ours: str) -> str:
    """What people wrote behind the line, beyond what we had there ourselves."""
    return _behind(body).removeprefix(_behind(ours)).strip()


def wanted_of(step: str, promise: bool) -> bool:
    """Whether a task has such a line."""
    return promise or step.startswith(EVIDENCE)


def found(draft: Draft, name: str) -> bool:
    """Whether there is any proof that a promise was kept."""
    return not draft.case.proofs.keys().isdisjoint({name, f"{EVIDENCE}{name}"})


def ask(draft: Draft, name: str, step: Step, subject: str) -> None:
    """Want a task that asks for the proof of a step that is done."""
    asked = f"{EVIDENCE}{name}"
    if not step.evidence or draft.over:
        return
    key = draft.case.done.get(asked)
    if key is None and found(draft, name):
        return
    since = draft.case.done_at.get(name, draft.case.entered_at)
    task = task_for(
        draft.world,
        draft.case.ref,
        step.role,
        step=asked,
        title=f"Add the evidence: {subject}",
        text=f"{_TEXT}\n\n{LINE}",
        due=draft.world.calendar.add(since, _SOON),
        phase=step.phase,
    )
    draft.want(asked, task, key=key or draft.task_key(asked, occurrence=draft.case.occurrence))
    draft.note(asked, whose(draft, step.role))


def _behind(text: str) -> str:
    """What stands behind the last such line."""
    lines = [*_LINE.finditer(text)]
    return text[lines[-1].end() :].strip() if lines else ""
