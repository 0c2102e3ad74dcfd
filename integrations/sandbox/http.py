"""A request, an answer, and the table that brings them together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

Headers = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request, read to its end. Header names are in lower case."""

    method: str
    #: As sent, percent-encoding included, without the query.
    path: str
    query_string: str = ""
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    #: The parts of the path that the route named, decoded.
    params: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters; of a repeated one the last."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @cached_property
    def query_lists(self) -> dict[str, list[str]]:
        """Query parameters; every value of each."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of an urlencoded body."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @cached_property
    def json(self) -> Any:
        """The body as JSON; raises ValueError where it is none, or nested without end."""
        try:
            return json.loads(self.body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back. ``body`` may be a JSON value, text or bytes."""

    status: int = 200
    body: Any = None
    headers: Headers = field(default_factory=dict)
    media_type: str = "application/json;charset=UTF-8"

    @cached_property
    def content(self) -> bytes:
        """The bytes on the wire; half a surrogate pair becomes a question mark."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        text = self.body
        if not isinstance(text, str):
            text = json.dumps(text, separators=(",", ":"), ensure_ascii=False)
        return text.encode(errors="replace")


Handler = Callable[[Request], Answer]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of an API."""

    method: str
    template: str
    operation: str
    handler: Handler
    pattern: re.Pattern[str]


def wrong_method(method: str, allowed: Iterable[str]) -> str:
    """What a 405 says; what can be got has a head."""
    known = set(allowed)
    known |= {"HEAD"} if "GET" in known else set()
    return f"HTTP Method '{method}' not allowed. Allowed are {','.join(sorted(known))}"


class Router:
    """Finds the operation of a request. Routes are tried in the order they were added."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def add(self, method: str, template: str, operation: str, handler: Handler) -> None:
        """``template`` has ``{name}`` for one part of a path, ``{name:RULE}`` for a regex."""
        parts = re.split(r"\{(\w+)(?::([^{}]+))?\}", template)
        pattern = re.escape(parts[0])
        for name, rule, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            pattern += f"(?P<{name}>{rule or '[^/]+'})" + re.escape(rest)
        self._routes.append(
            Route(
                method=method,
                template=template,
                operation=operation,
                handler=handler,
                pattern=re.compile(pattern),
            )
        )

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The first route that fits, with the decoded parts of the path."""
        for route in self._routes:
            if route.method == method and (match := route.pattern.fullmatch(path)):
                return route, {name: unquote(part) for name, part in match.groupdict().items()}
        return None

    def allowed(self, path: str) -> list[str]:
        """The methods this path knows, for a 405."""
        return sorted({r.method for r in self._routes if r.pattern.fullmatch(path)})

    def operations(self) -> list[str]:
        """Every operation, once."""
        return sorted({route.operation for route in self._routes})
