"""Searches for words: SOSL, and the parameterized search, which is the same in parameters.

Source: REST API Developer Guide, "Search", "Parameterized Search"; SOQL and SOSL Reference, "SOSL
Syntax", "FIND {SearchQuery}". Whole words are found at once; parentheses and WITH are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing
from integrations.sandbox.salesforce.soql.scope import Scope
from integrations.sandbox.salesforce.soql.search import Search
from integrations.sandbox.salesforce.soql.selection import Shown, columns, show
from integrations.sandbox.salesforce.soql.syntax import parse

#: Records of one answer.
LIMIT: Final = 2_000
_SOSL: Final = re.compile(
    r"\s*FIND\s*\{(?P<term>(?:[^{}\\]|\\.)*)\}"
    r"(?:\s*IN\s+(?P<fields>\w+)\s+FIELDS)?"
    r"(?:\s*RETURNING\s+(?P<objects>.+?))?"
    r"(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_OBJECT: Final = re.compile(r"(\w+)\s*(?:\((.*)\))?", re.DOTALL)
_CLAUSES: Final = re.compile(r"\b(?:WHERE|ORDER\s+BY|LIMIT|OFFSET)\b.*", re.IGNORECASE | re.DOTALL)
_WORD: Final = re.compile(r'"([^"]*)"|(\S+)')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_TEXTS: Final = ("string", "email", "phone", "url", "textarea")
#: Which fields are looked through.
_WHERE: Final[Mapping[str, Callable[[Field], bool]]] = {
    "ALL": lambda field: field.type in _TEXTS,
    "NAME": lambda field: field.name_field or field.compound == "Name",
    "EMAIL": lambda field: field.type == "email",
    "PHONE": lambda field: field.type == "phone",
    "SIDEBAR": lambda field: field.type in _TEXTS,
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be told of the records of one object."""

    object: str
    fields: str = "Id"
    #: WHERE, ORDER BY, LIMIT and OFFSET as SOQL has them.
    rest: str = ""


def sosl(call: Call) -> Answer:
    """``/search?q=FIND {...} IN ... FIELDS RETURNING ...``"""
    text = call.request.query.get("q", "")
    match = _SOSL.fullmatch(text)
    if match is None:
        words = "No search term found. The search term must be enclosed in braces."
        raise _malformed(f"unexpected token: '{text[:40]}'" if "{" in text else words)
    objects = match["objects"]
    wishes = [_wish(part) for part in _parts(objects)] if objects else _everywhere(call.org)
    most = int(match["limit"]) if match["limit"] else LIMIT
    return _found(call, match["term"], match["fields"] or "ALL", wishes, most)


def parameterized(call: Call) -> Answer:
    """``/parameterizedSearch``, by GET with parameters or by POST with the same in JSON."""
    if call.request.method == "POST":
        return _asked(call, call.body, _objects(call.body))
    query = call.request.query
    names = call.request.query_lists.get("sobject", [])
    objects = [
        {"name": name, **{k.partition(".")[2]: v for k, v in query.items() if _of(name, k)}}
        for name in names
    ]
    return _asked(call, query, objects)


def _of(name: str, key: str) -> bool:
    return key.lower().startswith(f"{name.lower()}.")


def _objects(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = body.get("sobjects") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise missing(["sobjects"])
    return given


def _asked(call: Call, given: Mapping[str, Any], objects: Iterable[Mapping[str, Any]]) -> Answer:
    default = {"fields": given.get("fields"), "limit": given.get("defaultLimit")}
    wishes = []
    for own in objects:
        said = {**default, **own}
        fields = said.get("fields") or "Id"
        clauses = (("WHERE", "where"), ("ORDER BY", "orderBy"), ("LIMIT", "limit"))
        rest = " ".join(f"{word} {said[key]}" for word, key in clauses if said.get(key))
        names = ",".join(map(str, fields)) if isinstance(fields, list) else str(fields)
        wishes.append(Wish(object=str(said.get("name")), fields=names, rest=rest))
    most = str(given.get("overallLimit") or LIMIT)
    limit = int(most) if most.isdecimal() else LIMIT
    where = str(given.get("in") or "ALL")
    return _found(call, str(given.get("q") or ""), where, wishes or _everywhere(call.org), limit)


def _everywhere(org: Org) -> list[Wish]:
    return [Wish(object=sobject.name) for sobject in org.schema if sobject.facts["searchable"]]


def _parts(text: str) -> Iterator[str]:
    """What stands between the commas that are in no parentheses."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()


def _wish(text: str) -> Wish:
    match = _OBJECT.fullmatch(text)
    if match is None:
        raise _malformed(f"unexpected token: '{text[:40]}'")
    inner = match[2] or "Id"
    clauses = _CLAUSES.search(inner)
    fields = inner[: clauses.start()] if clauses else inner
    return Wish(object=match[1], fields=fields.strip() or "Id", rest=clauses[0] if clauses else "")


def _found(call: Call, term: str, where: str, wishes: Iterable[Wish], limit: int) -> Answer:
    if where.upper() not in _WHERE:
        raise _malformed(f"unexpected token: '{where}'")
    fits = _fits(term)
    records: list[Shown] = []
    for wish in wishes:
        records += _records(call, wish, _WHERE[where.upper()], fits)
    return Answer(body={"searchRecords": records[:limit]})


def _records(
    call: Call, wish: Wish, looked: Callable[[Field], bool], fits: Callable[[str], bool]
) -> Iterator[Shown]:
    query = parse(" ".join(("SELECT", wish.fields, "FROM", wish.object, wish.rest)))
    scope = Scope(call.org, query, all_rows=False)
    if not scope.sobject.facts["searchable"]:
        words = f"entity type {scope.sobject.name} does not support search"
        raise Refusal("INVALID_TYPE_FOR_OPERATION", words)
    names = [field.name for field in call.org.visible(scope.sobject) if looked(field)]
    ids = [
        str(row["Id"])
        for row in scope.table.live()
        if fits(" \n ".join(str(row[name]) for name in names if row.get(name)))
    ]
    told = show(scope, columns(scope, query), call.version)
    return (told(row) for row in Search(scope, query).among(ids))


def _fits(term: str) -> Callable[[str], bool]:
    """Whether a text has the words; raises Refusal."""
    if len(_ESCAPED.sub(r"\1", term).strip(' *?"')) < 2:
        raise _malformed(f"search term must be longer than one character: {term}")
    if re.search(r"(?<!\\)[()]", term):
        raise _malformed("this sandbox reads no parentheses in a search term")
    choices: list[list[tuple[bool, re.Pattern[str]]]] = [[]]
    wanted = True
    for quoted, word in _WORD.findall(term):
        if word in ("AND", "NOT", "OR"):
            wanted = word != "NOT"
            choices += [[]] if word == "OR" else []
            continue
        choices[-1].append((wanted, _pattern(quoted or word)))
        wanted = True
    return lambda text: any(
        bool(terms) and all(bool(p.search(text)) is yes for yes, p in terms) for terms in choices
    )


def _pattern(word: str) -> re.Pattern[str]:
    """A word or phrase: ``*`` is any letters, ``?`` one, a backslash takes that away."""
    made = ""
    for escaped, wild, letter in re.findall(r"\\(.)|([*?])|(.)", word, re.DOTALL):
        made += {"*": r"\w*", "?": r"\w"}.get(wild) or re.escape(escaped or letter)
    return re.compile(rf"(?<!\w){made}(?!\w)", re.IGNORECASE)


def _malformed(words: str) -> Refusal:
    return Refusal("MALFORMED_SEARCH", words)


ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", "/search", "search.query", sosl),
    ("GET", "/parameterizedSearch", "parameterizedsearch.query", parameterized),
    ("POST", "/parameterizedSearch", "parameterizedsearch.query", parameterized),
)
