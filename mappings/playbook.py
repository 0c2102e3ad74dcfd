"""A playbook: what shall happen when a customer leaves, and under which conditions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from mappings.model import Model, RoleName, TaskText, Texts, known, listed
from mappings.spans import Due, Span

Phase = Literal["notice", "assess", "leaving", "departed", "alumni"]
PHASES: tuple[Phase, ...] = get_args(Phase)
#: How it may end, if the customer is back.
End = Literal["saved", "returned"]
ENDS: tuple[End, ...] = get_args(End)

#: A letter of the letterbook.
Letter = Literal["acknowledgement", "thanks", "check"]

Number = int | float


class Test(Model):
    """A condition on one fact."""

    __test__ = False  # not for pytest

    #: One of these; capitals do not count.
    is_: Annotated[tuple[str | Number | bool, ...], BeforeValidator(listed)] | None = Field(
        None, alias="is"
    )
    #: None of these.
    is_not: Annotated[tuple[str | Number | bool, ...], BeforeValidator(listed)] | None = None
    #: Of numbers.
    at_least: Number | None = None
    #: Of numbers.
    at_most: Number | None = None
    #: Whether there is a value at all.
    known: bool | None = None


def _test(value: Any) -> Any:
    """``DE``, ``[DE, FR]`` and ``{is: [DE, FR]}`` say the same."""
    if isinstance(value, dict | Test):
        return value
    return {"is": value}


#: All must hold. Keys are facts: those of the customer, of ``customer.more`` and of the case.
Conditions = dict[Annotated[str, known("fact")], Annotated[Test, BeforeValidator(_test)]]


class Part(Model):
    """A part of the programme that is not for every customer."""

    #: Left out for customers that do not meet this.
    only_if: Conditions = Field(default_factory=dict)


class Warn(Model):
    """A task for somebody else where a promise is about to be missed."""

    #: Whose task it is.
    role: RoleName
    #: So long before the promise is due, it appears if the promise is not kept by then.
    before: Span = Span.parse("2 business days")


class Step(Model):
    """Something that a playbook does: a task for a role."""

    #: Where in the goodbye it belongs; or to what comes after it, where the customer has stayed
    #: (``saved``) or has come back (``returned``).
    phase: Phase | End
    #: Whose task it is.
    role: RoleName
    #: The subject; a template, as is ``script``.
    task: TaskText
    #: What to do, what to say, what to avoid, and why it matters.
    script: TaskText = ""
    #: When it is due. Where that is over before anybody could know of it (the notice is short, the
    #: last day is moved nearer, a condition is met late), it is the working day after.
    due: Due
    #: When the task appears; left out: as soon as its phase begins.
    appears: Due | None = None
    #: Counts towards the progress.
    required: bool = True
    #: Promised to the customer by its due date.
    promise: bool = False
    #: A small task asks for the proof where it was completed without; people write it behind the
    #: line `Evidence:` of the task, which every promise has.
    evidence: bool = False
    #: Who hears of a promise that is not kept shortly before its day; left out: nobody.
    warn: Warn | None = None
    #: A conversation about the goodbye: once it is done, nobody is reminded of the survey.
    contact: bool = False
    #: A letter to the customer goes with it: ``acknowledgement``, ``thanks`` or ``check``.
    letter: Letter | None = None
    #: What to ask in a talk, by the customer's field that the answer belongs in.
    guide: dict[Annotated[str, known("customer field")], str] = Field(default_factory=dict)
    #: Steps that must be done before this one appears.
    after: Texts = ()
    #: Left out for customers that do not meet this.
    only_if: Conditions = Field(default_factory=dict)
    #: What this step was called before; a case that is moved here keeps its task.
    was: Texts = ()


class Escalate(Model):
    """A task for somebody who can open a gate, before the programme goes on without them."""

    #: Whose task it is.
    role: RoleName
    #: So long before the gate's time is over, it appears if the gate is still shut.
    before: Span = Span.parse("1 business day")


class Gate(Model):
    """How long a decision of people is waited for before the programme goes on without it."""

    #: Business time or plain.
    after: Span
    #: Who hears of it before that; ``off``: nobody.
    escalate: Escalate | None = None


class Gates(Model):
    """The three gates. Promises, money, access and data never wait for them."""

    #: For a confirmed reason.
    reason: Gate = Gate(after=Span.parse("5 business days"))
    #: For the decision to keep the customer or to let go.
    decision: Gate = Gate(after=Span.parse("10 business days"))
    #: How long people may try to keep the customer, counted from that decision; then the goodbye
    #: goes on, unless they decide again. ``off``: for as long as it takes.
    keep: Gate | None = Gate(after=Span.parse("30 days"))


class Departure(Model):
    """The day the customer leaves, where nobody set one: the contract's end, else this long."""

    #: Counted from the opening.
    after: Span = Span.parse("30 days")
    #: From then on the customer is an alumnus.
    alumni_after: Span = Span.parse("30 days")


class Letters(Model):
    """How letters reach the customer."""

    #: ``task``: somebody sends it, with words of their own; ``email``: the CRM mails it, where
    #: ``survey.send.through`` says that it mails; else it is a task.
    through: Literal["task", "email"] = "task"


class Saved(Model):
    """A customer who stayed: for how long it counts as a re-churn if they leave after all."""

    #: Counted from the day they stayed.
    watch: Span = Span.parse("90 days")
    #: Whose task a re-churn becomes; left out: nobody's.
    tell: RoleName | None = None


class Playbook(Model):
    """What shall happen. A case keeps the one it was opened under."""

    name: str = ""
    #: The playbook that this one is laid over; ``off`` takes one of its steps out.
    extends: str | None = None
    #: By name, in the order people read them.
    steps: dict[str, Step]
    gates: Gates = Gates()
    departure: Departure = Departure()
    letters: Letters = Letters()
    #: What a later notice of a customer who stayed means; ``off``: nothing.
    saved: Saved | None = Saved()
    #: Who gets the exit survey; ``off``: nobody.
    survey: Part | None = Part()
    #: Who becomes an alumnus; ``off``: nobody.
    alumni: Part | None = Part()
    #: What may be offered to keep a customer; texts name it ``case.offers``.
    offers: Texts = ()
