"""HubSpot's cards, the default mapping and what provisioning creates never disagree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
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
from tools.hubspot_plugin.__main__ import main
from tools.hubspot_plugin.model import (
    CARDS,
    LANGUAGES,
    LAYOUT,
    OBJECTS,
    PLUGIN,
    WORDS,
    english,
    fields,
    files,
    read,
)

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
LOADED = read()
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


@pytest.mark.parametrize("path", files(LOADED), ids=str)
def test_generated_files_are_fresh(path: Path) -> None:
    assert (PLUGIN / path).read_text(encoding="utf-8") == files(LOADED)[path], "run `make plugins`"


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_cards_fields_are_what_provisioning_creates(kind: str, portal: Properties) -> None:
    for key, field in fields(LOADED)[kind].items():
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
        (OBJECTS[kind], field["name"])
        for kind, rows in fields(LOADED).items()
        for field in rows.values()
    }
    assert known == created


def test_every_choice_on_a_card_has_a_word_in_every_language() -> None:
    given = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    for key, labels in given["choices"].items():
        assert labels.keys() == english(LOADED, key).values.keys(), key
        assert all(text.keys() == {*LANGUAGES} - {"en"} for text in labels.values()), key
    assert all(text.keys() == {*LANGUAGES} for text in given["card"].values())


def test_the_layout_names_our_fields_and_words() -> None:
    given = yaml.safe_load(LAYOUT.read_text(encoding="utf-8"))
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    customer = LOADED.rows.customer
    shown = {*given["standing"], *given["feedback"]}
    edited = [key for keys in given["edited"].values() for key in keys]
    assert shown | {*edited} <= customer.keys()
    assert shown <= words["fields"].keys()
    assert {*given["edited"], *(end["says"] for end in given["ends"].values())} <= {*words["card"]}
    assert [*given["phases"], *given["ends"]] == list(customer["status"].values)
    assert set(given["reasons"]) <= set(given["feedback"])
    # What people may set can be set on the card; what has a highest number is shown with it.
    assert sorted(edited) == sorted(key for key, row in customer.items() if row.set_by_people)
    assert given["out_of"] == {
        key: row.high for key, row in customer.items() if key in shown and row.high
    }


def test_a_copy_for_a_mapping_reads_an_admins_own_properties(tmp_path: Path) -> None:
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text(
        "watch: [{object: companies, stage: lifecyclestage,"
        " enters: {notice: [churning], leaving: [churned]}, returns: [customer]}]\n"
        "fields:\n"
        "  customer:\n"
        "    exit_reason: {field: churn_reason, values: {price: Too dear}}\n"
        "alumni: [{segment: vip, list: 'Alumni: VIP', when: {reason: [price]}}]\n"
    )
    into = tmp_path / "project"
    assert main(["--mapping", str(mapping), "--into", str(into)]) == 0
    cards = into / CARDS.relative_to(PLUGIN)
    made = json.loads((cards / "fields.json").read_text(encoding="utf-8"))
    assert made["watched"]["customer_stage"]["name"] == "lifecyclestage"
    assert made["customer"]["exit_reason"]["name"] == "churn_reason"
    assert made["customer"]["decision"]["name"] == "aurevoir_decision"
    said = json.loads((cards / "words.json").read_text(encoding="utf-8"))
    assert said["de"]["choices"]["exit_reason"]["Too dear"] == "Preis"
    assert said["de"]["choices"]["exit_reason"]["budget_cut"] == "Budgetkürzung"
    assert said["de"]["choices"]["alumni_segments"] == {"vip": "Vip"}
    assert not list(into.rglob("*.test.*"))
    assert (PLUGIN / "src/app/cards/fields.json").read_text() != (cards / "fields.json").read_text()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--mapping", "hubspot.yaml"], "say where, with --into"),
        (["--into", "."], "is there already"),
        (["--into", "new", "--hooks", "http://a.example"], "https:// only"),
    ],
)
def test_what_cannot_be_written_is_said(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert complaint in capsys.readouterr().err


def test_a_mapping_that_is_wrong_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("wacth: []\n")
    assert main(["--mapping", str(mapping), "--into", str(tmp_path / "new")]) == 2
    assert 'did you mean "watch"' in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_every_word_is_said_and_no_word_is_elsewhere() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in CARDS.glob("*.ts*"))
    given = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    said += LAYOUT.read_text(encoding="utf-8")
    pages = LAYOUT.parent
    said += "".join(
        p.read_text(encoding="utf-8") for p in pages.rglob("card*") if p.suffix in (".html", ".py")
    )
    assert [word for word in given["card"] if not re.search(rf"\b{word}\b", said)] == []
    for path in CARDS.glob("*.tsx"):
        loose = re.findall(r">\s*([A-Za-z][^<>{}()=;]*?)\s*</", path.read_text(encoding="utf-8"))
        assert loose == [], path.name
