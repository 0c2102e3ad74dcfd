"""What HubSpot's cards have from elsewhere: our fields, the card's layout and its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from mappings.loaded import Loaded
from mappings.loader import load, load_text
from mappings.rows import Kind, Row
from mappings.translate import Placed, placed

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "integrations/hubspot/plugin"
CARDS = PLUGIN / "src/app/cards"
WORDS = ROOT / "integrations/sandbox/pages/words.yaml"
LAYOUT = ROOT / "integrations/sandbox/pages/layout.yaml"
LANGUAGES: Final = ("en", "de", "fr", "es")
CRM: Final = "hubspot"
#: Kind of row -> HubSpot's object, in the default mapping.
OBJECTS = {
    "watched": "companies",
    "customer": "companies",
    "person": "contacts",
    "task": "tasks",
    "note": "notes",
}


def read(mapping: Path | None = None) -> Loaded:
    """A mapping, or the default one. Raises MappingError."""
    return load(mapping, crm=CRM) if mapping else load_text("", crm=CRM)


def fields(loaded: Loaded) -> dict[str, dict[str, Any]]:
    """Every field of ours as this account has it, by kind of record and our key."""
    watched = {key: _field(row, row.names[CRM]) for key, row in loaded.rows.watched.items()}
    stage = loaded.programme.watch[0].stage
    if stage not in {field["name"] for field in watched.values()}:
        watched = {key: {**field, "name": stage} for key, field in watched.items()}
    made: dict[str, dict[str, Any]] = {"watched": watched}
    for kind in get_args(Kind):
        places = placed(loaded.programme, loaded.rows, kind)
        made[kind] = {
            key: _placed(row, places.get(key)) for key, row in loaded.rows.of(kind).items()
        }
    return made


def words(loaded: Loaded) -> dict[str, dict[str, Any]]:
    """Every word of the cards, by language."""
    given = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {language: _spoken(loaded, given, language) for language in LANGUAGES}


def layout(loaded: Loaded) -> dict[str, Any]:
    """What stands on the card and in which order; choices are named as the account has them."""
    found: dict[str, Any] = yaml.safe_load(LAYOUT.read_text(encoding="utf-8"))
    status, basis = (_theirs(loaded, key) for key in ("status", "contact_basis"))
    return {
        **found,
        "phases": [status(phase) for phase in found["phases"]],
        "ends": {status(end): shown for end, shown in found["ends"].items()},
        "no_basis": basis("none"),
    }


def files(loaded: Loaded) -> dict[Path, str]:
    """The generated files, from the plugin's folder, and what should be in them."""
    cards = CARDS.relative_to(PLUGIN)
    return {
        cards / "fields.json": _json(fields(loaded)),
        cards / "words.json": _json(words(loaded)),
        cards / "layout.json": _json(layout(loaded)),
    }


def english(loaded: Loaded, key: str) -> Row:
    """The row whose label or choices are shown; its key is the same on customers, people, tasks."""
    rows = loaded.rows
    return {**rows.task, **rows.person, **rows.customer}[key]


def _placed(row: Row, place: Placed | None) -> dict[str, Any]:
    """Where the mapping has put it; what it has switched off keeps our name and stays empty."""
    field = _field(row, place.field if place else row.names[CRM])
    if place and place.values:
        for option in field["options"]:
            option["value"] = place.values.get(option["value"], option["value"])
    return field


def _field(row: Row, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": row.label,
        "type": row.type.value,
        "options": [{"value": value, "label": label} for value, label in row.values.items()],
        "unique": row.unique,
        "setBy": row.set_by,
        "help": row.help,
    }


def _theirs(loaded: Loaded, key: str) -> Callable[[str], str]:
    """From our choice of a field to the one that the mapping has for it."""
    places = loaded.programme.fields
    place = {**places.task, **places.person, **places.customer}[key]
    return lambda value: place.values.get(value, value)


def _spoken(loaded: Loaded, given: Mapping[str, Any], language: str) -> dict[str, Any]:
    def labels(texts: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, str]:
        return {
            key: own[key] if language == "en" else text[language] for key, text in texts.items()
        }

    def choices(key: str, texts: Mapping[str, Any]) -> dict[str, str]:
        row, theirs = english(loaded, key), _theirs(loaded, key)
        said = labels({value: texts[value] for value in row.values if value in texts}, row.values)
        return {theirs(value): said.get(value, label) for value, label in row.values.items()}

    return {
        "card": {key: text[language] for key, text in given["card"].items()},
        "fields": labels(
            given["fields"], {key: english(loaded, key).label for key in given["fields"]}
        ),
        "choices": {key: choices(key, texts) for key, texts in given["choices"].items()},
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
