"""Names in a query, resolved against the schema as this user sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from integrations.sandbox.salesforce.field import Field
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.shown import Json, Reader, as_name, reader
from integrations.sandbox.salesforce.soql.functions import Apply, function, result, takes
from integrations.sandbox.salesforce.soql.syntax import Path, Query, malformed
from integrations.sandbox.salesforce.table import Row, Table

ADVICE = "Please reference your WSDL or the describe call for the appropriate names."


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A field of the queried records, or of records they point at."""

    path: Path
    #: The references that lead there.
    steps: tuple[Field, ...]
    field: Field
    #: The value, from the record that has it, and from the queried record.
    leaf: Reader
    read: Reader
    alias: str | None = None

    @property
    def shown(self) -> str:
        """The key of the value in the answer."""
        return self.alias or self.field.name

    @property
    def name(self) -> str:
        """Its path by the names of the schema."""
        steps = (step.relationship or step.name for step in self.steps)
        return ".".join((*steps, self.shown))

    @property
    def plain(self) -> bool:
        """Whether it is a field of the queried object itself."""
        return not self.steps and not self.path.functions


class Scope:
    """The object of a query, and what its names mean."""

    def __init__(
        self,
        org: Org,
        query: Query,
        *,
        all_rows: bool,
        tooling: bool = False,
        of: SObject | None = None,
    ) -> None:
        self.org = org
        self.query = query
        #: Deleted records count too.
        self.all_rows = all_rows
        self.tooling = tooling
        name = query.object.text
        found = of or org.schema.find(name, tooling=tooling)
        if found is not None and not found.facts["queryable"]:
            words = f"entity type {found.name} does not support query"
            raise self.refuse(query.object, words, code="INVALID_TYPE_FOR_OPERATION")
        if found is None:
            raise self.refuse(
                query.object,
                f"sObject type '{name}' is not supported. If you are attempting to use a custom "
                f"object, be sure to append the '__c' after the entity name. {ADVICE}",
                code="INVALID_TYPE",
            )
        self.sobject: SObject = found
        self.table: Table = org[found.name]

    def inside(self, query: Query, *, of: SObject | None = None) -> Scope:
        """The scope of a query inside this one; ``of`` where its FROM names no object."""
        return Scope(self.org, query, all_rows=self.all_rows, tooling=self.tooling, of=of)

    def refuse(self, path: Path, words: str, *, code: str = "INVALID_FIELD") -> Refusal:
        """A refusal that points at this name."""
        return malformed(self.query.text, path.at, words, code=code)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the user who asks."""
        return ZoneInfo(str(self.org["User"].rows[self.org.integration]["TimeZoneSidKey"]))

    @property
    def today(self) -> date:
        """The day it is for the user who asks."""
        return self.org.clock.now().astimezone(self.zone).date()

    def column(self, path: Path) -> Column:
        """What a path means; raises Refusal."""
        if path.call:
            words = f"unexpected token: '{path.call}'"
            raise self.refuse(path, words, code="MALFORMED_QUERY")
        parts = path.text.split(".")
        own = {self.sobject.name.lower(), (self.query.alias or "").lower()}
        if len(parts) > 1 and parts[0].lower() in own and not self.sobject.related(parts[0]):
            parts = parts[1:]
        home, steps = self.sobject, list[Field]()
        for part in parts[:-1]:
            step = home.related(part)
            if step is None or not self.org.sees(home, step):
                raise self.refuse(
                    path,
                    f"Didn't understand relationship '{part}' in field path. If you are attempting "
                    "to use a custom relationship, be sure to append the '__r' after the custom "
                    f"relationship name. {ADVICE}",
                )
            steps.append(step)
            home = self.org.schema["Name" if step.name_pointing else step.reference_to[0]]
        field = self.org.find_field(home, parts[-1])
        if field is None:
            raise self.refuse(
                path,
                f"No such column '{parts[-1]}' on entity '{home.name}'. If you are attempting to "
                "use a custom field, be sure to append the '__c' after the custom field name. "
                f"{ADVICE}",
            )
        pointing = bool(steps) and steps[-1].name_pointing
        leaf = partial(as_name, self.org, field.name) if pointing else reader(field)
        for name in reversed(path.functions):
            if not takes(name, field):
                words = f"field {field.name} does not support function {name}"
                raise self.refuse(path, words, code="MALFORMED_QUERY")
            leaf = _composed(function(name, field, self.zone), leaf)
            field = result(name, field)
        read = self._through(steps, leaf) if steps else leaf
        return Column(path=path, steps=tuple(steps), field=field, leaf=leaf, read=read)

    def _through(self, steps: list[Field], leaf: Reader) -> Reader:
        names, org = [step.name for step in steps], self.org

        def read(row: Row) -> Json:
            for name in names:
                target = row.get(name)
                found = org.get(target) if isinstance(target, str) else None
                if found is None:
                    return None
                row = found
            return leaf(row)

        return read


def _composed(outer: Apply, inner: Reader) -> Reader:
    return lambda row: outer(inner(row))
