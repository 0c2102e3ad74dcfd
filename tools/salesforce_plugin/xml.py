"""Metadata as XML text. Source: "Metadata Types" in the Metadata API developer guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

#: Text, a flag, a number, the elements within one, or the same element several times.
Element = str | bool | int | Mapping[str, "Element"] | Sequence["Element"]
Elements = Mapping[str, Element]

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE: Final = "http://soap.sforce.com/2006/04/metadata"


def document(type: str, elements: Elements) -> str:
    """One file; its elements in the order of the alphabet, as Salesforce writes them."""
    lines = [_HEAD, f'<{type} xmlns="{_SPACE}">', *_lines(elements, 1), f"</{type}>"]
    return "\n".join(lines) + "\n"


def _lines(elements: Elements, depth: int) -> Iterator[str]:
    for name in sorted(elements, key=str.lower):
        yield from _element(name, elements[name], depth)


def _element(name: str, element: Element, depth: int) -> Iterator[str]:
    indent = "    " * depth
    match element:
        case bool():
            yield f"{indent}<{name}>{str(element).lower()}</{name}>"
        case str() | int():
            yield f"{indent}<{name}>{escape(str(element), quote=False)}</{name}>"
        case Mapping():
            yield f"{indent}<{name}>"
            yield from _lines(element, depth + 1)
            yield f"{indent}</{name}>"
        case _:
            for one in element:
                yield from _element(name, one, depth)
