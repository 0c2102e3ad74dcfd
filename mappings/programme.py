"""The mapping file: what the words mean in this CRM, and what shall happen.

Frozen pydantic models; an unknown key is refused. ``loader.py`` fills in the defaults and says
which line is wrong. Names on the right-hand side are the CRM's own; names on the left are ours.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from mappings.consent import Permission
from mappings.feedback import Evidence, Feedback
from mappings.hours import Time
from mappings.model import Elapsed, Model, RoleName, Switch, Texts, known
from mappings.playbook import Conditions, Playbook
from mappings.spans import Span
from mappings.touches import FiscalYear, Touches

Department = Literal[
    "customer_success", "sales", "support", "billing", "it", "product", "marketing", "leadership"
]
DEPARTMENTS: tuple[Department, ...] = get_args(Department)


class Enters(Model):
    """The stage values that open a case, by the phase it opens in."""

    #: Notice was given; the customer may still stay.
    notice: Texts = ()
    #: Gone already, or as good as.
    leaving: Texts = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every value that means leaving."""
        return self.notice + self.leaving


class ReEntry(Model):
    """Coming back into the stage within this time re-opens the same case, unless the customer had
    left for good and come back meanwhile: that is a new one."""

    #: Later, it is a new case.
    within: Elapsed = Span.parse("30 days")


class Watch(Model):
    """One object of the CRM, and the field of it that says where a customer stands."""

    #: ``companies``, ``contacts``, ``deals``; ``Account``, ``Contact``, ``Opportunity``.
    object: str
    #: The field; a stored one, never written by us.
    stage: str
    enters: Enters
    #: Values that mean that the customer stays, or is back.
    returns: Texts = ()
    #: How long a customer must be in the stage before it counts.
    settle: Elapsed = Span.parse("10 minutes")
    re_entry: ReEntry = ReEntry()


class Trigger(Model):
    """Another record that says a customer leaves: a renewal that is lost, a contract that ends.

    It opens the case of the customer that it belongs to, or is told to the one that is open.
    """

    #: ``deals``; ``Opportunity``, ``Contract``.
    object: str
    #: The field; a stored one, never written by us.
    stage: str
    #: Its values that mean that the customer leaves; moved back, the record takes its word back.
    enters: Enters
    #: Only records with one of these values in these fields, by the CRM's names.
    only: dict[str, Texts] = Field(default_factory=dict)


class Customer(Model):
    """Where a customer's facts stand: our word, the CRM's field."""

    #: What people call the customer.
    name: str
    #: A code (``DE``) or an English name.
    country: str | None = None
    #: What the customer is worth in a year.
    value: str | None = None
    #: The user or owner who answers for the customer.
    owner: str | None = None
    #: The day of departure, where nobody set another.
    contract_end: str | None = None
    #: The day they last bought something; some rules of ``consent`` count from it.
    last_purchase: str | None = None
    #: ``en``, ``pt-BR``; for people who have none of their own.
    language: str | None = None
    #: A flag that says the customer is a private person; many rules of ``consent`` differ for them.
    private_person: str | None = None
    #: The company that the customer is a part of: its id. Read only where a condition asks whether
    #: it stays.
    parent: str | None = None
    #: Further fields that conditions and task texts may use, by a name of your choice.
    more: dict[str, str | None] = Field(default_factory=dict)


class People(Model):
    """The people at a customer: the object that holds them, and where their facts stand."""

    #: ``contacts``, ``Contact``.
    object: str
    #: The name that letters begin with.
    first_name: str
    #: For lists of names.
    last_name: str
    #: The address that the survey goes to.
    email: str
    #: The language that the survey speaks to them.
    language: str | None = None
    #: A field that says what somebody is to us; ``survey.ask`` chooses by it.
    role: str | None = None
    #: Also take it from the record between them and the customer: a role of the contact, a label of
    #: the association.
    relation: bool = False
    #: A flag that says somebody agreed to be mailed; some countries ask for it.
    consent: str | None = None
    #: A flag that says somebody wants no mail; the CRM is asked again before anything goes out.
    opted_out: str | None = None
    #: The object that says where somebody works; who works elsewhere after a departure has moved.
    #: ``off``: nobody looks.
    employer: str | None = None


class Seat(Model):
    """Who takes a task: the first that resolves to somebody active."""

    #: A field of the customer that holds a user or an owner.
    owner_field: str | None = None
    #: The e-mail address of a user.
    user: str | None = None
    #: The name of a queue.
    queue: str | None = None
    #: Another role.
    role: RoleName | None = None

    @model_validator(mode="after")
    def _one(self) -> Seat:
        if sum(v is not None for v in (self.owner_field, self.user, self.queue, self.role)) != 1:
            raise ValueError("say exactly one of owner_field, user, queue, role")
        return self


class NoSeat(Model):
    """A department without a seat in the CRM: another role gets the task and passes it on."""

    #: The role that takes the tasks.
    via: RoleName
    #: Where the other role passes it on to.
    mail: str | None = None


class Role(Model):
    """A department's place in the CRM."""

    #: The department, where the role's name does not say it.
    department: Department | None = None
    #: A field of the customer that holds a user or an owner.
    owner_field: str | None = None
    #: The e-mail address of a user.
    user: str | None = None
    #: The name of a queue.
    queue: str | None = None
    #: Who is tried after these, in order.
    otherwise: Annotated[
        tuple[Seat, ...], BeforeValidator(lambda v: (v,) if isinstance(v, dict) else v)
    ] = Field((), alias="else")
    #: Nobody here has a seat: another role takes the tasks.
    no_seat: NoSeat | None = None

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The chain in the order it is tried."""
        named = {
            name: value
            for name in ("owner_field", "user", "queue")
            if (value := getattr(self, name)) is not None
        }
        return tuple(Seat(**{name: value}) for name, value in named.items()) + self.otherwise


class Send(Model):
    """When and how the survey goes out. ``through`` left out: what the CRM does best."""

    #: Counted from the opening.
    after: Span = Span.parse("1 day")
    #: Counted from the first mail; ``off``: no reminder.
    reminder_after: Span | None = Span.parse("7 days")
    #: ``email``: the CRM mails it; ``fields``: link and status on the person, for the CRM's own
    #: automation; ``task``: somebody passes the link on.
    through: Literal["email", "fields", "task"] | None = None
    #: Stop asking after this long, and let the link expire.
    until: Span = Span.parse("60 days")
    #: The CRM's own template, for ``email`` where the CRM needs one.
    template: str | None = None


class Ask(Model):
    """Who is asked: those with the first of these roles that somebody has, else anybody."""

    #: Values of ``people.role``, the most wanted first.
    roles: Texts = ()
    #: People per customer; 0 asks nobody.
    at_most: int = Field(3, ge=0, le=50)
    #: Nobody is invited again before this long has passed, whichever departure it was about;
    #: ``off``: as often as they leave.
    rest: Elapsed | None = Span.parse("90 days")
    #: Fields of the person with the day of another survey, a satisfaction score for one; after that
    #: day they have their rest, too.
    also: Texts = ()


class Survey(Model):
    """The exit survey."""

    #: ``exit`` comes with the product; another name is a file in ``surveys``.
    use: str = "exit"
    send: Send = Send()
    ask: Ask = Ask()


class Letters(Model):
    """What the customer is told beside the survey."""

    #: ``goodbye`` comes with the product; another name is a file in ``letters``.
    use: str = "goodbye"


class Use(Model):
    """A playbook, and the customers it is for. The first that fits is taken."""

    #: ``standard`` comes with the product; another name is a file in ``playbooks``.
    use: str
    #: Everybody, where it is left out.
    when: Conditions = Field(default_factory=dict)


class Place(Model):
    """Where one of our fields stands in this CRM."""

    #: The CRM's field, where it is not our own; ``off``: we do without.
    field: str | None = None
    #: Our choice, and the CRM's where it differs.
    values: dict[str, str] = Field(default_factory=dict)
    #: ``keep`` what a person wrote after us; ``if_empty`` also what was there before us;
    #: ``overwrite`` whatever is there.
    write: Literal["keep", "if_empty", "overwrite"] = "keep"


def _place(value: Any) -> Any:
    """``churn_reason``, ``off`` and ``{field: churn_reason}``."""
    return {"field": value} if value is None or isinstance(value, str) else value


_Place = Annotated[Place, BeforeValidator(_place)]


class Fields(Model):
    """Our fields in this CRM; every row of ``fields.yaml`` has a default."""

    #: On what is watched.
    customer: dict[Annotated[str, known("customer field")], _Place] = Field(default_factory=dict)
    #: On people.
    person: dict[Annotated[str, known("person field")], _Place] = Field(default_factory=dict)
    #: On our tasks.
    task: dict[Annotated[str, known("task field")], _Place] = Field(default_factory=dict)
    #: On our notes.
    note: dict[Annotated[str, known("note field")], _Place] = Field(default_factory=dict)


class Segment(Model):
    """Alumni who said yes, sorted by why they left. The first that fits is taken."""

    #: Our name for it.
    segment: str
    #: Everybody who is left, where it is left out.
    when: Conditions = Field(default_factory=dict)
    #: The list or campaign in the CRM.
    list: str


class Brake(Model):
    """More new cases in one cycle than the larger of these holds all writes."""

    #: New cases.
    cases: int = Field(25, ge=0)
    #: Of all customers.
    percent: float = Field(2, ge=0, le=100)


class Exclude(Model):
    """Customers, or people, that the programme leaves alone: test accounts, a legal hold."""

    #: Why; ``explain`` repeats it.
    because: str
    #: What must hold of the customer.
    when: Conditions = Field(default_factory=dict)
    #: A list or a campaign in the CRM, whoever fills it: the customers on it, or the people on it
    #: and their customers. It is read again before anything goes out.
    list: str | None = None
    #: ``everything``: no tasks, no fields, no mail; ``survey``: only nobody is asked.
    of: Literal["everything", "survey"] = Field("everything", alias="from")

    @model_validator(mode="after")
    def _some(self) -> Exclude:
        if not (self.when or self.list):
            raise ValueError("say whom: write when, or list")
        return self


class Record(Model):
    """What stays of each departure when the next one takes over the customer's fields."""

    #: ``note``: one note for each departure, on the customer's timeline; ``object``: a record of
    #: its own in a custom object, which some editions of a CRM do not have.
    as_: Literal["note", "object"] = Field("note", alias="as")
    #: ``note``: it is kept in the note where the CRM has no such object. Left out: it waits for the
    #: object, and ``aurevoir check`` says so.
    otherwise: Literal["note"] | None = Field(None, alias="else")


def _record(value: Any) -> Any:
    """``object`` and ``{as: object}``."""
    return {"as": value} if isinstance(value, str) else value


class Programme(Model):
    """A whole mapping file with its defaults, its playbooks and its survey."""

    #: Said by ``aurevoir.yaml``; may be left out here.
    crm: str
    #: What means that a customer leaves.
    watch: tuple[Watch, ...] = Field(min_length=1)
    #: What else means that a customer of the first watch leaves.
    triggers: tuple[Trigger, ...] = ()
    customer: Customer
    people: People
    #: The eight departments, and roles of your own.
    roles: dict[str, Role]
    #: The first that fits the customer is taken.
    playbooks: tuple[Use, ...] = Field(min_length=1)
    survey: Survey = Survey()
    #: The first that fits is taken, while the customer is still there. It counts where neither they
    #: nor we have named a reason.
    evidence: tuple[Evidence, ...] = ()
    feedback: Feedback = Feedback()
    letters: Letters = Letters()
    #: Where each departure keeps its record: ``note`` or ``object``, or both in a map.
    record: Annotated[Record, BeforeValidator(_record)] = Record()
    #: Letters lead to a page: where things stand, and what can be asked for. ``off``: they do not.
    self_service: Switch = True
    #: Links of their own let contacts give notice.
    notice_link: Switch = False
    fields: Fields = Fields()
    #: The first that fits is taken.
    alumni: tuple[Segment, ...] = ()
    #: Who may be written to, why, and until when.
    consent: Permission = Permission()
    touches: Touches = Touches()
    fiscal_year: FiscalYear = FiscalYear()
    #: Whom the programme leaves alone.
    exclude: tuple[Exclude, ...] = ()
    time: Time = Time()
    brake: Brake = Brake()
    #: The playbooks that ``playbooks`` names, resolved by the loader.
    books: dict[str, Playbook] = Field(default_factory=dict)

    @property
    def version(self) -> str:
        """A hash of everything in it: what a change of the mapping is known by."""
        return sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:16]
