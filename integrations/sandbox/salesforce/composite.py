"""Several requests in one, each of which may use what an earlier one gave: composite and graph.

Source: REST API Developer Guide, "Composite", "Composite Graph", "Reference ID".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.refusals import Refusal, missing

LIMIT: Final = 25
#: Of these no more than five: queries and collections.
COSTLY_LIMIT: Final = 5
GRAPHS: Final = 75
NODES: Final = 500
#: After so many failed graphs the rest is not tried.
FAILED_GRAPHS: Final = 14

_REFERENCE: Final = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])*)\}")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")
_NAME: Final = re.compile(r"[A-Za-z0-9]\w*")
_COSTLY: Final = re.compile(r"/services/data/v\d+\.\d/(query|queryAll|composite/sobjects)\b")
_NESTED: Final = re.compile(r"/services/data/v\d+\.\d/composite(/batch|/graph)?/?(\?|$)")
#: What of an answer's headers is told.
_TOLD: Final = ("Location", "ETag", "Last-Modified")
_ROLLED_BACK: Final = (
    "PROCESSING_HALTED",
    "The transaction was rolled back since another operation in the same transaction failed.",
)

Part = Mapping[str, Any]


class _Undo(Exception):
    """One request failed where all or none was asked for."""


@dataclass(kw_only=True)
class Parts:
    """The requests of one transaction, and what became of them."""

    call: Call
    given: Sequence[Part]
    #: What references may be made to.
    bodies: dict[str, object] = field(default_factory=dict)

    def run(self, *, all_or_none: bool) -> tuple[list[dict[str, object]], bool]:
        """The answers in the order of the requests, and whether all succeeded."""
        answers: list[Answer] = []
        try:
            with self.call.org.attempt():
                for part in self.given:
                    answers.append(self._one(part))
                    if all_or_none and _failed(answers[-1]):
                        raise _Undo
        except _Undo:
            last = len(answers) - 1
            back = Refusal(*_ROLLED_BACK).answer()
            answers = [answers[n] if n == last else back for n in range(len(self.given))]
        told = [_told(part, answer) for part, answer in zip(self.given, answers, strict=True)]
        return told, not any(_failed(answer) for answer in answers)

    def _one(self, part: Part) -> Answer:
        try:
            url, body = self._text(part["url"]), self._value(part.get("body"))
        except Refusal as refusal:
            return refusal.answer()
        answer = self.call.within(part["method"], url, body, part.get("httpHeaders"))
        if answer.status < 400:
            self.bodies[part["referenceId"]] = answer.body
        return answer

    def _value(self, value: object) -> object:
        if isinstance(value, dict):
            return {key: self._value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner) for inner in value]
        if not isinstance(value, str):
            return value
        whole = _REFERENCE.fullmatch(value)
        return self._found(whole) if whole else self._text(value)

    def _text(self, text: str) -> str:
        return _REFERENCE.sub(lambda match: str(self._found(match)), text)

    def _found(self, match: re.Match[str]) -> object:
        name, path = match.groups()
        found = self.bodies.get(name)
        for key, index in _STEP.findall(path):
            if index and isinstance(found, list) and int(index) < len(found):
                found = found[int(index)]
            elif key and isinstance(found, dict):
                found = found.get(key)
            else:
                found = None
        if found is None or isinstance(found, dict | list):
            reference = name + path
            raise Refusal(
                "PROCESSING_HALTED",
                f"Invalid reference specified. No value for {reference} found in {name}. Provided "
                f"referenceId ('{reference}') must start with a letter or a number, and it can "
                "contain only letters, numbers and underscores ('_').",
            )
        return found


def _failed(answer: Answer) -> bool:
    """Whether all or none means none: a collection with a refused record has status 200."""
    records = answer.body if isinstance(answer.body, list) else ()
    return answer.status >= 400 or any(
        isinstance(record, dict) and record.get("success") is False for record in records
    )


def _told(part: Part, answer: Answer) -> dict[str, object]:
    return {
        "body": answer.body,
        "httpHeaders": {key: answer.headers[key] for key in _TOLD if key in answer.headers},
        "httpStatusCode": answer.status,
        "referenceId": part["referenceId"],
    }


def composite(call: Call) -> Answer:
    """``POST /composite``"""
    given = _given(call.body, "compositeRequest")
    if len(given) > LIMIT:
        raise _too_many(LIMIT, "subrequests")
    if sum(1 for part in given if _COSTLY.match(str(part["url"]))) > COSTLY_LIMIT:
        raise _too_many(COSTLY_LIMIT, "query and sObject Collections subrequests")
    parts = Parts(call=call, given=given)
    told, _ = parts.run(all_or_none=call.body.get("allOrNone") is True)
    return Answer(body={"compositeResponse": told})


def graph(call: Call) -> Answer:
    """``POST /composite/graph``: each graph is done whole or not at all."""
    graphs = _listed(call.body, "graphs")
    plans = [(given.get("graphId"), _given(given, "compositeRequest")) for given in graphs]
    if len(plans) > GRAPHS:
        raise _too_many(GRAPHS, "graphs")
    if sum(len(given) for _, given in plans) > NODES:
        raise _too_many(NODES, "nodes")
    names = [name for name, _ in plans]
    if None in names or len(set(names)) < len(names):
        raise _invalid("Each graph must have a graphId that is unique in the request")
    failed = 0
    answers: list[dict[str, object]] = []
    for name, given in plans:
        halted = failed > FAILED_GRAPHS
        told, done = _halted(given) if halted else _done(call, given)
        failed += not done
        response = {"compositeResponse": told}
        answers.append({"graphId": name, "graphResponse": response, "isSuccessful": done})
    return Answer(body={"graphs": answers})


def _done(call: Call, given: Sequence[Part]) -> tuple[list[dict[str, object]], bool]:
    return Parts(call=call, given=given).run(all_or_none=True)


def _halted(given: Sequence[Part]) -> tuple[list[dict[str, object]], bool]:
    answer = Refusal("PROCESSING_HALTED", "Too many graphs of the request have failed.").answer()
    return [_told(part, answer) for part in given], False


def _given(body: Mapping[str, Any], name: str) -> list[Part]:
    """The requests inside, which must be whole; raises Refusal."""
    given = _listed(body, name)
    for part in given:
        for key in ("method", "url", "referenceId"):
            if not isinstance(part.get(key), str) or not part[key]:
                raise missing([key])
        if not _NAME.fullmatch(part["referenceId"]):
            raise _invalid(
                f"Provided referenceId ('{part['referenceId']}') must start with a letter or a "
                "number, and it can contain only letters, numbers and underscores ('_')."
            )
        if _NESTED.match(part["url"]):
            raise _invalid("A composite request cannot be a subrequest of another one")
    twice = [name for name, n in Counter(part["referenceId"] for part in given).items() if n > 1]
    if twice:
        raise _invalid(f"Duplicate referenceId: {twice[0]}")
    return given


def _listed(body: Mapping[str, Any], name: str) -> list[Part]:
    found = body.get(name)
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
        raise missing([name])
    return found


def _too_many(limit: int, what: str) -> Refusal:
    return Refusal("LIMIT_EXCEEDED", f"The request has more than {limit} {what}")


def _invalid(words: str) -> Refusal:
    return Refusal("INVALID_INPUT", words)


ROUTES: Final[tuple[Resource, ...]] = (
    ("POST", "/composite", "composite", composite),
    ("POST", "/composite/graph", "composite.graph", graph),
)
