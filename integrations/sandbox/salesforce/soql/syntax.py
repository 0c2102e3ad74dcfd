"""The text of a query as values; what does not fit the grammar is a MALFORMED_QUERY."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from integrations.sandbox.salesforce.refusals import Refusal

#: How much of a long line Salesforce shows before and after the place it means.
BEFORE: Final = 30
AFTER: Final = 35


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """A field, perhaps through relationships, and where it stands in the text."""

    text: str
    at: int
    #: What is made of its value, such as ``CALENDAR_YEAR``; the outermost first, in upper case.
    functions: tuple[str, ...] = ()
    #: What is made of the values of a group, such as ``MAX``. ``COUNT()`` has no text.
    call: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from others in the same query."""
        return (self.call or "", *self.functions, self.text.lower())


@dataclass(frozen=True, kw_only=True, slots=True)
class Literal:
    """A value as written: its kind is STRING, NUMBER, DATETIME, DATE, CONSTANT or RELATIVE."""

    kind: str
    #: As it stands in the query, quotes and backslashes included.
    text: str
    #: The number behind ``LAST_N_DAYS:``.
    count: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """One comparison; ``operator`` in upper case, IN and its kin included."""

    path: Path
    operator: str
    values: tuple[Literal, ...] = ()
    #: What stands in the parentheses of an IN instead of values.
    subquery: Query | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Junction:
    """Conditions joined by AND, OR or NOT (which has one)."""

    word: str
    terms: tuple[Condition, ...]


Condition = Test | Junction


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """What TYPEOF takes of the records of one object; of all others where it names none."""

    object: str | None
    paths: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """Something selected: a field, an aggregate, ``FIELDS(ALL)``, a query of children, a TYPEOF."""

    path: Path | None = None
    alias: str | None = None
    #: ``path`` is the ALL of ``FIELDS(ALL)``.
    wide: bool = False
    query: Query | None = None
    #: With a ``path`` that is the relationship.
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class By:
    """One field to order by."""

    path: Path
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A whole query."""

    text: str
    items: tuple[Item, ...]
    object: Path
    alias: str | None = None
    #: ``everything`` or ``mine``.
    scope: str = "everything"
    where: Condition | None = None
    group: tuple[Path, ...] = ()
    having: Condition | None = None
    order: tuple[By, ...] = ()
    limit: int | None = None
    offset: int = 0


Clause = Callable[[Query], Query]


def parse(text: str) -> Query:
    """Read a query; raises Refusal."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        at, shown = _place(error, text)
        raise malformed(text, at, f"unexpected token: '{shown}'") from None
    try:
        query: Query = _Values(text).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return query


def malformed(text: str, at: int, words: str, *, code: str = "MALFORMED_QUERY") -> Refusal:
    """A refusal that points at a place in the query, as Salesforce's do."""
    row = text.count("\n", 0, at)
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line, column = text[start : end if end >= 0 else None], at - start
    words_of = list(re.finditer(r"[^\s,]+", line))
    first = max((w.start() for w in words_of if w.start() <= column - BEFORE), default=0)
    last = min((w.end() for w in words_of if w.end() >= column + AFTER), default=len(line))
    pointer = " " * (column - first) + "^"
    place = f"Row:{row + 1}:Column:{column + 1}"
    return Refusal(code, f"\n{line[first:last]}\n{pointer}\nERROR at {place}\n{words}")


def _place(error: UnexpectedInput, text: str) -> tuple[int, str]:
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return error.token.start_pos or 0, str(error.token)
    if isinstance(error, UnexpectedCharacters):
        at = error.pos_in_stream or 0
        word = re.compile(r"\w+|.").match(text, at)
        return at, word.group() if word else ""
    return len(text), "<EOF>"


def _path(token: Token) -> Path:
    return Path(text=str(token), at=token.start_pos or 0)


_STRING: Final = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)


@v_args(inline=True)
class _Values(Transformer[Token, Query]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def start(self, items: tuple[Item, ...], name: Token, *clauses: Clause) -> Query:
        query = Query(text=self._text, items=items, object=_path(name))
        for clause in clauses:
            query = clause(query)
        return query

    def alias(self, name: Token) -> Clause:
        return lambda query: replace(query, alias=str(name))

    def items(self, *items: Item) -> tuple[Item, ...]:
        return items

    def scope(self, name: Token) -> Clause:
        if name.lower() not in ("everything", "mine"):
            words = f"filter scope '{name}' is not supported"
            raise malformed(self._text, name.start_pos or 0, words)
        return lambda query: replace(query, scope=name.lower())

    def purpose(self, *refused: Refusal) -> Clause:
        if refused:
            raise refused[0]
        return lambda query: query

    def all_rows(self) -> Refusal:
        words = "ALL ROWS not allowed in this context"
        return malformed(self._text, len(self._text), words)

    def path(self, first: Token, inner: Path | None = None) -> Path:
        if inner is None:
            return _path(first)
        return replace(inner, functions=(first.upper(), *inner.functions))

    def aggregate(self, name: Token, path: Token | None = None) -> Path:
        text = "" if path is None else str(path)
        return Path(text=text, at=name.start_pos or 0, call=name.upper())

    def field(self, path: Path, alias: Token | None = None) -> Item:
        return Item(path=path, alias=alias and str(alias))

    def call(self, path: Path, alias: Token | None = None) -> Item:
        return Item(path=path, alias=alias and str(alias))

    def fields(self, name: Token) -> Item:
        return Item(path=_path(name), wide=True)

    def typeof(self, path: Token, *branches: Branch) -> Item:
        return Item(path=_path(path), branches=branches)

    def when(self, name: Token, *paths: Token) -> Branch:
        return Branch(object=str(name), paths=tuple(map(_path, paths)))

    def otherwise(self, *paths: Token) -> Branch:
        return Branch(object=None, paths=tuple(map(_path, paths)))

    def children(self, items: tuple[Item, ...], name: Token, *clauses: Clause) -> Item:
        return Item(query=self.start(items, name, *clauses))

    def where(self, condition: Condition) -> Clause:
        return lambda query: replace(query, where=condition)

    def having(self, condition: Condition) -> Clause:
        return lambda query: replace(query, having=condition)

    def negation(self, term: Condition) -> Junction:
        return Junction(word="NOT", terms=(term,))

    def both(self, *terms: Condition) -> Junction:
        return Junction(word="AND", terms=terms)

    def either(self, *terms: Condition) -> Junction:
        return Junction(word="OR", terms=terms)

    def test(self, path: Path, operator: Token, value: Token | Literal) -> Test:
        word = {"<>": "!="}.get(str(operator), operator.upper())
        return Test(path=path, operator=word, values=(_literal(value),))

    def within(self, path: Path, word: Token, among: tuple[Literal, ...] | Query) -> Test:
        operator = " ".join(word.upper().split())
        if isinstance(among, Query):
            return Test(path=path, operator=operator, subquery=among)
        return Test(path=path, operator=operator, values=among)

    def list(self, *values: Token | Literal) -> tuple[Literal, ...]:
        found: list[Literal] = []
        for value in values:
            if isinstance(value, Token) and value.type == "STRINGS":
                found += (Literal(kind="STRING", text=t) for t in _STRING.findall(value))
            else:
                found.append(_literal(value))
        return tuple(found)

    def subquery(self, path: Token, object: Token, *clauses: Clause) -> Query:
        return self.start((Item(path=_path(path)),), object, *clauses)

    def relative(self, name: Token, count: Token | None = None) -> Literal:
        number = None if count is None else self._whole(count)
        return Literal(kind="RELATIVE", text=name.upper(), count=number)

    def bind(self, name: Token) -> Literal:
        words = "Bind variables only allowed in Apex code"
        raise malformed(self._text, (name.start_pos or 0) - 1, words)

    def group(self, *paths: Path) -> Clause:
        return lambda query: replace(query, group=paths)

    def order(self, *bys: By) -> Clause:
        return lambda query: replace(query, order=bys)

    def by(self, path: Path, *rest: Token | bool) -> By:
        descending = any(isinstance(t, Token) and t.upper() == "DESC" for t in rest)
        first = next((t for t in rest if isinstance(t, bool)), True)
        return By(path=path, descending=descending, nulls_first=first)

    def nulls(self, edge: Token) -> bool:
        return edge.upper() == "FIRST"

    def limit(self, number: Token) -> Clause:
        most = self._whole(number)
        return lambda query: replace(query, limit=most)

    def offset(self, number: Token) -> Clause:
        first = self._whole(number)
        return lambda query: replace(query, offset=first)

    def _whole(self, number: Token) -> int:
        if not number.isdecimal():
            raise malformed(self._text, number.start_pos or 0, f"unexpected token: '{number}'")
        return int(number)


def _literal(value: Token | Literal) -> Literal:
    return value if isinstance(value, Literal) else Literal(kind=value.type, text=str(value))


@cache
def _parser() -> Lark:
    grammar = (files(__package__) / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual")
