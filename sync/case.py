"""A case's state is a fold of its events. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from integrations.contract import Ref
from sync.model import Answer, Case, Consent, Done, Event, Kind, Said


def fold(key: str, ref: Ref, events: Iterable[Event]) -> Case:
    """The case after these events, in their order; the first one opens it."""
    first, *rest = events
    if first.kind is not Kind.OPENED:
        raise ValueError(f"case {key} does not begin with its opening")
    opened = Case(
        key=key,
        ref=ref,
        number=first.data["number"],
        stage=first.data["stage"],
        playbook=first.data["playbook"],
        opened_at=first.at,
        leaving_at=first.at if first.data["phase"] == "leaving" else None,
    )
    return reduce(lambda case, event: _STEPS[event.kind](case, event), rest, opened)


def _opened(case: Case, event: Event) -> Case:
    raise ValueError(f"case {case.key} is opened twice")


def _moved(case: Case, event: Event) -> Case:
    leaving = event.at if event.data["phase"] == "leaving" else None
    return replace(case, stage=event.data["stage"], leaving_at=case.leaving_at or leaving)


def _left(case: Case, event: Event) -> Case:
    return replace(case, stage=event.data["stage"], left_at=event.at, reopened_at=None)


def _reopened(case: Case, event: Event) -> Case:
    """Back after having settled elsewhere: what was done stays done, the decision is open again."""
    back = replace(case, stage=event.data["stage"])
    leaving = event.at if event.data["phase"] == "leaving" else None
    if not event.data["settled"]:
        return replace(back, left_at=None, leaving_at=case.leaving_at or leaving)
    return replace(
        back,
        reopened_at=event.at,
        leaving_at=leaving,
        occurrence=case.occurrence + 1,
        said={name: said for name, said in case.said.items() if name != "decision"},
    )


def _gone(case: Case, event: Event) -> Case:
    return replace(case, gone_at=event.at, merged_into=event.data.get("merged_into"))


def _set(case: Case, event: Event) -> Case:
    said = Said(value=event.data.get("value"), at=event.at, words=event.data.get("words"))
    return replace(case, said={**case.said, event.data["field"]: said})


def _done(case: Case, event: Event) -> Case:
    done = Done(occurrence=event.data["occurrence"], at=event.at)
    return replace(case, done={**case.done, event.data["step"]: done})


def _undone(case: Case, event: Event) -> Case:
    return replace(case, done={s: d for s, d in case.done.items() if s != event.data["step"]})


def _removed(case: Case, event: Event) -> Case:
    what = (event.data["step"], event.data.get("target", ""), event.data["occurrence"])
    return replace(case, removed=case.removed | {what})


def _sent(case: Case, event: Event) -> Case:
    what = (event.data["step"], event.data["person"])
    return replace(case, sent={what: event.at, **case.sent})


def _maybe_sent(case: Case, event: Event) -> Case:
    what = (event.data["step"], event.data["person"])
    return replace(case, maybe_sent={what: event.at, **case.maybe_sent})


def _answered(case: Case, event: Event) -> Case:
    answer = Answer(
        person=event.data["person"],
        at=event.at,
        codes=event.data["codes"],
        words=event.data.get("words", {}),
    )
    return replace(case, answers={**case.answers, answer.person: answer})


def _consented(case: Case, event: Event) -> Case:
    consent = Consent(
        at=event.at, stay=event.data["stay"], reference=event.data.get("reference", False)
    )
    return replace(case, consents=_with(case.consents, event, consent))


def _opted_out(case: Case, event: Event) -> Case:
    return replace(case, opted_out=_with(case.opted_out, event, event.at))


def _asked_to_talk(case: Case, event: Event) -> Case:
    return replace(case, wants_to_talk={event.data["person"]: event.at, **case.wants_to_talk})


def _replanned(case: Case, event: Event) -> Case:
    return replace(case, playbook=event.data["playbook"])


def _with(known: Mapping[str, Any], event: Event, value: Any) -> dict[str, Any]:
    return {**known, event.data["person"]: value}


_STEPS: Mapping[Kind, Callable[[Case, Event], Case]] = {
    Kind.OPENED: _opened,
    Kind.MOVED: _moved,
    Kind.LEFT: _left,
    Kind.REOPENED: _reopened,
    Kind.GONE: _gone,
    Kind.SET: _set,
    Kind.DONE: _done,
    Kind.UNDONE: _undone,
    Kind.REMOVED: _removed,
    Kind.SENT: _sent,
    Kind.MAYBE_SENT: _maybe_sent,
    Kind.ANSWERED: _answered,
    Kind.CONSENTED: _consented,
    Kind.OPTED_OUT: _opted_out,
    Kind.ASKED_TO_TALK: _asked_to_talk,
    Kind.REPLANNED: _replanned,
}
