"""A YAML file as data that knows its lines.

YAML of a plain kind: words are text (``no`` is Norway, ``17:00`` a time of day), ``true`` and
``false`` are flags, ``off``, ``null`` and nothing mean "not this". Aliases, tags and deep nesting
are refused, so that a file is never larger than it looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from mappings.findings import Finding, MappingError, Spot

Scalar = str | int | float | bool | None
Data = Scalar | list["Data"] | dict[str, "Data"]
Path = tuple[str | int, ...]

LARGEST = 1_000_000  # characters
DEEPEST = 24

#: What signs in to a connection, by its key.
CREDENTIAL: Final = re.compile(r"connections\.([^.]+)\.credentials\.")
_ENVIRONMENT = re.compile(r"\$\{(\w+|file:[^}]+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A value and where it is written."""

    spot: Spot
    value: Scalar | list[Node] | dict[str, Node]
    #: The line on which a text of several lines begins.
    text_line: int | None = None

    @property
    def plain(self) -> Data:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain for node in self.value]
        return self.value

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a map; of anything else, none."""
        return self.value if isinstance(self.value, dict) else {}

    def walk(self, path: Path) -> tuple[Node, Path]:
        """The node nearest to the path, and what of the path it does not have."""
        if not path:
            return self, ()
        head, tail = path[0], path[1:]
        if isinstance(self.value, dict) and isinstance(head, str) and head in self.value:
            return self.value[head].walk(tail)
        if isinstance(self.value, list) and isinstance(head, int) and head < len(self.value):
            return self.value[head].walk(tail)
        return self, path

    def spot_at(self, path: Path) -> Spot:
        """Where the path is written, or would be."""
        node, rest = self.walk(path)
        missing = map(str, rest) if isinstance(node.value, dict) else ()
        return replace(node.spot, key=".".join(filter(None, (node.spot.key, *missing))))

    def find(self, *path: str | int) -> Node | None:
        """The node at the path."""
        node, rest = self.walk(path)
        return None if rest else node

    def over(self, under: Node) -> Node:
        """This laid over defaults: maps merge by key, all else replaces."""
        if not isinstance(self.value, dict) or not isinstance(under.value, dict):
            return self
        merged = dict(under.value)
        for key, node in self.value.items():
            merged[key] = node.over(merged[key]) if key in merged else node
        return replace(self, value=merged)

    def without_off(self) -> Node:
        """A map without the entries that were set to ``off``."""
        kept = {key: node for key, node in self.entries.items() if node.value is not None}
        return replace(self, value=kept) if isinstance(self.value, dict) else self

    def holding(self, **entries: Node) -> Node:
        """A map with these entries in place of its own."""
        return replace(self, value={**self.entries, **entries})


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Finds the kinds of plain words; replaces the surprises of YAML 1.1."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


_CORE = "tag:yaml.org,2002:"
_KINDS: dict[str, tuple[str, list[str], Callable[[str], Scalar]]] = {
    "null": (r"~|null|Null|NULL|off|Off|OFF|", [*"~nNoO", ""], lambda text: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", [*"tTfF"], lambda text: text.lower() == "true"),
    "int": (r"[-+]?(0|[1-9][0-9]{0,17})", [*"-+0123456789"], int),
    "float": (r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)", [*"-+.0123456789"], float),
}
for _kind, (_pattern, _first, _) in _KINDS.items():
    _Loader.add_implicit_resolver(_CORE + _kind, re.compile(rf"^(?:{_pattern})$"), _first)


def parse(
    text: str, *, file: str, env: Mapping[str, str], own: bool = True
) -> tuple[Node, list[Finding]]:
    """Read a YAML map, and what is wrong with its keys; ``${NAME}`` is taken from ``env``.

    Raises MappingError where the file cannot be read at all.
    """
    root = Spot(file=file, line=1, own=own)
    reader = _Reader(root=root, env=env)
    try:
        reader.refuse_bombs(text)
        tree = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise MappingError([_syntax(error, text, root)]) from None
    if tree is None:
        return Node(spot=root, value={}), []
    if not isinstance(tree, MappingNode):
        raise MappingError([Finding.at(root, "a mapping file is keys and values; write `key: …`")])
    return reader.node(tree, root), reader.findings


def _syntax(error: yaml.YAMLError, text: str, root: Spot) -> Finding:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        words = getattr(error, "problem", None) or "something is missing"
        spot = replace(root, line=mark.line + 1)
        line = [*text.splitlines(), ""][mark.line]
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return Finding.at(
                spot, "a tab indents this line, and YAML takes spaces only; use those"
            )
        return Finding.at(spot, f"this is not YAML: {words}; check indentation and quotes")
    position = getattr(error, "position", 0)
    spot = replace(root, line=text.count("\n", 0, position) + 1)
    return Finding.at(spot, "there is a character here that YAML does not allow; take it out")


@dataclass(kw_only=True)
class _Reader:
    """Turns YAML's nodes into ours and collects what is wrong on the way."""

    root: Spot
    env: Mapping[str, str]

    def __post_init__(self) -> None:
        self.findings: list[Finding] = []

    def refuse_bombs(self, text: str) -> None:
        if len(text) > LARGEST:
            words = f"the file is larger than {LARGEST:,} characters; split it"
            raise MappingError([Finding.at(self.root, words)])
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            words = (
                "aliases (*name) are not used here; write the value again"
                if isinstance(event, yaml.AliasEvent)
                else f"this is nested more than {DEEPEST} levels deep"
                if depth > DEEPEST
                else ""
            )
            if words:
                mark = event.start_mark
                spot = replace(self.root, line=mark.line + 1 if mark else 1)
                raise MappingError([Finding.at(spot, words)])

    def node(self, node: yaml.Node, spot: Spot) -> Node:
        if isinstance(node, MappingNode):
            return Node(spot=spot, value=dict(self.entries(node, spot)))
        if isinstance(node, SequenceNode):
            items = [
                self.node(item, self.within(spot, str(index), item))
                for index, item in enumerate(node.value)
            ]
            return Node(spot=spot, value=items)
        return self.scalar(node, spot)

    def entries(self, node: MappingNode, spot: Spot) -> Iterator[tuple[str, Node]]:
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.findings.append(Finding.at(spot, "a key must be a word"))
                continue
            inner = self.within(spot, key.value, key)
            if key.value in lines:
                first = lines[key.value]
                words = f"this key is already there on line {first}; keep one of them"
                self.findings.append(Finding.at(inner, words))
            lines.setdefault(key.value, inner.line)
            yield key.value, self.node(value, inner)

    def scalar(self, node: yaml.Node, spot: Spot) -> Node:
        kind = node.tag.removeprefix(_CORE)
        if kind in _KINDS and re.fullmatch(_KINDS[kind][0], node.value):
            return Node(spot=spot, value=_KINDS[kind][2](node.value))
        if kind != "str" or not isinstance(node, ScalarNode):
            self.findings.append(Finding.at(spot, f"the tag {node.tag} is not used here"))
            return Node(spot=spot, value=None)
        text = _ENVIRONMENT.sub(lambda match: self.variable(match[1], spot), node.value)
        block = node.style in ("|", ">")
        return Node(spot=spot, value=text, text_line=node.start_mark.line + 2 if block else None)

    def variable(self, name: str, spot: Spot) -> str:
        if not self.env.get(name):
            state = "is empty" if name in self.env else "is not set"
            words = f"the environment variable {name} {state}; set it"
            if (found := CREDENTIAL.match(spot.key)) and state == "is not set":
                words += f", or let `aurevoir connect {found[1]}` ask for it"
            if name.startswith("file:"):
                words = f"aurevoir.yaml alone reads files, and {name[5:]} has to be there"
            self.findings.append(Finding.at(spot, words))
        return self.env.get(name) or f"${{{name}}}"

    @staticmethod
    def within(spot: Spot, part: str, node: yaml.Node) -> Spot:
        key = f"{spot.key}.{part}" if spot.key else part
        return replace(spot, line=node.start_mark.line + 1, key=key)
