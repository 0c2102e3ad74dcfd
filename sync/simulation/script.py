"""What happens to simulated customers: a small YAML file, or the demo's story.

    events:
      - {day: 0, customer: Antler Bay Ferries, stage: churning}
      - {day: 3, reason: price}
      - {day: 20, owner_leaves: ada@vendor.example}

Days count from the start. What names no customer happens to everybody who is simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from mappings.complaints import complaints
from mappings.document import parse
from mappings.findings import Finding, MappingError
from mappings.hours import Clock
from mappings.model import Model, known, listed
from sync.asked import feature_key
from sync.demo import Part

#: Everything that is due on that day.
DUE: Final = "due"

Steps = Annotated[tuple[Annotated[str, known("step")], ...], BeforeValidator(listed)]


class Answered(Model):
    """A survey that somebody has filled in."""

    #: An id, an e-mail address or a name; left out: the first who was asked.
    person: Annotated[str, known("person")] | None = None
    #: By question.
    answers: dict[Annotated[str, known("question")], str] = Field(default_factory=dict)
    stay_in_touch: bool = False
    reference_ok: bool = False


class Checked(Model):
    """What somebody says about the goodbye itself."""

    #: An id, an e-mail address or a name; left out: the first who was asked.
    person: Annotated[str, known("person")] | None = None
    #: By question.
    answers: dict[Annotated[str, known("question of the check")], str] = Field(default_factory=dict)


class Chosen(Model):
    """What somebody chooses on their own page: whether we may write to them."""

    person: Annotated[str, known("person")]
    contact: Literal["stay", "quiet", "never"]


class Ticked(Model):
    """Boxes that a colleague ticks or unticks on a person's record."""

    person: Annotated[str, known("person")]
    stay_in_touch: bool | None = None
    reference_ok: bool | None = None

    @model_validator(mode="after")
    def _any(self) -> Ticked:
        if self.stay_in_touch is None and self.reference_ok is None:
            raise ValueError("say which box: stay_in_touch, reference_ok, or both")
        return self


class Moving(Model):
    """A person who works elsewhere from now on."""

    person: Annotated[str, known("person")]
    #: The company; nothing: they are back.
    to: str | None = None


class Notice(Model):
    """Somebody at the customer gives notice by their link."""

    person: Annotated[str, known("person")]
    #: A date, or a day of the simulation.
    last_day: date | Annotated[int, Field(ge=0, le=20_000)] | None = None


class Edited(Model):
    """A task that a person changes by hand."""

    step: Annotated[str, known("step")]
    subject: str | None = None
    #: An id, an e-mail address or a name.
    owner: Annotated[str, known("colleague")] | None = None
    #: A date, or a day of the simulation.
    due: date | Annotated[int, Field(ge=0, le=20_000)] | None = None

    @model_validator(mode="after")
    def _any(self) -> Edited:
        if self.subject is None and self.owner is None and self.due is None:
            raise ValueError("say what is changed: subject, owner, due")
        return self


def _feature(label: str) -> str:
    feature_key(label)
    return label.strip()


class Happening(Model):
    """Something that people do; one thing at a time."""

    #: Days after the start.
    day: int = Field(ge=0, le=10_000)
    #: A time of day, in UTC; left out: that of the start.
    at: Clock | None = None
    #: A name; left out: everybody.
    customer: Annotated[str, known("customer")] | None = None

    #: The stage is moved to this value of the CRM.
    stage: str | None = None
    #: Somebody agrees on the day of departure: a date, or a day of the simulation.
    departs: date | Annotated[int, Field(ge=0, le=20_000)] | None = None
    #: The CSM enters a reason.
    reason: Annotated[str, known("reason")] | None = None
    #: Somebody decides.
    decision: Literal["open", "try_to_keep", "let_go"] | None = None
    #: These steps are ticked off; ``due``: whatever is due.
    done: Steps = ()
    #: The same with a proof: step -> what is written behind "Evidence".
    proved: dict[Annotated[str, known("step")], str] = Field(default_factory=dict)
    #: The completed tasks of these steps are opened again.
    undone: Steps = ()
    #: A task gets another subject, owner or day by hand.
    edited: Edited | None = None
    #: The tasks of these steps are deleted.
    removed: Steps = ()
    #: The customer's record is deleted, or brought back.
    record: Literal["deleted", "restored"] | None = None
    #: The survey is filled in.
    answered: Answered | None = None
    #: The check of the goodbye is filled in.
    checked: Checked | None = None
    #: Somebody says on their own page whether we may write to them.
    chooses: Chosen | None = None
    #: Somebody asks for a copy of their data.
    asks_export: Annotated[str, known("person")] | None = None
    #: Somebody gives notice by a link.
    gives_notice: Notice | None = None
    #: A colleague ticks or unticks a box on a person's record.
    ticked: Ticked | None = None
    #: A person works elsewhere from now on.
    moves_away: Moving | None = None
    #: A feature is there now: whoever asked for it is told.
    shipped: Annotated[str, AfterValidator(_feature)] | None = None
    #: Somebody unsubscribes in the CRM.
    opted_out: Annotated[str, known("person")] | None = None
    #: Somebody wants to talk to a person instead.
    asks_to_talk: Annotated[str, known("person")] | None = None
    #: A colleague leaves: an id, an e-mail address or a name.
    owner_leaves: Annotated[str, known("colleague")] | None = None
    #: Somebody sets our fields on the customer, all at once: our key -> a value, or nothing.
    fields: dict[Annotated[str, known("field")], str | int | date | None] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _one(self) -> Happening:
        if len(self.what) != 1:
            raise ValueError(f"say exactly one of {', '.join(WHAT)}")
        if self.owner_leaves and self.customer:
            raise ValueError("a colleague leaves for everybody; take out customer")
        return self

    @property
    def what(self) -> list[str]:
        """What happens, by its key."""
        return [name for name in WHAT if getattr(self, name) not in (None, (), {})]

    def moment(self, start: datetime) -> datetime:
        """When it happens, in a simulation from then on."""
        moment = start + timedelta(days=self.day)
        if self.at is None:
            return moment
        return datetime.combine(moment.date(), time.fromisoformat(self.at), tzinfo=UTC)


WHAT = tuple(name for name in Happening.model_fields if name not in ("day", "at", "customer"))


class Script(Model):
    """The file."""

    events: tuple[Happening, ...] = ()


def read(file: Path, names: Mapping[str, Sequence[str]]) -> tuple[Happening, ...]:
    """The file; ``names``: the customers, people and so on that there are. Raises MappingError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        spot = Finding(words="this file cannot be read; see that it is there", file=str(file))
        raise MappingError([spot]) from None
    tree, findings = parse(text, file=str(file), env={})
    try:
        script = Script.model_validate(tree.plain, context=dict(names))
    except ValidationError as error:
        findings += [Finding.at(spot, words) for spot, words in complaints(error, tree, Script)]
        script = Script()
    if findings:
        one = {(found.line, found.key): found for found in reversed(findings)}
        raise MappingError(sorted(one.values(), key=lambda f: (f.line or 0, f.key)))
    return script.events


def told(story: Iterable[Part], days: int) -> tuple[Happening, ...]:
    """The demo's story, for so many days."""
    return tuple(Happening(**values) for part in story for values in _part(part, days))


def _part(part: Part, days: int) -> Iterator[dict[str, Any]]:
    who = {"customer": part.customer}
    yield {**who, "day": part.notice, "stage": "churning"}
    if part.reason:
        yield {**who, "day": part.notice + 1, "reason": part.reason}
    if part.departs_in:
        yield {**who, "day": part.notice + 2, "departs": part.departs_in}
    if part.back is not None:
        yield {**who, "day": part.back, "stage": "active"}
    if part.answers is not None:
        said = {"what_changed": part.says} if part.says else {}
        answers = {"reason": part.reason or "needs_changed", "would_return": "7", **said}
        stays = {"stay_in_touch": part.stays_in_touch}
        yield {
            **who, "day": part.answers, "at": "09:15", "answered": {"answers": answers, **stays},
        }  # fmt: skip
    if part.diligent:
        for day in range(days):
            yield {**who, "day": day, "at": "09:15", "done": DUE}
