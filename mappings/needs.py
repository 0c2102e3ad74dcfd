"""The CRM's fields that a programme relies on, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrations.contract import NOTE, TASK, FieldType, Schema
from mappings.conditions import FAMILY_FACTS
from mappings.document import Path
from mappings.playbook import Conditions
from mappings.programme import Programme
from mappings.rows import KINDS, Kind, Row, Rows
from mappings.translate import TEXTUAL, Placed, placed

_T = FieldType
Types = frozenset[FieldType]

_TEXT = TEXTUAL | {_T.CHOICE, _T.URL, _T.OTHER}
_CHOICE = TEXTUAL | {_T.CHOICE, _T.OTHER}
_NUMBER: Types = frozenset({_T.NUMBER, _T.PERCENT, _T.OTHER})
_DAY: Types = frozenset({_T.DATE, _T.MOMENT})
_OWNER: Types = frozenset({_T.REFERENCE, _T.OTHER})
_ANY: Types = frozenset()

#: What a field may be that we read a fact from: our word -> types. Words not here are texts.
_FACTS: Mapping[str, Types] = {
    "value": _NUMBER,
    "owner": _OWNER,
    "contract_end": _DAY,
    "last_purchase": _DAY,
    "role": _TEXT | {_T.CHOICES},
    "private_person": frozenset({_T.FLAG, _T.OTHER}),
    "consent": frozenset({_T.FLAG, _T.OTHER}),
    "opted_out": frozenset({_T.FLAG, _T.OTHER}),
}

#: The facts of a customer, each in a field of its own.
_CUSTOMER = (
    "name",
    "country",
    "value",
    "owner",
    "contract_end",
    "last_purchase",
    "language",
    "private_person",
)
#: Where one of these is only our default, most CRMs lack it, and nobody misses it.
_SELDOM = ("private_person",)

#: What a field may be that one of our rows stands in: our type -> types.
HOLDS: Mapping[FieldType, Types] = {
    _T.TEXT: TEXTUAL,
    _T.WORDS: TEXTUAL,
    _T.CHOICE: TEXTUAL | {_T.CHOICE},
    _T.CHOICES: TEXTUAL | {_T.CHOICES},
    _T.NUMBER: TEXTUAL | {_T.NUMBER, _T.PERCENT},
    _T.PERCENT: TEXTUAL | {_T.NUMBER, _T.PERCENT},
    _T.DATE: TEXTUAL | {_T.DATE},
    _T.MOMENT: TEXTUAL | {_T.MOMENT},
    _T.FLAG: TEXTUAL | {_T.FLAG},
    _T.URL: TEXTUAL | {_T.URL},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A field that the mapping names, and what it has to be."""

    #: Where the mapping names it.
    path: Path
    object: str
    field: str
    #: Any type where this is empty.
    types: Types = _ANY
    #: Without it nothing works; without another only what uses it stands still.
    required: bool = False
    #: Provisioning creates it.
    ours: bool = False
    #: Nothing is said where it is only our default, and the CRM lacks it.
    seldom: bool = False
    #: One of our rows stands in it.
    placed: Placed | None = None


def needs(programme: Programme, rows: Rows) -> Iterator[Need]:
    """Every field that the programme reads or writes."""
    customer, people = programme.customer, programme.people
    for index, watch in enumerate(programme.watch):
        yield Need(
            path=("watch", index, "stage"),
            object=watch.object,
            field=watch.stage,
            types=_CHOICE,
            required=True,
            ours=watch.stage in stages(programme, rows),
        )
    for index, trigger in enumerate(programme.triggers):
        path: Path = ("triggers", index)
        yield Need(
            path=(*path, "stage"),
            object=trigger.object,
            field=trigger.stage,
            types=_CHOICE,
        )
        for name in trigger.only:
            yield Need(path=(*path, "only", name), object=trigger.object, field=name)
    for object in watched(programme):
        for word in _CUSTOMER:
            if field := getattr(customer, word):
                yield _fact("customer", object, word, field, required=word == "name")
        if customer.parent and asks_for_parents(programme):
            yield Need(path=("customer", "parent"), object=object, field=customer.parent)
        for name, field in customer.more.items():
            if field:
                yield Need(path=("customer", "more", name), object=object, field=field)
        for path, field in _seats(programme):
            yield Need(path=path, object=object, field=field, types=_OWNER)
    for word in ("first_name", "last_name", "email", "language", "role", "consent", "opted_out"):
        if field := getattr(people, word):
            required = word in ("first_name", "last_name", "email")
            yield _fact("people", people.object, word, field, required=required)
    for index, field in enumerate(programme.survey.ask.also):
        also: Path = ("survey", "ask", "also", index)
        yield Need(path=also, object=people.object, field=field, types=_DAY)
    for kind in KINDS:
        for key, place in placed(programme, rows, kind).items():
            if programme.crm in place.row.same_as:
                continue
            for object in objects(programme, kind):
                yield Need(
                    path=("fields", kind, key, "field"),
                    object=object,
                    field=place.field,
                    types=HOLDS[place.row.type],
                    ours=place.ours,
                    placed=place,
                )


def asks_for_parents(programme: Programme) -> bool:
    """Whether any condition is about the company above; else nothing of it is read."""
    return not FAMILY_FACTS.isdisjoint(fact for one in conditions(programme) for fact in one[1])


def conditions(programme: Programme) -> Iterator[tuple[Path, Conditions]]:
    """Every condition of a programme, and where it stands."""
    for index, use in enumerate(programme.playbooks):
        yield ("playbooks", index, "when"), use.when
    for index, segment in enumerate(programme.alumni):
        yield ("alumni", index, "when"), segment.when
    for index, exclude in enumerate(programme.exclude):
        yield ("exclude", index, "when"), exclude.when
    for name, touch in programme.touches.steps.items():
        yield ("touches", "steps", name, "when"), touch.when
    for index, evidence in enumerate(programme.evidence):
        yield ("evidence", index, "when"), evidence.when
    for index, route in enumerate(programme.feedback.routes or ()):
        yield ("feedback", "routes", index, "when"), route.when
    yield ("consent", "consumers"), programme.consent.consumers
    for book, playbook in programme.books.items():
        for name, step in playbook.steps.items():
            yield ("books", book, "steps", name, "only_if"), step.only_if
        for part, said in (("survey", playbook.survey), ("alumni", playbook.alumni)):
            if said:
                yield ("books", book, part, "only_if"), said.only_if


def _fact(part: str, object: str, word: str, field: str, *, required: bool) -> Need:
    types = _FACTS.get(word, _TEXT)
    return Need(
        path=(part, word),
        object=object,
        field=field,
        types=types,
        required=required,
        seldom=word in _SELDOM,
    )


def _seats(programme: Programme) -> Iterator[tuple[Path, str]]:
    for name, role in programme.roles.items():
        if role.owner_field:
            yield ("roles", name, "owner_field"), role.owner_field
        for index, seat in enumerate(role.otherwise):
            if seat.owner_field:
                yield ("roles", name, "else", index, "owner_field"), seat.owner_field


def watched(programme: Programme) -> tuple[str, ...]:
    """The objects that are watched, each once."""
    return tuple(dict.fromkeys(watch.object for watch in programme.watch))


def looked_at(programme: Programme) -> tuple[str, ...]:
    """Every object whose changes are asked for, each once."""
    triggers = (trigger.object for trigger in programme.triggers)
    return tuple(dict.fromkeys((*watched(programme), *triggers)))


def objects(programme: Programme, kind: Kind) -> tuple[str, ...]:
    """The objects that our fields of this kind stand on."""
    return {
        "customer": watched(programme),
        "person": (programme.people.object,),
        "task": (TASK,),
        "note": (NOTE,),
    }[kind]


def stages(programme: Programme, rows: Rows) -> Mapping[str, Row]:
    """The stage fields that provisioning can create, by this CRM's name for them."""
    return {row.names[programme.crm]: row for row in rows.watched.values()}


def reads(programme: Programme, rows: Rows, schema: Schema) -> tuple[str, ...]:
    """The fields of an object that the programme reads or writes, as far as the CRM has them."""
    relied_on = (n.field for n in needs(programme, rows) if n.object == schema.object)
    return tuple(dict.fromkeys(field for field in relied_on if field in schema.fields))
