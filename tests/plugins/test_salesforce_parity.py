"""The plugin, the default mapping and provisioning say the same of every field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
import yaml

from integrations.contract import Crm, FieldSpec
from integrations.registry import Access, connect
from integrations.sandbox.open import open_sandbox
from mappings.rows import Row
from mappings.translate import names
from mappings.wanted import wanted
from tools.salesforce_plugin.__main__ import main
from tools.salesforce_plugin.model import PLUGIN, SHARED, Model, read
from tools.salesforce_plugin.source import made, there
from tools.salesforce_plugin.words import ENGLISH, LANGUAGES

NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
#: A type of ours -> what Salesforce calls it.
TYPES = {
    "text": "Text",
    "words": "LongTextArea",
    "choice": "Picklist",
    "choices": "MultiselectPicklist",
    "number": "Number",
    "percent": "Percent",
    "date": "Date",
    "flag": "Checkbox",
    "url": "Url",
}


@pytest.fixture(scope="module", name="model")
def _model() -> Model:
    return read()


def plain(element: ElementTree.Element) -> Any:
    """An element as JSON has it; what may stand there several times is a list."""
    if not len(element):
        text = element.text or ""
        return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)
    found: dict[str, Any] = {}
    for child in element:
        name = child.tag.removeprefix(NAMESPACE)
        if name in ("value", "picklistValues"):
            found.setdefault(name, []).append(plain(child))
        else:
            found[name] = plain(child)
    return found


@pytest.fixture(scope="module", name="fields")
def _fields() -> dict[str, Any]:
    """The fields as the plugin has them: ``Account.Aurevoir_Case__c`` -> its metadata."""
    return {
        f"{path.parents[1].name}.{path.name.split('.')[0]}": plain(
            ElementTree.parse(path).getroot()
        )
        for path in PLUGIN.glob("*/main/default/objects/*/fields/*.xml")
    }


def rows(model: Model) -> dict[str, Row]:
    """The same from mappings/defaults/fields.yaml."""
    groups = model.loaded.rows
    return {
        f"{object}.{row.names['salesforce']}": row
        for object, kind in (
            ("Account", groups.watched),
            ("Account", groups.customer),
            ("Contact", groups.person),
            ("Activity", groups.task),
            ("Activity", groups.note),
        )
        for row in kind.values()
        if "salesforce" not in row.same_as
    }


def test_the_files_are_up_to_date(model: Model) -> None:
    wanted_files, files = made(model), there(PLUGIN)
    stale = {name for name in wanted_files if wanted_files[name] != files.get(name)}
    assert not stale | (files.keys() - wanted_files.keys()), "run `make plugins`"


def test_the_plugin_has_the_fields_of_the_default_mapping(
    model: Model, fields: dict[str, Any]
) -> None:
    expected = rows(model)
    assert fields.keys() == expected.keys()
    assert len(fields) > 40
    for name, row in expected.items():
        field = fields[name]
        assert field["label"] == row.label
        assert field["inlineHelpText"] == row.help
        assert field["type"] == TYPES[row.type.value]
        assert field.get("length") == (row.length or field.get("length"))
        assert field.get("unique", False) == field.get("externalId", False) == row.unique
        assert field.get("caseSensitive", False) == row.case_sensitive
        choices = field.get("valueSet", {}).get("valueSetDefinition", {}).get("value", [])
        assert {c["fullName"]: c["label"] for c in choices} == row.values
        assert field.get("valueSet", {}).get("restricted", False) == bool(row.values)


@contextmanager
def org(
    model: Model, *, field_security: bool = False
) -> Iterator[tuple[Crm, requests.Session, str]]:
    """An empty org: through the adapter, and through its API."""
    with open_sandbox(world="empty", hubspot_port=0, salesforce_port=0) as box:
        box.world.dialects["salesforce"].options["field_security"] = field_security
        secrets, url = box.world.dialects["salesforce"].credentials(), box.urls["salesforce"]
        access = Access(
            client_id=secrets["client_id"], client_secret=secrets["client_secret"], url=url
        )
        given = names(model.loaded.programme, model.loaded.rows)
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {secrets['token']}"
            yield (
                connect("salesforce", access, given, lambda operation: nullcontext()),
                session,
                f"{url}/services/data/v62.0",
            )


def described(session: requests.Session, home: str) -> dict[str, Any]:
    """Our fields as an org describes them."""
    return {
        f"{object}.{field['name']}": {k: v for k, v in field.items() if k != "tracked"}
        for object in ("Account", "Contact", "Task", "Event")
        for field in session.get(f"{home}/sobjects/{object}/describe").json()["fields"]
        if field["name"].startswith(("Aurevoir_", "Customer_Stage__c"))
    }


def test_the_plugin_and_provisioning_make_the_same_fields(
    model: Model, fields: dict[str, Any]
) -> None:
    specs = wanted(model.loaded.programme, model.loaded.rows)
    with org(model) as (crm, session, home):
        for spec in specs:
            crm.provision(spec)
        provisioned = described(session, home)
    with org(model) as (crm, session, home):
        for name, metadata in fields.items():
            body = {"FullName": name, "Metadata": metadata}
            answer = session.post(f"{home}/tooling/sobjects/CustomField", json=body)
            assert answer.status_code == 201, (name, answer.text)
        deployed = described(session, home)
        missing = crm.missing([spec for spec in specs if isinstance(spec, FieldSpec)])
    assert len(provisioned) > 40
    assert deployed == provisioned
    assert missing == ()


def test_the_plugin_and_provisioning_permit_the_same_to_the_service(model: Model) -> None:
    with org(model, field_security=True) as (crm, session, home):
        for spec in wanted(model.loaded.programme, model.loaded.rows):
            crm.provision(spec)
        query = "SELECT Field, PermissionsEdit FROM FieldPermissions WHERE Parent.Name = '{}'"
        answer = session.get(f"{home}/query", params={"q": query.format("Aurevoir_Service")})
        provisioned = {row["Field"]: row["PermissionsEdit"] for row in answer.json()["records"]}
    ours = {
        f"{'Task' if placed.object == 'Activity' else placed.object}.{placed.spec.name}"
        for placed in model.fields
    }
    deployed: dict[str, bool] = {}
    for package, name in (("force-app", "Aurevoir_Service"), ("stage", "Aurevoir_Stage_Reader")):
        path = f"{package}/main/default/permissionsets/{name}.permissionset-meta.xml"
        for field in (
            ElementTree.parse(PLUGIN / path).getroot().iter(f"{NAMESPACE}fieldPermissions")
        ):
            given = plain(field)
            deployed[given["field"]] = given["editable"]
    assert provisioned == {name: edit for name, edit in deployed.items() if name in ours}
    assert provisioned.keys() == ours
    assert provisioned["Account.Customer_Stage__c"] is False
    assert provisioned["Account.Aurevoir_Decision__c"] is False
    assert provisioned["Account.Aurevoir_Departs_On__c"] is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(fields: dict[str, Any], language: str) -> None:
    translated = {
        path.name.split(".")[0]: plain(ElementTree.parse(path).getroot())
        for folder in ("languages", "stage-languages")
        for path in (PLUGIN / folder / language).rglob("*.fieldTranslation-meta.xml")
    }
    ours = {name.partition(".")[2]: field for name, field in fields.items()}
    assert translated.keys() == ours.keys()
    for name, field in ours.items():
        assert 0 < len(translated[name]["label"]) <= 40
        choices = field.get("valueSet", {}).get("valueSetDefinition", {}).get("value", [])
        found = translated[name].get("picklistValues", [])
        assert [one["masterLabel"] for one in found] == [one["label"] for one in choices]
        assert all(one["translation"] for one in found)


def test_every_label_is_said_in_every_language(model: Model) -> None:
    assert len(model.words.labels) > 40
    for name, text in model.words.labels.items():
        assert text.keys() == {ENGLISH, *LANGUAGES}, name
        places = {language: sorted(re.findall(r"{\w+}", said)) for language, said in text.items()}
        assert len({tuple(found) for found in places.values()}) == 1, name


def test_no_word_is_left_over(model: Model) -> None:
    own = yaml.safe_load((PLUGIN / "words.yaml").read_text(encoding="utf-8"))
    shared = yaml.safe_load(SHARED.read_text(encoding="utf-8"))
    ours = {placed.row.key for placed in model.fields if not placed.watched}
    assert ours <= own["fields"].keys() | shared["fields"].keys()
    assert own["fields"].keys() <= ours - shared["fields"].keys()
    assert not own["card"].keys() & shared["card"].keys()
    assert not own["choices"].keys() & shared["choices"].keys()


OWN = """\
watch:
  - {object: Account, stage: Lifecycle__c, enters: {notice: [Leaving], leaving: [Gone]},
     returns: [Live]}
fields:
  customer: {exit_reason: {field: Churn_Reason__c}}
  person: {alumni_segments: {field: Segments__c}}
alumni: [{segment: vip, list: "Alumni: VIP", when: {reason: [price]}}]
"""


def test_a_copy_for_a_mapping_reads_an_orgs_own_fields(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    into = tmp_path / "plugin"
    assert main(["--mapping", str(tmp_path / "own.yaml"), "--into", str(into)]) == 0
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in into.rglob("*")
        if path.suffix in (".xml", ".js", ".html") and "optional" not in path.parts
    }
    gone = re.compile("Aurevoir_Exit_Reason__c|Aurevoir_Alumni_Segments__c|Customer_Stage__c")
    assert [path for path, text in texts.items() if gone.search(text)] == []
    assert not list((into / "force-app").rglob("Aurevoir_Exit_Reason__c*"))
    kept = into / "optional/departures/main/default/objects/Aurevoir_Departure__c/fields"
    assert (kept / "Aurevoir_Exit_Reason__c.field-meta.xml").is_file(), "on an object of its own"
    assert not list(into.rglob("__tests__"))
    project = json.loads((into / "sfdx-project.json").read_text(encoding="utf-8"))
    assert [package["path"] for package in project["packageDirectories"]] == [
        *("force-app", "stage", "queues", "optional/departures"),
        *("languages/de", "languages/fr", "languages/es"),
    ]
    assert [path.name for path in (into / "stage").rglob("*.xml")] == [
        "Account.Aurevoir_Start.quickAction-meta.xml"
    ]
    (start,) = (into / "stage").rglob("*.xml")
    assert "<literalValue>Leaving</literalValue>" in texts[start]
    account = into / "force-app/main/default/lwc/aurevoirAccount/aurevoirAccount.js"
    assert "@salesforce/schema/Account.Churn_Reason__c" in texts[account]
    exits = into / "force-app/main/default/reportTypes/Aurevoir_Exits.reportType-meta.xml"
    assert "<field>Churn_Reason__c</field>" in texts[exits]
    assert (into / "force-app/main/default/objects/Contact/listViews").is_dir()
    assert [path.name for path in (into / "force-app").rglob("Aurevoir_Alumni_*")] == [
        "Aurevoir_Alumni_Vip.listView-meta.xml"
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "watch: [{object: Opportunity, stage: StageName, enters: {notice: [Lost]}}]\n",
            "this mapping watches Opportunity",
        ),
        ("wacth: []\n", 'did you mean "watch"'),
    ],
)
def test_a_mapping_that_does_not_fit_is_said(
    text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text(text)
    given = ["--mapping", str(tmp_path / "own.yaml"), "--into", str(tmp_path / "new")]
    assert main(given) == 2
    assert complaint in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(given[:2])
    assert "name both" in capsys.readouterr().err


def test_there_is_a_queue_for_every_department(model: Model) -> None:
    assert model.queues == (
        *("Customer Success", "Sales", "Support", "Billing"),
        *("IT", "Product", "Marketing", "Leadership"),
    )
    assert len(model.queues) == len(model.loaded.rows.task["department"].values)
