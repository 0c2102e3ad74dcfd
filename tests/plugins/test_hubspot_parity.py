"""HubSpot's cards, the default mapping and what provisioning creates never disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import requests
import yaml

from integrations.contract import FieldSpec
from integrations.registry import Access, connect
from integrations.sandbox.open import open_sandbox
from mappings.loader import load_text
from mappings.translate import names
from mappings.wanted import wanted
from tests.plugins.hubspot import CARDS, LANGUAGES, OBJECTS, ROOT, WORDS, fields, files, of

#: Type of fields.yaml -> type and field type in HubSpot; "Properties" in its API reference.
TYPES = {
    "text": ("string", "text"),
    "url": ("string", "text"),
    "words": ("string", "textarea"),
    "choice": ("enumeration", "select"),
    "choices": ("enumeration", "checkbox"),
    "number": ("number", "number"),
    "percent": ("number", "number"),
    "date": ("date", "date"),
    "flag": ("bool", "booleancheckbox"),
}
Properties = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(name="portal", scope="module")
def _portal() -> Iterator[Properties]:
    """The properties of an account that `aurevoir provision` has just been run on."""
    loaded = load_text("", crm="hubspot")
    with open_sandbox(world="empty", hubspot_port=0, salesforce_port=0) as box:
        token = box.world.dialects["hubspot"].credentials()["token"]
        access = Access(token=token, url=box.urls["hubspot"], paced=False)
        crm = connect(
            "hubspot", access, names(loaded.programme, loaded.rows), lambda operation: nullcontext()
        )
        for spec in crm.missing(wanted(loaded.programme, loaded.rows)):
            crm.provision(spec)
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token}"
            yield {
                (object, found["name"]): found
                for object in set(OBJECTS.values())
                for found in session.get(
                    f"{box.urls['hubspot']}/crm/properties/2026-09/{object}", timeout=10
                ).json()["results"]
            }


@pytest.mark.parametrize("name", ["fields.json", "words.json"])
def test_generated_files_are_fresh(name: str) -> None:
    path = CARDS / name
    assert path.read_text(encoding="utf-8") == files()[path], (
        f"{path.relative_to(ROOT)} is stale; run `python -m tests.plugins.hubspot`"
    )


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_cards_fields_are_what_provisioning_creates(kind: str, portal: Properties) -> None:
    for key, field in fields()[kind].items():
        made = portal[OBJECTS[kind], field["name"]]
        assert made["label"] == field["label"], key
        assert (made["type"], made["fieldType"]) == TYPES[field["type"]], key
        assert made["description"] == field["help"], key
        assert made.get("hasUniqueValue", False) == field["unique"], key
        if field["type"] != "flag":
            options = [{"value": o["value"], "label": o["label"]} for o in made.get("options", ())]
            assert options == field["options"], key


def test_the_cards_have_every_field_that_provisioning_creates() -> None:
    loaded = load_text("", crm="hubspot")
    objects = {"task": "tasks", "note": "notes"}
    created = {
        (objects.get(spec.object, spec.object), spec.name)
        for spec in wanted(loaded.programme, loaded.rows)
        if isinstance(spec, FieldSpec)
    }
    known = {
        (OBJECTS[kind], field["name"]) for kind, rows in fields().items() for field in rows.values()
    }
    assert known == created


def test_every_choice_on_a_card_has_a_word_in_every_language() -> None:
    given = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    for key, labels in given["choices"].items():
        row = next(rows[key] for kind in OBJECTS if key in (rows := of(kind)))
        assert labels.keys() == row.values.keys(), key
        assert all(text.keys() == {*LANGUAGES} - {"en"} for text in labels.values()), key
    assert all(text.keys() == {*LANGUAGES} for text in given["card"].values())


def test_every_word_is_said_and_no_word_is_elsewhere() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in CARDS.glob("*.ts*"))
    given = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    pages = ROOT / "integrations/sandbox/pages"
    said += "".join(
        p.read_text(encoding="utf-8") for p in pages.rglob("card*") if p.suffix in (".html", ".py")
    )
    assert [word for word in given["card"] if not re.search(rf"\b{word}\b", said)] == []
    for path in CARDS.glob("*.tsx"):
        loose = re.findall(r">\s*([A-Za-z][^<>{}()=;]*?)\s*</", path.read_text(encoding="utf-8"))
        assert loose == [], path.name
