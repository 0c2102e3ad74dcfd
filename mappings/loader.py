"""Mapping files from disk: YAML over the defaults of the CRM, checked, with the line of every key.

The only module of ``mappings`` that reads files. Every complaint about a mapping and the playbooks
and the survey it names is given at once, in one MappingError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path as File
from typing import Any, TypeVar

from pydantic import ValidationError

from mappings.complaints import complaints
from mappings.conditions import CASE_FACTS, FAMILY_FACTS
from mappings.consistency import consistency
from mappings.document import Node, parse
from mappings.findings import Finding, MappingError, Spot, did_you_mean
from mappings.loaded import Loaded
from mappings.model import Model
from mappings.programme import Programme
from mappings.rows import KINDS, Kind, Row, Rows
from mappings.service import Service
from mappings.survey import Questionnaire
from mappings.texts import CUSTOMER

M = TypeVar("M", bound=Model)

_DEFAULTS = resources.files("mappings") / "defaults"


def crms() -> list[str]:
    """The CRMs that there are defaults for."""
    return sorted(next(iter(rows().task.values())).names)


def load(path: File | str, *, crm: str, env: Mapping[str, str] | None = None) -> Loaded:
    """Read a mapping file. Raises MappingError with everything that is wrong with it."""
    file = File(path)
    return load_text(_text(file), crm=crm, env=env, name=str(path), folder=file.parent)


def load_text(
    text: str,
    *,
    crm: str,
    env: Mapping[str, str] | None = None,
    name: str = "mapping.yaml",
    folder: File | None = None,
) -> Loaded:
    """Read a mapping; playbooks of the admin's own are looked for in ``folder``.

    Raises MappingError.
    """
    root = Spot(file=name, line=1)
    if crm not in crms():
        words = f'"{crm}" is no CRM that Aurevoir knows{did_you_mean(crm, crms())}'
        raise MappingError([Finding.at(root, words)])
    reading = _Reading(crm=crm, env=env or {}, folder=folder)
    own = reading.parse(text, name)
    tree = reading.mapping(own)
    questionnaire = reading.questionnaire(tree)
    programme = reading.validate(Programme, tree, reading.context(tree))
    if programme is None or questionnaire is None or reading.findings:
        raise _error(reading.findings or reading.misfits)
    segments = [segment.segment for segment in programme.alumni]
    loaded = Loaded(
        programme=programme,
        rows=rows(*segments),
        questionnaire=questionnaire,
        tree=tree,
    )
    if findings := [*consistency(loaded)]:
        raise _error(findings)
    return loaded


def load_service(path: File | str, *, env: Mapping[str, str] | None = None) -> Service:
    """Read ``aurevoir.yaml``; its paths are taken from its own folder. Raises MappingError."""
    file = File(path)
    reading = _Reading(env=env or {})
    tree = reading.parse(_text(file), str(path))
    service = reading.validate(Service, tree, {"CRM": crms()})
    if service is None or reading.findings:
        raise _error(reading.findings or reading.misfits)
    return service.beside(file.parent)


def _error(findings: list[Finding]) -> MappingError:
    """One finding a key, in the order of the lines."""
    one = {(found.file, found.line, found.key): found for found in reversed(findings)}
    return MappingError(
        sorted(one.values(), key=lambda found: (found.file, found.line or 0, found.key))
    )


def _text(file: File) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        words = f"this file cannot be read: {(error.strerror or 'unknown').lower()}"
    except UnicodeDecodeError:
        words = "this file is not text in UTF-8; save it as UTF-8"
    raise MappingError([Finding(words=words, file=str(file))])


@cache
def _built_in(name: str) -> Node:
    text = (_DEFAULTS / name).read_text(encoding="utf-8")
    return parse(text, file=f"{name} (built in)", env={}, own=False)[0]


def _named(kind: str) -> dict[str, str]:
    """The built-in playbooks or surveys, and their files."""
    if kind == "surveys":
        return {"exit": "survey.yaml"}
    files = sorted(file.name for file in (_DEFAULTS / kind).iterdir())
    return {file.removesuffix(".yaml"): f"{kind}/{file}" for file in files}


@cache
def rows(*segments: str) -> Rows:
    """The fields that we put into a CRM, for a mapping with these segments."""
    data: Any = _built_in("fields.yaml").plain
    return Rows.read(data, segments=segments)


@dataclass(kw_only=True)
class _Reading:
    """One mapping on its way in; collects what is wrong."""

    env: Mapping[str, str]
    crm: str = ""
    folder: File | None = None
    findings: list[Finding] = field(default_factory=list)
    #: Where a default is no longer whole under what was laid over it; said only if nothing else is.
    misfits: list[Finding] = field(default_factory=list)

    def parse(self, text: str, name: str) -> Node:
        node, findings = parse(text, file=name, env=self.env)
        self.findings += findings
        return node

    def mapping(self, own: Node) -> Node:
        """The file over the defaults, with the playbooks that it uses under ``books``."""
        if (given := own.find("crm")) and given.value != self.crm:
            words = f"this mapping is used with {self.crm}; use one that is made for it"
            self.findings.append(Finding.at(given.spot, words))
        if given := own.find("books"):
            words = "unknown key; playbooks are named under playbooks"
            self.findings.append(Finding.at(given.spot, words))
        defaults = _built_in(f"{self.crm}.yaml").over(_built_in("programme.yaml"))
        self.taken_out("role", own.find("roles"), defaults.find("roles"))
        tree = own.over(defaults.holding(fields=self.fields()))
        books = Node(spot=own.spot, value=dict(self.books(tree)))
        tree = tree.holding(crm=Node(spot=own.spot, value=self.crm), books=books)
        if roles := tree.find("roles"):
            self.missed(roles, books)
            tree = tree.holding(roles=roles.without_off())
        return tree

    def fields(self) -> Node:
        """Where our fields stand if the mapping says nothing."""
        built_in = _built_in("fields.yaml")

        def place(kind: Kind, row: Row) -> Node:
            spot = built_in.spot_at((kind, row.key))
            name = Node(spot=spot, value=row.names[self.crm])
            return Node(spot=spot, value={"field": name})

        kinds: dict[str, Node] = {
            kind: Node(
                spot=built_in.spot_at((kind,)),
                value={key: place(kind, row) for key, row in rows().of(kind).items()},
            )
            for kind in KINDS
        }
        return Node(spot=built_in.spot, value=kinds)

    def taken_out(self, kind: str, over: Node | None, under: Node | None) -> None:
        """What is switched off must be there."""
        there = [*under.entries] if under else []
        for name, node in over.entries.items() if over and there else ():
            if node.value is None and name not in there:
                words = f'there is no {kind} "{name}" to take out{did_you_mean(name, there)}'
                self.findings.append(Finding.at(node.spot, words))

    def missed(self, roles: Node, books: Node) -> None:
        """Roles that are switched off and still have steps."""
        for role, node in roles.entries.items():
            steps = [
                name
                for book in (books.entries.values() if node.value is None else ())
                for name, step in (book.find("steps") or book).entries.items()
                if (needed := step.find("role")) and needed.value == role
            ]
            if steps:
                words = f"this role still has steps: {', '.join(steps)}"
                mend = "give it `no_seat: {via: ROLE}`, or set those steps to off"
                self.findings.append(Finding.at(node.spot, f"{words}; {mend}"))

    def books(self, tree: Node) -> Iterator[tuple[str, Node]]:
        uses = tree.find("playbooks")
        for use in uses.value if uses and isinstance(uses.value, list) else []:
            name = use.find("use")
            if name and isinstance(name.value, str) and (book := self.book(name, ())):
                yield name.value, book.holding(name=name)

    def book(self, use: Node, within: tuple[str, ...]) -> Node | None:
        """A playbook over the one it extends; one that extends its own name means the built-in."""
        name = str(use.value)
        book = self.find("playbooks", use, own=name not in within)
        if book is None:
            return None
        extends = book.find("extends")
        if extends and isinstance(extends.value, str):
            under = self.book(extends, (*within, name))
            self.taken_out("step", book.find("steps"), under.find("steps") if under else None)
            book = book.over(under) if under else book
        if steps := book.find("steps"):
            book = book.holding(steps=steps.without_off())
        return book

    def find(self, kind: str, use: Node, *, own: bool = True) -> Node | None:
        """What ``use`` names: a file beside the mapping, else what comes with the product."""
        name = str(use.value)
        file = f"{kind}/{name}.yaml" if not name.endswith(".yaml") else name
        if own and self.folder and (self.folder / file).is_file():
            return self.parse(_text(self.folder / file), str(self.folder / file))
        built_in = _named(kind)
        if name in built_in:
            return _built_in(built_in[name])
        words = f'there is no {kind.removesuffix("s")} "{name}"{did_you_mean(name, [*built_in])}'
        mend = "" if words.endswith("?") else f"; write it to {file}, next to the mapping file"
        self.findings.append(Finding.at(use.spot, words + mend))
        return None

    def questionnaire(self, tree: Node) -> Questionnaire | None:
        """The survey that the mapping uses, over the built-in one."""
        use = tree.find("survey", "use")
        found = self.find("surveys", use) if use and isinstance(use.value, str) else None
        survey = _built_in("survey.yaml")
        survey = found.over(survey) if found and found is not survey else survey
        return self.validate(Questionnaire, survey, self.names())

    def names(self) -> dict[str, Any]:
        """What the models may take for known."""
        return {f"{kind} field": [*rows().of(kind)] for kind in KINDS}

    def context(self, tree: Node) -> dict[str, Any]:
        more, roles = tree.find("customer", "more"), tree.find("roles")
        words = CUSTOMER.union(more.entries if more else ())
        own = {key for key, row in rows().customer.items() if row.set_by_people}
        return {
            **self.names(),
            "role": [*roles.entries] if roles else [],
            "fact": sorted(words | CASE_FACTS | FAMILY_FACTS | own),
            "words": {"customer": words},
        }

    def validate(self, model: type[M], tree: Node, context: dict[str, Any]) -> M | None:
        try:
            return model.model_validate(tree.plain, by_alias=True, by_name=False, context=context)
        except ValidationError as error:
            for spot, words in complaints(error, tree, model):
                if spot.own:
                    self.findings.append(Finding.at(spot, words))
                else:
                    words = f"this does not go with {spot.file}:{spot.line}: {spot.key}: {words}"
                    self.misfits.append(Finding.at(tree.spot, words))
            return None
