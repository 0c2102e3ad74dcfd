"""Whether a field of the CRM is what a line of the mapping needs, and what it may be called now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from integrations.contract import Field, FieldType, Schema, Trouble
from mappings.findings import Severity
from mappings.needs import Need
from mappings.translate import TEXTUAL, Placed

#: (object, field) -> label and type, as they were when the field was seen last.
Remembered = Mapping[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfit:
    """What is wrong with a field that is there."""

    trouble: Trouble
    words: str
    #: Where the admin's own line names the field, and where one of ours does.
    severity: Severity = "error"
    default: Severity = "error"

    @property
    def stops(self) -> bool:
        """Whether nothing can be written to the field at all."""
        return self.default == "error" and self.trouble is not Trouble.OPTION


def misfits(need: Need, field: Field, *, own: bool) -> Iterator[Misfit]:
    """What is wrong with a field; ``own``: the admin's own line names it."""
    if need.types and field.type not in need.types:
        wanted = " or ".join(sorted(need.types - {FieldType.OTHER}))
        words = f'"{need.field}" is of the type {field.type}; this needs {wanted}'
        vital = need.required or need.placed is not None or own
        mend, default = ("name another field", "error") if vital else ("it is left out", "hint")
        severity: Severity = "error" if default == "error" else "hint"
        words = f"{words}; {mend}"
        yield Misfit(trouble=Trouble.RETYPED, words=words, default=severity)
    elif need.placed:
        yield from _written(need.placed, field)


def _written(place: Placed, field: Field) -> Iterator[Misfit]:
    row, name = place.row, f'"{field.name}"'
    if row.written and not field.writable:
        mend = "run `aurevoir provision`" if place.ours else "grant access, or set it to off"
        words = f"{name} may not be written by our user; {mend}"
        yield Misfit(trouble=Trouble.PERMISSION, words=words)
    if field.type in TEXTUAL and field.length and row.length and field.length < row.length:
        mend = "choose a longer field" if row.unique else "longer texts are cut"
        words = f"{name} holds {field.length} characters, this needs {row.length}; {mend}"
        severity: Severity = "error" if row.unique else "hint"
        yield Misfit(trouble=Trouble.RETYPED, words=words, severity=severity, default=severity)
    if row.unique and not field.unique:
        words = f"{name} is not unique; make it so, or a crash may leave a task twice"
        yield Misfit(trouble=Trouble.RETYPED, words=words, severity="warning", default="warning")
    options = {option.value for option in field.options if option.active}
    choices = [place.values.get(choice, choice) for choice in row.values]
    lacking = [choice for choice in choices if choice not in options]
    if options and lacking:
        mend = "run `aurevoir provision`" if place.ours else "add them, or map values"
        words = f"{name} lacks the choices {', '.join(lacking)}; {mend}"
        severity = "error" if row.written and field.restricted else "warning"
        yield Misfit(trouble=Trouble.OPTION, words=words, severity=severity, default=severity)


def successor(
    need: Need, schema: Schema, remembered: Remembered, taken: Collection[tuple[str, str]]
) -> Field | None:
    """The one field that has label and type of a field that was there, and is gone.

    ``taken``: what the mapping names already. Where two would do, none is said to be it.
    """
    if (known := remembered.get((need.object, need.field))) is None:
        return None
    label, type = known
    alike = [
        field
        for field in schema.fields.values()
        if field.label.casefold() == label.casefold()
        and field.type == type
        and (schema.object, field.name) not in taken
    ]
    return alike[0] if len(alike) == 1 else None
