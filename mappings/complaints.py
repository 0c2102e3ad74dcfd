"""What pydantic found wrong, in words an admin understands, at the line that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mappings.document import Node, Path
from mappings.findings import Spot, did_you_mean
from mappings.texts import TemplateFault

#: Pydantic's kind of error (or how it begins) -> words; the context of the error fills the braces.
_WORDS = (
    ("missing", "is needed and not there; add it"),
    ("string", "should be text"),
    ("int", "should be a whole number"),
    ("float", "should be a number"),
    ("bool", "should be true or false"),
    ("path", "should be the name of a file or folder"),
    ("dict", "should be keys and values"),
    ("model", "should be keys and values"),
    ("tuple", "should be a list"),
    ("list", "should be a list"),
    ("too_short", "should have at least {min_length} entry"),
    ("too_long", "should have at most {max_length} entries"),
    ("greater_than_equal", "should be at least {ge:g}"),
    ("greater_than", "should be more than {gt:g}"),
    ("less_than_equal", "should be at most {le:g}"),
    ("less_than", "should be less than {lt:g}"),
)


def complaints(
    error: ValidationError, tree: Node, model: type[BaseModel]
) -> Iterator[tuple[Spot, str]]:
    """Places and what is wrong there; unions say it once for each of their types.

    ``tree`` is what was validated against ``model``.
    """
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # only sound entries count, and what ails the others is said anyway
        path = tuple(part for part in detail["loc"] if part != "[key]")
        node, _ = tree.walk(path)
        spot = tree.spot_at(path) if detail["type"] == "missing" else node.spot
        yield replace(spot, line=_line(detail, node)), _words(detail, path, model)


def _line(detail: ErrorDetails, node: Node) -> int:
    fault = detail.get("ctx", {}).get("error")
    if isinstance(fault, TemplateFault) and node.text_line is not None:
        return node.text_line + fault.line - 1
    return node.spot.line


def _words(detail: ErrorDetails, path: Path, model: type[BaseModel]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(path[-1]), _keys(model, path[:-1]))}"
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        text = str(detail["input"])[:60]
        return f'"{text}" is none of the choices{did_you_mean(text, _choices(context))}'
    for prefix, words in _WORDS:
        if kind.startswith(prefix):
            return words.format(**context)
    return detail["msg"]


def _choices(context: Mapping[str, Any]) -> list[str]:
    words = str(context["expected"]).replace(" or ", ", ").split(", ")
    return [word.strip("'") for word in words]


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys known at a path, by the models' own annotations."""
    models = [model]
    for part in path:
        inner = [
            found
            for candidate in models
            for name, field in candidate.model_fields.items()
            if part in (name, field.alias)
            for found in _models(field.annotation)
        ]
        # An index, or a name of the admin's own, stays within the same models.
        models = inner or models
    fields = [item for candidate in models for item in candidate.model_fields.items()]
    return [field.alias or name for name, field in fields]


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]
