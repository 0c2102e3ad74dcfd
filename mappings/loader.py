"""Mapping files from disk: YAML over the defaults of the CRM, checked, with the line of every key.

The only module of ``mappings`` that reads files. Every complaint about a mapping and the playbooks
and the survey it names is given at once, in one MappingError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path as File
from typing import Any, TypeVar

from pydantic import ValidationError

from mappings.complaints import complaints
from mappings.conditions import CASE_FACTS, FAMILY_FACTS
from mappings.consistency import consistency
from mappings.document import CREDENTIAL, Node, parse
from mappings.findings import Finding, MappingError, Spot, did_you_mean
from mappings.letters import Letterbook
from mappings.loaded import Loaded
from mappings.model import Model
from mappings.programme import Programme
from mappings.reasons import REASONS
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
    there = sorted(one.name for one in file.parent.glob("*.yaml"))
    mend = f"; aurevoir.yaml names it as a mapping{did_you_mean(file.name, there, listing=False)}"
    return load_text(_text(file, mend), crm=crm, env=env, name=str(path), folder=file.parent)


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
    questionnaire, letters = reading.questionnaire(tree), reading.letters(tree)
    programme = reading.validate(Programme, tree, reading.context(tree))
    if programme is None or questionnaire is None or letters is None or reading.findings:
        raise _error(reading.findings or reading.misfits)
    segments = [segment.segment for segment in programme.alumni]
    loaded = Loaded(
        programme=programme,
        rows=rows(*segments),
        questionnaire=questionnaire,
        letters=letters,
        tree=tree,
    )
    if findings := [*consistency(loaded)]:
        raise _error(findings)
    return loaded


def load_service(
    path: File | str, *, env: Mapping[str, str] | None = None, signs_in: bool = True
) -> Service:
    """Read ``aurevoir.yaml``; its paths are taken from its own folder. Raises MappingError.

    Who does not sign in needs no credentials: an emergency is stopped from any shell.
    """
    file = File(path)
    reading = _Reading(env=env or {})
    first, *others = crms()
    mend = f"; `aurevoir init --crm {first}`, or {' or '.join(others)}, writes one"
    tree = reading.parse(_text(file, mend), str(path))
    if not signs_in:
        reading.findings = [one for one in reading.findings if not CREDENTIAL.match(one.key)]
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


def _text(file: File, mend: str = "") -> str:
    """What is in a file; ``mend`` says what to do where there is none."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        words = f"there is no such file{mend}"
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
    if kind in ("surveys", "letters"):
        return {"exit": "survey.yaml"} if kind == "surveys" else {"goodbye": "letters.yaml"}
    files = sorted(file.name for file in (_DEFAULTS / kind).iterdir())
    return {file.removesuffix(".yaml"): f"{kind}/{file}" for file in files}


@cache
def rows(*segments: str) -> Rows:
    """The fields that we put into a CRM, for a mapping with these segments."""
    data: Any = _built_in("fields.yaml").plain
    departure: Any = _built_in("departure.yaml").plain
    return Rows.read(data, departure, segments=segments)


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
        defaults = defaults.holding(consent=_built_in("consent.yaml"))
        self.taken_out("role", own.find("roles"), defaults.find("roles"))
        rules = ("consent", "rules")
        self.taken_out("rule", own.find(*rules), defaults.find(*rules))
        tree = own.over(defaults.holding(fields=self.fields()))
        books = Node(spot=own.spot, value=dict(self.books(tree)))
        tree = tree.holding(crm=Node(spot=own.spot, value=self.crm), books=books)
        tree, touches = self.touches(tree, own, defaults)
        if roles := tree.find("roles"):
            self.missed(roles, [*books.entries.values(), *touches])
            tree = tree.holding(roles=roles.without_off())
        if (consent := tree.find("consent")) and (kept := consent.find("rules")):
            tree = tree.holding(consent=consent.holding(rules=kept.without_off()))
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

    def touches(self, tree: Node, own: Node, defaults: Node) -> tuple[Node, list[Node]]:
        """The programme with its touches in order, the admin's own first; and those alone."""
        part, given = tree.find("touches"), own.find("touches", "steps")
        steps = part.find("steps") if part else None
        if part is None or steps is None:
            return tree, []
        self.taken_out("touch", given, defaults.find("touches", "steps"))
        first = given.entries if given else {}
        ordered = sorted(steps.entries, key=lambda name: name not in first)
        if isinstance(steps.value, dict):
            steps = replace(steps, value={n: steps.entries[n] for n in ordered}).without_off()
        part = part.holding(steps=steps)
        return tree.holding(touches=part), [part]

    def missed(self, roles: Node, books: list[Node]) -> None:
        """Roles that are switched off and still have steps."""
        for role, node in roles.entries.items():
            steps = [
                name
                for book in (books if node.value is None else ())
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
        survey = _spoken(found, _built_in("survey.yaml"))
        return self.validate(Questionnaire, survey, self.names())

    def letters(self, tree: Node) -> Letterbook | None:
        """The letters that the mapping uses, over the built-in ones."""
        use = tree.find("letters", "use")
        found = self.find("letters", use) if use and isinstance(use.value, str) else None
        return self.validate(Letterbook, _spoken(found, _built_in("letters.yaml")), {})

    def names(self) -> dict[str, Any]:
        """What the models may take for known."""
        return {f"{kind} field": [*rows().of(kind)] for kind in KINDS} | {"reason": [*REASONS]}

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


def _spoken(own: Node | None, built_in: Node) -> Node:
    """Texts over the built-in ones; a language that ``off`` takes out is left out.

    Questions of one's own silence the built-in languages that cannot ask them.
    """
    if own is None or own is built_in:
        return built_in
    laid = own.over(built_in)
    asked = {
        part: [str(key.value) for entry in listed if (key := entry.find("key"))]
        for part, path in (("questions", ("questions",)), ("check", ("check",)))
        if (node := laid.find(*path)) and isinstance(listed := node.value, list)
    }
    texts = laid.find("texts")
    if texts is None or not texts.entries:
        return laid
    said = own.find("texts")
    mine = said.entries if said else {}
    default = spoken.value if (spoken := laid.find("language")) else ""
    kept = {
        language: node
        for language, node in texts.without_off().entries.items()
        if language in mine or language == default or _asks(node, asked)
    }
    return laid.holding(texts=replace(texts, value=kept))


def _asks(language: Node, asked: Mapping[str, list[str]]) -> bool:
    """Whether a language has the words of all questions."""
    places = {"questions": ("questions",), "check": ("check", "questions")}
    return all(
        language.find(*places[part], key) is not None
        for part, keys in asked.items()
        for key in keys
    )
