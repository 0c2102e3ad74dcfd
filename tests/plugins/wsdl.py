"""The types of the Metadata API, and what of a document does not fit them.

They come from the WSDL that simple-salesforce ships for deploying. A plain schema validator refuses
that file, and order within a type does not matter to Salesforce, so this walks the types itself. It
sees names, numbers, values and choices; it cannot see whether a name leads anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import simple_salesforce

_XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
_META: Final = "{http://soap.sforce.com/2006/04/metadata}"
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"


#: Built-in types -> whether a text is one.
_PLAIN: Final[Mapping[str, Callable[[str], object]]] = {
    "anyType": lambda text: True,
    "base64Binary": lambda text: True,
    "boolean": lambda text: text in ("true", "false"),
    "date": re.compile(r"\d{4}-\d\d-\d\d").fullmatch,
    "dateTime": re.compile(r"\d{4}-\d\d-\d\dT\S+").fullmatch,
    "double": re.compile(r"-?\d+(\.\d+)?").fullmatch,
    "int": re.compile(r"-?\d+").fullmatch,
    "long": re.compile(r"-?\d+").fullmatch,
    "string": lambda text: True,
    "time": re.compile(r"\d\d:\d\d\S*").fullmatch,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """An element within a type."""

    type: str
    required: bool
    many: bool


class Types:
    """Every type, by its name."""

    def __init__(self) -> None:
        path = Path(simple_salesforce.__file__).with_name("metadata.wsdl")
        root = ElementTree.parse(path).getroot()
        self._complex = {t.get("name"): t for t in root.iter(f"{_XSD}complexType") if t.get("name")}
        self._simple = {t.get("name"): t for t in root.iter(f"{_XSD}simpleType") if t.get("name")}
        self._parts: dict[str, Mapping[str, Part]] = {}

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return len(self._complex) + len(self._simple)

    def complaints(self, text: str) -> list[str]:
        """What is wrong with a document; its root says which type it is."""
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as problem:
            return [str(problem)]
        name = root.tag.removeprefix(_META)
        if not root.tag.startswith(_META):
            return [f"{root.tag} is outside the namespace of metadata"]
        if name not in self._complex:
            return [f"there is no type {name}"]
        return list(self._walk(root, name, name))

    def _walk(self, element: ElementTree.Element, type: str, place: str) -> Iterator[str]:
        if type not in self._complex:
            yield from self._text(element, type, place)
            return
        if (element.text or "").strip():
            yield f"{place}: text where there are only elements"
        parts, seen = self.parts(type), dict.fromkeys(self.parts(type), 0)
        for child in element:
            name = child.tag.removeprefix(_META)
            if name not in parts:
                yield f"{place}: {type} has no {name}"
                continue
            seen[name] += 1
            if type == "LightningComponentBundle" and name == "targetConfigs":
                continue  # Written as XML, sent as base64: no type describes it.
            yield from self._walk(child, parts[name].type, f"{place}.{name}")
        for name, part in parts.items():
            if part.required and not seen[name]:
                yield f"{place}: {type} needs {name}"
            if seen[name] > 1 and not part.many:
                yield f"{place}: {name} stands there {seen[name]} times"

    def _text(self, element: ElementTree.Element, type: str, place: str) -> Iterator[str]:
        if len(element):
            yield f"{place}: elements where there is only text"
        text = element.text or ""
        if element.get(_NIL) == "true":
            return
        if type in self._simple:
            options = [e.get("value") for e in self._simple[type].iter(f"{_XSD}enumeration")]
            if options and text not in options:
                yield f"{place}: {text!r} is no {type}"
        elif not _PLAIN[type](text):
            yield f"{place}: {text!r} is no {type}"

    def parts(self, type: str) -> Mapping[str, Part]:
        """What a type is made of, that of its base included."""
        if type not in self._parts:
            node = self._complex[type]
            base = node.find(f".//{_XSD}extension")
            parts = dict(self.parts(_local(base.get("base")))) if base is not None else {}
            for element in node.iter(f"{_XSD}element"):
                parts[str(element.get("name"))] = Part(
                    type=_local(element.get("type")),
                    required=element.get("minOccurs") != "0",
                    many=element.get("maxOccurs") == "unbounded",
                )
            self._parts[type] = parts
        return self._parts[type]


def _local(name: str | None) -> str:
    return str(name).partition(":")[2]
