"""What an org lacks of what it should have; each adapter says what is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from integrations.contract import (
    Field,
    FieldSpec,
    FieldType,
    MendSpec,
    ObjectSpec,
    Schema,
    SegmentSpec,
    Spec,
)

_CHOICES = (FieldType.CHOICE, FieldType.CHOICES)


def lacking(
    wanted: Iterable[Spec], schemas: Mapping[str, Schema], segments: Collection[str]
) -> Iterator[Spec]:
    """What is not there, and what of it is not whole; a field of another type is left alone."""
    mends = []
    listed = list(wanted)
    made = {spec.name for spec in listed if isinstance(spec, ObjectSpec)}
    for spec in listed:
        match spec:
            case SegmentSpec(name=name):
                if name not in segments:
                    yield spec
            case FieldSpec(object=object, name=name):
                schema = schemas.get(object)
                if schema is None and object in made:
                    continue  # they come with it
                if schema is None or (field := schema.fields.get(name)) is None:
                    yield spec
                elif mend := _mend(spec, field):
                    mends.append(mend)
            case ObjectSpec(name=name):
                if name not in schemas:
                    yield spec
            case MendSpec():
                mends.append(spec)
    yield from mends


def _mend(spec: FieldSpec, field: Field) -> MendSpec | None:
    if not spec.kept:
        return None
    alike = field.type is spec.type or not {field.type, spec.type} & {*_CHOICES}
    there = {option.value for option in field.options if option.active}
    choices = spec.options if field.type is spec.type and spec.type in _CHOICES else ()
    options = tuple(option for option in choices if option.value not in there)
    edit = alike and spec.written and not field.writable and not field.calculated
    return MendSpec(field=spec, options=options, edit=edit) if options or edit else None
