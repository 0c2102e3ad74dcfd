"""A case's state is a fold of its events. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from typing import Any

from integrations.contract import Ref
from sync.model import TOUCH, Answer, Case, Consent, Event, Kind, Move, Said, Shipped


def fold(key: str, ref: Ref, events: Iterable[Event]) -> Case:
    """The case after these events, in their order; the first one opens it."""
    first, *rest = events
    if first.kind is not Kind.OPENED:
        raise ValueError(f"case {key} does not begin with its opening")
    opened = Case(
        key=key,
        ref=ref,
        number=first.data["number"],
        playbook=first.data["playbook"],
        opened_at=first.at,
        opened_in=first.data["phase"],
        trigger=first.data.get("trigger"),
        entered_at=first.at,
        leaving_at=first.at if first.data["phase"] == "leaving" else None,
        stayed_at=datetime.fromisoformat(at) if (at := first.data.get("stayed_at")) else None,
    )
    return reduce(after, rest, opened)


def after(case: Case, event: Event) -> Case:
    """The case once this has happened to it as well."""
    return _STEPS[event.kind](case, event)


def resumed(case: Case) -> Case:
    """The case once being back in the stage counts.

    What was done stays done, the decision is open again, and dates count from the return. The
    customer had stayed: whoever leaves again after having left has a new case.
    """
    assert case.back_at is not None
    return replace(
        case,
        entered_at=case.back_at,
        leaving_at=case.back_at if case.back_in == "leaving" else None,
        left_at=None,
        last_day=None,
        stayed_at=case.stayed_at if case.void else case.left_at,
        void=False,
        back_at=None,
        gone_at=case.gone_at if case.gone_at and case.gone_at > case.back_at else None,
        occurrence=case.occurrence + 1,
        cancelled=case.cancelled | case.removed,
        said={
            name: said
            for name, said in case.said.items()
            if name != "decision" or said.at >= case.back_at
        },
    )


def _opened(case: Case, event: Event) -> Case:
    raise ValueError(f"case {case.key} is opened twice")


def _moved(case: Case, event: Event) -> Case:
    if event.data["phase"] != "leaving":
        return case
    if case.back_at:
        return replace(case, back_in="leaving")
    return replace(case, leaving_at=case.leaving_at or event.at)


def _left(case: Case, event: Event) -> Case:
    """Out of the stage; a stay that had not settled never was."""
    if case.back_at:
        if not event.data["settled"]:
            return replace(case, back_at=None)
        case = resumed(case)
    last_day = event.data.get("departs_on")
    return replace(
        case,
        left_at=event.at,
        last_day=date.fromisoformat(last_day) if last_day else None,
        void=not event.data["settled"],
    )


def _reopened(case: Case, event: Event) -> Case:
    """Into the stage again; an absence that had not settled never was."""
    if not event.data["settled"]:
        return _moved(replace(case, left_at=None, last_day=None, void=False), event)
    back = replace(case, back_at=event.at, back_in=event.data["phase"])
    return resumed(back) if case.gone_at else back


def _closed(case: Case, event: Event) -> Case:
    if joined := event.data.get("into"):
        return replace(case, closed_at=event.at, gone_at=event.at, joined=joined)
    return replace(case, closed_at=event.at)


def _gone(case: Case, event: Event) -> Case:
    return replace(case, gone_at=event.at)


def _there(case: Case, event: Event) -> Case:
    """Whether it was restored or lives on in another record: the case goes on as it was."""
    return replace(case, gone_at=None)


def _set(case: Case, event: Event) -> Case:
    said = Said(value=event.data.get("value"), at=event.at, words=event.data.get("words"))
    return replace(case, said={**case.said, event.data["field"]: said})


def _appeared(case: Case, event: Event) -> Case:
    return replace(case, appeared=case.appeared | {event.data["key"]})


def _cancelled(case: Case, event: Event) -> Case:
    return replace(case, cancelled=case.cancelled | {event.data["key"]})


def _pointed(case: Case, event: Event) -> Case:
    return replace(case, evidence=event.data["reason"], evidence_at=event.at)


def _done(case: Case, event: Event) -> Case:
    key, proof = event.data["key"], event.data.get("evidence")
    step = step_of(key, case.names) if case.names else event.data["step"]
    touch = {key: event.at} if touched(step) else {}
    return replace(
        case,
        proofs={**case.proofs, step: proof} if proof else case.proofs,
        done={**case.done, step: key},
        done_at={**case.done_at, step: event.at},
        touched={**case.touched, **touch},
    )


def _undone(case: Case, event: Event) -> Case:
    done = {step: key for step, key in case.done.items() if key != event.data["key"]}
    return replace(
        case,
        done=done,
        done_at={step: at for step, at in case.done_at.items() if step in done},
        proofs={step: id for step, id in case.proofs.items() if step in done},
        touched={key: at for key, at in case.touched.items() if key != event.data["key"]},
    )


def _removed(case: Case, event: Event) -> Case:
    return replace(case, removed=case.removed | {event.data["key"]})


def _put_back(case: Case, event: Event) -> Case:
    return replace(case, removed=case.removed - {event.data["key"]})


def _sent(case: Case, event: Event) -> Case:
    return replace(case, sent={_out(case, event): event.at, **case.sent})


def _maybe_sent(case: Case, event: Event) -> Case:
    return replace(case, maybe_sent={_out(case, event): event.at, **case.maybe_sent})


def _answered(case: Case, event: Event) -> Case:
    return replace(case, answers=_with(case.answers, event, _answer(event)))


def _checked(case: Case, event: Event) -> Case:
    return replace(case, checks=_with(case.checks, event, _answer(event)))


def _answer(event: Event) -> Answer:
    return Answer(
        person=event.data["person"],
        at=event.at,
        codes=event.data["codes"],
        words=event.data.get("words", {}),
    )


def _consented(case: Case, event: Event) -> Case:
    consent = consented(event, case.consents.get(event.data["person"]))
    return replace(case, consents=_with(case.consents, event, consent))


def consented(event: Event, before: Consent | None = None) -> Consent:
    """What the event says. Who never said yes has nothing to take back, unless it was unticked.

    What it does not name stays as it was; a word about references makes no yes any younger.
    """
    stay, reference = event.data.get("stay"), event.data.get("reference")
    ticked = event.data.get("where") == "crm"
    earlier = before or Consent(at=event.at)
    return Consent(
        at=event.at if stay is not None or earlier.stay is None else earlier.at,
        stay=_word(stay, earlier.stay, ticked=ticked),
        reference=_word(reference, earlier.reference, ticked=ticked),
    )


def _word(now: bool | None, before: bool | None, *, ticked: bool) -> bool | None:
    return now if now or (now is not None and (ticked or before is not None)) else before


def _opted_out(case: Case, event: Event) -> Case:
    return replace(case, opted_out=_with(case.opted_out, event, event.at))


def _asked_to_talk(case: Case, event: Event) -> Case:
    return replace(case, wants_to_talk={event.data["person"]: event.at, **case.wants_to_talk})


def _noticed(case: Case, event: Event) -> Case:
    """The day that they wish counts until people set another."""
    said = dict(case.said)
    if (last_day := event.data.get("last_day")) and "departs_on" not in said:
        said["departs_on"] = Said(value=last_day, at=event.at)
    return replace(case, said=said, noticed=_with(case.noticed, event, event.at))


def _asked_export(case: Case, event: Event) -> Case:
    return replace(case, wants_export={event.data["person"]: event.at, **case.wants_export})


def _replanned(case: Case, event: Event) -> Case:
    """What was done, proved or sent stays so, whatever its step is called now."""
    names = event.data.get("names", {})
    now = {step: step_of(key, names) for step, key in case.done.items()}

    def sent(moments: Mapping[tuple[str, str], datetime]) -> dict[tuple[str, str], datetime]:
        return {
            (_called(case.names.get(step, step), names), person): at
            for (step, person), at in moments.items()
        }

    return replace(
        case,
        playbook=event.data["playbook"],
        names=names,
        done={now[step]: key for step, key in case.done.items()},
        done_at={now[step]: at for step, at in case.done_at.items()},
        proofs={now[step]: proof for step, proof in case.proofs.items()},
        sent=sent(case.sent),
        maybe_sent=sent(case.maybe_sent),
    )


def step_of(key: str, names: Mapping[str, str]) -> str:
    """The step that a key is of, in a case where steps have had other names."""
    return _called(key.split(":")[1], names)


def _called(name: str, names: Mapping[str, str]) -> str:
    """What the step is called now whose keys have this name."""
    return next((step for step, before in names.items() if before == name), name)


def _out(case: Case, event: Event) -> tuple[str, str]:
    """What went out to whom; the ledger's line may have its step's old name, or the new one."""
    step = event.data["step"]
    return step if step in case.names else _called(step, case.names), event.data["person"]


def touched(step: str) -> bool:
    """Whether a step is one of staying in touch."""
    return step.startswith(f"{TOUCH}_")


def _shipped(case: Case, event: Event) -> Case:
    people = event.data.get("people")
    what = Shipped(at=event.at, people=tuple(people) if people is not None else None)
    return replace(case, shipped={event.data["feature"]: what, **case.shipped})


def _moved_away(case: Case, event: Event) -> Case:
    person, to = event.data["person"], event.data["to"]
    if to is None:
        return replace(case, moved={id: one for id, one in case.moved.items() if id != person})
    move = Move(at=event.at, to=to, words=event.data["words"])
    return replace(case, moved={**case.moved, person: move})


def _with(known: Mapping[str, Any], event: Event, value: Any) -> dict[str, Any]:
    return {**known, event.data["person"]: value}


_STEPS: Mapping[Kind, Callable[[Case, Event], Case]] = {
    Kind.OPENED: _opened,
    Kind.MOVED: _moved,
    Kind.LEFT: _left,
    Kind.REOPENED: _reopened,
    Kind.CLOSED: _closed,
    Kind.GONE: _gone,
    Kind.RESTORED: _there,
    Kind.MERGED: _there,
    Kind.SET: _set,
    Kind.APPEARED: _appeared,
    Kind.CANCELLED: _cancelled,
    Kind.POINTED: _pointed,
    Kind.DONE: _done,
    Kind.UNDONE: _undone,
    Kind.REMOVED: _removed,
    Kind.PUT_BACK: _put_back,
    Kind.SENT: _sent,
    Kind.MAYBE_SENT: _maybe_sent,
    Kind.ANSWERED: _answered,
    Kind.CONSENTED: _consented,
    Kind.OPTED_OUT: _opted_out,
    Kind.ASKED_TO_TALK: _asked_to_talk,
    Kind.ASKED_EXPORT: _asked_export,
    Kind.CHECKED: _checked,
    Kind.NOTICED: _noticed,
    Kind.REPLANNED: _replanned,
    Kind.FEATURE_SHIPPED: _shipped,
    Kind.MOVED_AWAY: _moved_away,
}
