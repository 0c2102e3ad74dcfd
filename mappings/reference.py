"""The page ``docs/mapping.md``, written from the models: ``python -m mappings.reference``."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from mappings.conditions import CASE_FACTS
from mappings.letters import Letterbook
from mappings.loader import crms, load_text, rows
from mappings.playbook import Playbook
from mappings.programme import Programme
from mappings.reasons import REASONS
from mappings.rows import KINDS, Kind, Row
from mappings.service import Service
from mappings.spans import Due, Occasion, Span
from mappings.survey import Questionnaire
from mappings.texts import (
    CUSTOMER,
    GOODBYE_WORDS,
    LETTER_WORDS,
    PAGE_WORDS,
    TASK_WORDS,
    TOUCH_WORDS,
)

#: What a plain type is called.
_NAMES: dict[object, str] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "`true` or `false`",
    Path: "file or folder",
    SecretStr: "text, kept secret",
    Span: "length of time",
    Due: "due date",
    Occasion: "occasion",
}

#: Keys that are filled in, not written.
_HIDDEN = {(Programme, "books"), (Playbook, "name"), (Questionnaire, "name"), (Letterbook, "name")}

_HEAD = """\
# The mapping file

<!-- Written by `python -m mappings.reference`; change the models, not this page. -->

`aurevoir.yaml` says which CRMs there are; each has a mapping file that says what its words mean
and what shall happen. **Everything left out keeps its default**: an empty mapping file is a good
one to begin with. Maps merge with the defaults by key, lists replace them, and `off` takes a role,
a step or a field out. The defaults are in `mappings/defaults`.

```yaml
watch:
  - object: companies
    stage: lifecyclestage
    enters: {notice: [churning], leaving: [churned]}
    returns: [customer]
roles:
  customer_success: {owner_field: csm_owner}
  billing: {no_seat: {via: customer_success, mail: billing@acme.example}}
playbooks:
  - {use: enterprise, when: {value: {at_least: 50000}}}
  - {use: standard}
```

A **length of time** is `10 minutes`, `1 day`, `5 business days` or `4 business hours`. A
**due date** is `opened`, `leaving`, `departs` or `contract_end`, with a length of time after `+`
or `-`: `departs - 5 business days`; `saved` and `returned` are the day a customer stayed or came
back. It may also be the name of a step, which means the moment it
was done and, until then, its own due date: `confirm_reason + 2 business days`. Business time counts
only while people work; `departs` and `contract_end` mean the end of that day's working hours. An
**occasion** to get in touch is `departs`, `contract_end`, `next fiscal year`, `shipped` or `moved`,
with a length of time likewise.

`${NAME}` in a text is taken from the environment. Words are words: `no` is Norway, `17:00` a time
of day. Aliases and tags of YAML are not used.

## Conditions

`when` and `only_if` hold if every line of theirs holds:

```yaml
when:
  plan: enterprise                    # is
  country: [DE, AT]                   # is one of
  value: {at_least: 50000}            # at_least, at_most
  reason: {is_not: [deceased]}        # is none of
  contract_end: {known: true}         # is there at all
```

Facts are %(facts)s, the names under `customer.more`, and what people set on
the customer: %(own)s.

## Texts with facts

Print a fact with `{{ customer.name }}`, give an empty one a stand-in with `| default("there")`,
choose with `{%% if case.reason == "Price" %%} ... {%% else %%} ... {%% endif %%}`. Tasks also know
the names under `customer.more`, as `customer.NAME`. There are no loops and no calls.

%(texts)s"""


def reference() -> str:
    """The whole page."""
    facts = {
        "facts": ", ".join(f"`{name}`" for name in sorted(CUSTOMER | CASE_FACTS)),
        "own": ", ".join(f"`{key}`" for key, row in rows().customer.items() if row.set_by_people),
        "texts": _texts(),
    }
    parts = [_HEAD % facts]
    for model, title, text in (
        (Programme, "The mapping file, key by key", ""),
        (Playbook, "A playbook", "`playbooks/NAME.yaml`, next to the mapping file.\n"),
        (Questionnaire, "A survey", "`surveys/NAME.yaml`, laid over the built-in `exit`.\n"),
        (Letterbook, "Letters", "`letters/NAME.yaml`, laid over the built-in `goodbye`.\n"),
        (Service, "aurevoir.yaml", ""),
    ):
        parts += [f"## {title}\n", *filter(None, [text]), *_tables(model)]
    parts += [*_fields(), _reasons()]
    return "\n".join(parts).rstrip() + "\n"


def _tables(root: type[BaseModel]) -> Iterator[str]:
    """A table for a model, then one for each model within it."""
    todo: list[tuple[tuple[str, ...], type[BaseModel]]] = [((), root)]
    done: set[type[BaseModel]] = set()
    while todo:
        path, model = todo.pop(0)
        if model in done:
            continue
        done.add(model)
        if path:
            yield f"### {'.'.join(path)}\n"
        yield f"{inspect.getdoc(model)}\n".replace("``", "`")
        meanings, lines = _meanings(model), []
        for name, field in model.model_fields.items():
            if (model, name) in _HIDDEN:
                continue
            key = field.alias or name
            below, within = (*path, key), [*_inner(field.annotation)]
            todo += [((*below, *more), inner) for more, inner in within]
            default = (_built_in(below) if root is Programme else "") or _default(field)
            meaning = meanings.get(name) or " ".join(inner.__doc__ or "" for _, inner in within)
            lines.append((f"`{key}`", _type(field.annotation), default, meaning))
        yield _table(("Key", "Type", "Default", "Meaning"), lines)


def _built_in(path: tuple[str, ...]) -> str:
    """What the defaults of the CRMs say at a path; nothing within lists, which are replaced."""
    said: list[str] = []
    for crm in crms():
        node = load_text("", crm=crm).tree.find(*path)
        if node is None or node.value is None:
            continue
        compound = node.entries or isinstance(node.value, list)
        said.append("built in" if compound else f"`{node.plain}`")
    return ", ".join(dict.fromkeys(said))


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """The ``#:`` comments above the fields, those of the models it is made from included."""
    found: dict[str, str] = {}
    for base in model.__bases__:
        if issubclass(base, BaseModel) and base is not BaseModel:
            found |= _meanings(base)
    comment: list[str] = []
    for line in inspect.getsource(model).splitlines():
        if match := re.match(r"    #: ?(.*)", line):
            comment.append(match[1])
        elif match := re.match(r"    (\w+): ", line):
            found[match[1]] = " ".join(comment).replace("``", "`")
            comment = []
    return found


def _inner(annotation: object) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """The models within a type, and how a path to them goes on."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield (), annotation
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is dict:
        yield from ((("NAME", *more), inner) for more, inner in _inner(parts[1]))
    elif origin is not Literal:
        for part in parts:
            yield from _inner(part)


def _type(annotation: object) -> str:
    if annotation in _NAMES:
        return _NAMES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "map"
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(parts[0])
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in parts)
    if origin is tuple:
        return f"list of {_type(parts[0])}"
    if origin is dict:
        return f"name → {_type(parts[1])}"
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_type(part) for part in parts if part is not NoneType))
    return "text"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", (), {}) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    marked = [head, tuple("---" for _ in head), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in marked) + "\n"


def _texts() -> str:
    kinds = {
        "Tasks": TASK_WORDS,
        "Touches": TOUCH_WORDS,
        "Mails of the survey": LETTER_WORDS,
        "Letters": GOODBYE_WORDS,
        "Pages": PAGE_WORDS,
    }
    lines = [
        (kind, ", ".join(f"`{group}.{fact}`" for group in words for fact in sorted(words[group])))
        for kind, words in kinds.items()
    ]
    return _table(("In", "Facts"), lines)


def _fields() -> Iterator[str]:
    titles: dict[Kind, str] = {
        "customer": "On the customer",
        "person": "On the person",
        "task": "On tasks",
        "note": "On notes",
    }
    yield "## Our fields\n"
    yield "Under `fields`, any of these can point to a field that the CRM has already.\n"
    for kind in KINDS:
        yield f"### {titles[kind]}\n"
        yield _listed(rows().of(kind))
    shape = rows().departure
    names = " and ".join(f"`{name}`" for name in shape.names.values())
    yield "### On the record of a departure\n"
    yield f"Where `record` is `object`: {names}. These cannot be pointed elsewhere.\n"
    yield _listed(shape.columns)


def _listed(known: Mapping[str, Row]) -> str:
    lines = [
        (
            f"`{key}`",
            row.label,
            row.type.value,
            *(f"`{name}`" for name in row.names.values()),
            {"us": "us", "people": "people", "both": "us and people"}[row.set_by],
            row.help,
        )
        for key, row in known.items()
    ]
    return _table(("Key", "Label", "Type", "HubSpot", "Salesforce", "Set by", "Meaning"), lines)


def _reasons() -> str:
    said = {True: "yes", False: "no", None: "it depends"}
    lines = [
        (
            f"`{reason.key}`",
            reason.label,
            said[reason.controllable],
            (reason.fixed_by or "").replace("_", " "),
            reason.comes_back,
        )
        for reason in REASONS.values()
    ]
    head = ("Key", "Label", "In our hands", "Mended by", "Worth asking again")
    return "## Reasons\n\n" + _table(head, lines)


if __name__ == "__main__":
    sys.stdout.write(reference())
