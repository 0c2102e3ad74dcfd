"""The mapping file: what the words mean in this CRM, and what shall happen.

Frozen pydantic models; an unknown key is refused. ``loader.py`` fills in the defaults and says
which line is wrong. Names on the right-hand side are the CRM's own; names on the left are ours.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mappings.spans import Due, Span

Phase = Literal["notice", "assess", "leaving", "departed", "alumni"]
PHASES: tuple[Phase, ...] = get_args(Phase)
Department = Literal[
    "customer_success", "sales", "support", "billing", "it", "product", "marketing", "leadership"
]
DEPARTMENTS: tuple[Department, ...] = get_args(Department)
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _listed(value: Any) -> Any:
    """One value where a list is wanted is a list of one."""
    return (value,) if isinstance(value, str | int | float) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Model(BaseModel):
    """What every part of the mapping file is."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Enters(Model):
    """The stage values that open a case, by the phase it opens in."""

    notice: Texts = ()
    leaving: Texts = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every value that means leaving."""
        return self.notice + self.leaving


class ReEntry(Model):
    """Coming back into the stage within this time re-opens the same case."""

    within: Span = Span.parse("30 days")


class Watch(Model):
    """One object of the CRM, and the field of it that says where a customer stands."""

    object: str
    stage: str
    enters: Enters
    returns: Texts = ()
    settle: Span = Span.parse("10 minutes")
    re_entry: ReEntry = ReEntry()


class Customer(Model):
    """Where a customer's facts stand: our word -> the CRM's field."""

    name: str
    country: str | None = None
    #: What the customer is worth in a year.
    value: str | None = None
    owner: str | None = None
    contract_end: str | None = None
    language: str | None = None
    #: Further fields that conditions and task texts may use, by a name of your choice.
    more: dict[str, str] = Field(default_factory=dict)


class People(Model):
    """The people at a customer: the object that holds them, and where their facts stand."""

    object: str
    first_name: str
    last_name: str
    email: str
    language: str | None = None
    #: A field that says what somebody is to us; ``survey.ask`` chooses by it.
    role: str | None = None


class Seat(Model):
    """Who takes a task: the first that resolves to somebody active."""

    #: A field of the customer that holds a user or an owner.
    owner_field: str | None = None
    #: The e-mail address of a user.
    user: str | None = None
    #: The name of a queue.
    queue: str | None = None
    #: Another role.
    role: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Seat:
        if sum(v is not None for v in (self.owner_field, self.user, self.queue, self.role)) != 1:
            raise ValueError("say exactly one of owner_field, user, queue, role")
        return self


class NoSeat(Model):
    """A department without a seat in the CRM: another role gets the task and passes it on."""

    via: str
    mail: str | None = None


class Role(Model):
    """A department's place in the CRM."""

    owner_field: str | None = None
    user: str | None = None
    queue: str | None = None
    otherwise: Annotated[
        tuple[Seat, ...], BeforeValidator(lambda v: (v,) if isinstance(v, dict) else v)
    ] = Field((), alias="else")
    no_seat: NoSeat | None = None

    @property
    def seats(self) -> tuple[Seat, ...]:
        """The chain in the order it is tried."""
        named = {
            name: value
            for name in ("owner_field", "user", "queue")
            if (value := getattr(self, name)) is not None
        }
        return tuple(Seat(**{name: value}) for name, value in named.items()) + self.otherwise


Number = int | float


class Test(Model):
    """A condition on one fact."""

    __test__ = False  # not for pytest

    is_: Annotated[tuple[str | Number | bool, ...], BeforeValidator(_listed)] | None = Field(
        None, alias="is"
    )
    is_not: Annotated[tuple[str | Number | bool, ...], BeforeValidator(_listed)] | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    known: bool | None = None


def _test(value: Any) -> Any:
    """``DE``, ``[DE, FR]`` and ``{is: [DE, FR]}`` say the same."""
    if isinstance(value, dict | Test):
        return value
    return {"is": value}


#: All must hold. Keys are our words: the facts of ``customer``, ``reason``, ``phase``, ``plan`` ...
Conditions = dict[str, Annotated[Test, BeforeValidator(_test)]]


class Step(Model):
    """Something that a playbook does: a task for a role."""

    phase: Phase
    role: str
    #: The subject; a template, as is ``script``.
    task: str
    #: What to do, what to say, what to avoid, and why it matters.
    script: str = ""
    due: Due
    #: When the task appears; left out: as soon as its phase begins.
    appears: Due | None = None
    required: bool = True
    #: Promised to the customer by its due date.
    promise: bool = False
    #: Steps that must be done before this one appears.
    after: Texts = ()
    only_if: Conditions = Field(default_factory=dict)


class Gate(Model):
    """How long a decision of people is waited for before the programme goes on without it."""

    after: Span


class Gates(Model):
    """The two gates. Promises, money, access and data never wait for them."""

    reason: Gate = Gate(after=Span.parse("5 business days"))
    decision: Gate = Gate(after=Span.parse("10 business days"))


class Departure(Model):
    """The day the customer leaves, where nobody set one: the contract's end, else this long."""

    after: Span = Span.parse("30 days")
    #: From then on the customer is an alumnus.
    alumni_after: Span = Span.parse("30 days")


class Send(Model):
    """When and how the survey goes out. ``through`` left out: what the CRM does best."""

    after: Span = Span.parse("1 day")
    reminder_after: Span | None = Span.parse("7 days")
    through: Literal["email", "fields", "task"] | None = None
    #: Stop asking after this long, and let the link expire.
    until: Span = Span.parse("60 days")
    #: The CRM's own template, for ``email`` where the CRM needs one.
    template: str | None = None


class Ask(Model):
    """Who is asked: those with the first of these roles that somebody has, else anybody."""

    roles: Texts = ()
    at_most: int = Field(3, ge=0, le=50)


class Survey(Model):
    """The exit survey."""

    use: str = "exit"
    send: Send = Send()
    ask: Ask = Ask()


class Playbook(Model):
    """What shall happen. A case keeps the one it was opened under."""

    name: str = ""
    steps: dict[str, Step]
    gates: Gates = Gates()
    departure: Departure = Departure()


class Use(Model):
    """A playbook, and the customers it is for. The first that fits is taken."""

    use: str
    when: Conditions = Field(default_factory=dict)


class Place(Model):
    """Where one of our fields stands in this CRM."""

    #: The CRM's field; None: we do not write this.
    field: str | None
    #: Our choice -> the CRM's, where they differ.
    values: dict[str, str] = Field(default_factory=dict)
    #: ``keep`` what a person wrote after us; ``if_empty`` also what was there before us.
    write: Literal["keep", "if_empty", "overwrite"] = "keep"


def _place(value: Any) -> Any:
    """``churn_reason``, ``off`` and ``{field: churn_reason}``."""
    if value is False or value is None:
        return {"field": None}
    return {"field": value} if isinstance(value, str) else value


Places = dict[str, Annotated[Place, BeforeValidator(_place)]]


class Fields(Model):
    """Our fields in this CRM; every row of ``fields.yaml`` has a default."""

    customer: Places = Field(default_factory=dict)
    person: Places = Field(default_factory=dict)
    task: Places = Field(default_factory=dict)
    note: Places = Field(default_factory=dict)


class Segment(Model):
    """Alumni who said yes, sorted by why they left. The first that fits is taken."""

    segment: str
    when: Conditions = Field(default_factory=dict)
    #: The list or campaign in the CRM.
    list: str


class Hours(Model):
    """When people work."""

    start: str = Field("09:00", alias="from", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    end: str = Field("17:00", alias="to", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class Time(Model):
    """Business time. The zone left out: the org's own."""

    zone: str | None = None
    hours: Hours = Hours()
    #: A country whose holidays are kept where the customer's is not known; None: no holidays.
    holidays: str | None = None


class Brake(Model):
    """More new cases in one cycle than the larger of these holds all writes."""

    cases: int = Field(25, ge=0)
    percent: float = Field(2, ge=0, le=100)


class Programme(Model):
    """A whole mapping file with its defaults, its playbooks and its survey."""

    crm: str
    watch: tuple[Watch, ...] = Field(min_length=1)
    customer: Customer
    people: People
    roles: dict[str, Role]
    playbooks: tuple[Use, ...] = Field(min_length=1)
    survey: Survey = Survey()
    fields: Fields = Fields()
    alumni: tuple[Segment, ...] = ()
    time: Time = Time()
    brake: Brake = Brake()
    #: The playbooks that ``playbooks`` names, resolved by the loader.
    books: dict[str, Playbook] = Field(default_factory=dict)

    @property
    def version(self) -> str:
        """A hash of everything in it: what a change of the mapping is known by."""
        from hashlib import sha256

        return sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:16]
