"""Texts with facts in them: ``Thank {{ customer.name }} in person``.

A small part of Jinja2, sandboxed: print a fact, choose with ``if``, compare with ``==`` and ``!=``,
and three filters. No loops and no calls, so a text is never larger than its facts. What comes out
is plain text; nothing is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import SandboxedEnvironment

from integrations.clip import clip
from integrations.contract import Value
from mappings.findings import did_you_mean

#: What a text may name: group -> facts.
Words = Mapping[str, frozenset[str]]
#: The facts themselves, by the same names.
Facts = Mapping[str, Mapping[str, Value]]

CUSTOMER = frozenset(
    {"name", "country", "value", "contract_end", "language", "stage", "private_person"}
)
_ORG = frozenset({"name"})
_PERSON = frozenset({"first_name", "last_name", "email"})

#: Subjects and scripts of tasks; ``customer`` also has the names under ``customer.more``.
TASK_WORDS: dict[str, frozenset[str]] = {
    "customer": CUSTOMER,
    "case": frozenset(
        {"phase", "reason", "decision", "opened_on", "departs_on", "offers", "words"}
    ),
    "org": _ORG,
}
#: Tasks that stay in touch with somebody who has left.
TOUCH_WORDS: dict[str, frozenset[str]] = {
    **TASK_WORDS,
    "person": _PERSON | {"name"},
    "touch": frozenset({"feature", "company"}),
}
#: The invitation to the survey and its reminder.
LETTER_WORDS: dict[str, frozenset[str]] = {
    "customer": frozenset({"name"}),
    "person": _PERSON,
    "org": _ORG,
    "survey": frozenset({"link", "until"}),
}
#: The letters of the goodbye.
GOODBYE_WORDS: dict[str, frozenset[str]] = {
    "customer": frozenset({"name"}),
    "person": _PERSON,
    "org": _ORG,
    "owner": frozenset({"name", "email"}),
    "goodbye": frozenset({"last_day", "dates", "link", "check"}),
}
#: The pages of the survey.
PAGE_WORDS: dict[str, frozenset[str]] = {"org": _ORG}

#: What a CRM's long text holds at least.
LONGEST = 32_000
#: What a CRM's subject line holds at least.
SUBJECT = 255


class TemplateFault(ValueError):
    """A text that cannot be rendered; ``line`` counts from 1 within the text."""

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.line = line


def shown(value: Value) -> str:
    """A fact as people read it: ``3 May 2026``, ``50,000``, ``yes``; nothing for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{shown(value.date())}, {value:%H:%M %Z}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(value) if isinstance(value, tuple) else value


class _Environment(SandboxedEnvironment):
    """Names are looked up in facts and nowhere else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        # A case keeps its playbook; a fact that the mapping has lost since is empty.
        if isinstance(obj, Mapping):
            return obj.get(attribute)
        return self.undefined(obj=obj, name=attribute)


_FILTERS = {
    "default": lambda value, otherwise: otherwise if value in (None, "", ()) else value,
    "lower": lambda value: shown(value).lower(),
    "upper": lambda value: shown(value).upper(),
}

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)


@cache
def _environment() -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined,
        autoescape=False,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters = dict(_FILTERS)
    return environment


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Callable[[Facts], str]:
    """What fills the blanks; most texts have facts and nothing else, and that is quickly done."""
    tree = _environment().parse(source)
    parts = [part for output in tree.body for part in _parts(output)]
    if None in parts:
        return _environment().from_string(source).render
    blanks = [part for part in parts if part is not None]

    def fill(facts: Facts) -> str:
        return "".join(
            part if isinstance(part, str) else _fact(facts, *part, source) for part in blanks
        )

    return fill


def _parts(node: nodes.Node) -> Iterator[str | tuple[str, str] | None]:
    """The words, and the group and name of facts; None for everything that is more than that."""
    for part in node.nodes if isinstance(node, nodes.Output) else (None,):
        if isinstance(part, nodes.TemplateData):
            yield part.data
        elif isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name):
            yield part.node.name, part.attr
        else:
            yield None


def _fact(facts: Facts, group: str, name: str, source: str) -> str:
    if group not in facts:
        raise UndefinedError(f"'{group}' is undefined in {clip(source, 60)!r}")
    return shown(facts[group].get(name))


def check(source: str, words: Words) -> None:
    """Refuse a text that says what it may not, or names a fact that there is not.

    Raises TemplateFault.
    """
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        words_ = f"this text is not well formed: {error.message}"
        raise TemplateFault(words_, error.lineno) from None
    for line, fault in _faults(tree, words, 1):
        raise TemplateFault(fault, line)


def _faults(node: nodes.Node, words: Words, line: int) -> Iterator[tuple[int, str]]:
    line = node.lineno or line
    if not isinstance(node, _ALLOWED):
        yield line, "a text prints facts and chooses with if; it does nothing else"
    elif isinstance(node, nodes.Operand) and node.op not in ("eq", "ne"):
        yield line, "a text compares with == and != only; use only_if for more"
    elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        yield line, f'there is no filter "{node.name}"{did_you_mean(node.name, [*_FILTERS])}'
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        group, fact = node.node.name, node.attr
        if group not in words:
            yield line, f'there is no "{group}" here{did_you_mean(group, sorted(words))}'
        elif fact not in words[group]:
            yield line, f'{group} has no "{fact}"{did_you_mean(fact, sorted(words[group]))}'
        return
    elif isinstance(node, nodes.Name):
        known = [f"{group}.{fact}" for group in sorted(words) for fact in sorted(words[group])]
        yield line, f'"{node.name}" alone says nothing{did_you_mean(node.name, known)}'
    elif isinstance(node, nodes.Getattr):
        yield line, f'there is nothing under "{node.attr}"'
    for child in node.iter_child_nodes():
        yield from _faults(child, words, line)


def render(source: str, facts: Facts, *, limit: int = LONGEST) -> str:
    """The text with its facts, at most ``limit`` characters.

    A fact that is not there is empty; raises jinja2.UndefinedError for a whole group that is not.
    """
    return clip(_compiled(source)(facts).strip(), limit)


def subject(source: str, facts: Facts, *, limit: int = SUBJECT) -> str:
    """The text on one line."""
    return clip(" ".join(_compiled(source)(facts).split()), limit)
