"""What HubSpot's cards have from elsewhere: our fields and the words of the card.

python -m tests.plugins.hubspot      writes both files again
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mappings.loader import load_text
from mappings.rows import Row, Rows

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "integrations/hubspot/plugin"
CARDS = PLUGIN / "src/app/cards"
WORDS = ROOT / "integrations/sandbox/pages/words.yaml"
LANGUAGES = ("en", "de", "fr", "es")
#: Kind of row -> HubSpot's object, in the default mapping.
OBJECTS = {
    "watched": "companies",
    "customer": "companies",
    "person": "contacts",
    "task": "tasks",
    "note": "notes",
}


@cache
def rows() -> Rows:
    """Our fields, with the segments of the default mapping."""
    return load_text("", crm="hubspot").rows


def of(kind: str) -> Mapping[str, Row]:
    """The rows of one kind, by our key."""
    found: Mapping[str, Row] = getattr(rows(), kind)
    return found


def fields() -> dict[str, dict[str, Any]]:
    """Every field of ours as HubSpot has it, by kind of record and our key."""
    return {kind: {key: _field(row) for key, row in of(kind).items()} for kind in OBJECTS}


def words() -> dict[str, dict[str, Any]]:
    """Every word of the cards, by language."""
    given = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {language: _spoken(given, language) for language in LANGUAGES}


def files() -> dict[Path, str]:
    """The generated files and what should be in them."""
    return {CARDS / "fields.json": _json(fields()), CARDS / "words.json": _json(words())}


def english(key: str) -> Row:
    """The row whose label or choices are shown; its key is the same on customers, people, tasks."""
    return {**of("task"), **of("person"), **of("customer")}[key]


def _field(row: Row) -> dict[str, Any]:
    return {
        "name": row.names["hubspot"],
        "label": row.label,
        "type": row.type.value,
        "options": [{"value": value, "label": label} for value, label in row.values.items()],
        "unique": row.unique,
        "setBy": row.set_by,
        "help": row.help,
    }


def _spoken(given: Mapping[str, Any], language: str) -> dict[str, Any]:
    def labels(texts: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, str]:
        return {
            key: own[key] if language == "en" else text[language] for key, text in texts.items()
        }

    return {
        "card": {key: text[language] for key, text in given["card"].items()},
        "fields": labels(given["fields"], {key: english(key).label for key in given["fields"]}),
        "choices": {
            key: labels(texts, english(key).values) for key, texts in given["choices"].items()
        },
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
