"""The Salesforce plugin turned into metadata format, every file held against the Metadata API."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.plugins.wsdl import Types
from tools.salesforce_plugin.model import PLUGIN

#: Files of Lightning web components other than their metadata.
CODE = {".css", ".html", ".js"}
FIELD = """<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>Plan__c</fullName>
    <label>Plan</label>
    <type>Text</type>
    <length>20</length>
    <unique>true</unique>
</CustomField>
"""


@pytest.fixture(scope="session", name="types")
def _types() -> Types:
    return Types()


@pytest.fixture(scope="session", name="converted")
def _converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every package in metadata format, made by Salesforce's own library, offline."""
    node = shutil.which("node")
    if node is None or not (PLUGIN / "node_modules").is_dir():
        words = "the plugin's node modules are not there; `make test-plugin-salesforce` gets them"
        if os.environ.get("AUREVOIR_PLUGINS") == "required":
            pytest.fail(words)
        pytest.skip(words)
    folder = tmp_path_factory.mktemp("mdapi")
    done = subprocess.run(
        [node, "convert.js", str(folder)], cwd=PLUGIN, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_file_fits_the_metadata_api(converted: Path, types: Types) -> None:
    files = [p for p in converted.rglob("*") if p.is_file() and p.suffix not in CODE]
    assert len(files) > 60
    wrong = {
        path.relative_to(converted).as_posix(): complaints
        for path in files
        if (complaints := types.complaints(path.read_text(encoding="utf-8")))
    }
    assert not wrong


def test_every_source_file_is_in_it(converted: Path) -> None:
    """The converter leaves out what it does not know, without a word."""
    packages = [path.read_text(encoding="utf-8") for path in converted.glob("*/package.xml")]
    members = set(re.findall(r"<members>(.*?)</members>", "".join(packages)))
    inside = {"reports", "dashboards", "lwc", "labels", "objects"}
    project = json.loads((PLUGIN / "sfdx-project.json").read_text(encoding="utf-8"))
    for package in project["packageDirectories"]:
        main = PLUGIN / package["path"] / "main" / "default"
        for path in main.glob("*/*.xml"):
            if path.parent.name not in inside:
                assert path.name.split("-meta.xml")[0].rpartition(".")[0] in members, path
        for path in main.glob("lwc/*"):
            assert path.name in members
        for path in main.glob("objects/*/*/*.xml"):
            assert f"{path.parents[1].name}.{path.name.split('.')[0]}" in members
    assert {"Aurevoir/Exits_by_Reason", "Aurevoir/Off_boarding", "Aurevoir_Off_Boarding"} <= members


def test_what_takes_it_out_leaves_the_data(types: Types) -> None:
    files = list((PLUGIN / "uninstall").glob("*.xml"))
    assert len(files) == 2
    for path in files:
        assert types.complaints(path.read_text(encoding="utf-8")) == []
    text = (PLUGIN / "uninstall" / "destructiveChanges.xml").read_text(encoding="utf-8")
    kinds = set(re.findall(r"<name>(.*?)</name>", text))
    assert kinds == {
        "CustomLabel", "Dashboard", "LightningComponentBundle", "ListView", "QuickAction",
        "Report", "ReportType",
    }  # fmt: skip
    for name in ("aurevoirPath", "Task.Aurevoir_Overdue", "Account.Aurevoir_Start"):
        assert f"<members>{name}</members>" in text


def test_tests_stay_at_home(converted: Path) -> None:
    assert not [path for path in converted.rglob("*") if "test" in path.name.lower()]


def test_nothing_of_the_orgs_own_is_overwritten(converted: Path) -> None:
    packages = [path.read_text(encoding="utf-8") for path in converted.glob("*/package.xml")]
    kinds = set(re.findall(r"<name>(.*?)</name>", "".join(packages)))
    assert not kinds & {"FlexiPage", "Profile", "StandardValueSet", "Workflow", "Flow"}
    layouts = {path.name for path in converted.rglob("*.layout")}
    assert layouts == {"Aurevoir_Departure__c-Departure Layout.layout"}, "our own object's alone"


def test_the_types_are_there(types: Types) -> None:
    assert types.count > 1500
    assert types.complaints(FIELD) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("<type>Text<", "<type>Txt<", "'Txt' is no FieldType"),
        ("unique>", "uniqe>", "CustomField has no uniqe"),
        ("<unique>true", "<unique>yes", "'yes' is no boolean"),
        ("<length>20", "<length>long", "'long' is no int"),
        ("<label>Plan</label>", "<label>Plan</label><label>B</label>", "label stands there 2"),
        ("<label>Plan</label>", "<label><b>Plan</b></label>", "elements where there is only text"),
        ("</label>", "</lable>", "mismatched tag"),
        ("2006/04/metadata", "2006/04/other", "outside the namespace"),
        ("CustomField", "CustomFeild", "no type CustomFeild"),
        (
            "<unique>true</unique>",
            "<valueSet><restrictd>true</restrictd></valueSet>",
            "ValueSet has no restrictd",
        ),
        (
            "<unique>true</unique>",
            "<summaryFilterItems><field>Name</field></summaryFilterItems>",
            "FilterItem needs operation",
        ),
    ],
)
def test_what_is_wrong_is_seen(types: Types, old: str, new: str, complaint: str) -> None:
    assert complaint in "; ".join(types.complaints(FIELD.replace(old, new)))


#: Where a component may be put, and what may be said of it there. Source: "XML Configuration File
#: Elements" in the Lightning Web Components guide; the WSDL has all of this as one encoded text.
PROPERTY = {"name", "type", "label", "description", "default", "required"}
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"


def misplaced(text: str, code: str) -> list[str]:
    """What is wrong with the targets of a component."""
    root = ElementTree.fromstring(text)
    targets = [one.text for one in root.iter(f"{NAMESPACE}target")]
    found = [f"target {one}" for one in targets if one != "lightning__RecordPage"]
    for config in root.iter(f"{NAMESPACE}targetConfig"):
        if config.get("targets") not in targets or set(config.attrib) != {"targets"}:
            found.append(f"targets {config.attrib}")
        for part in config:
            match part.tag.removeprefix(NAMESPACE):
                case "objects":
                    wrong = [o.text for o in part if o.text not in ("Account", "Contact")]
                case "property":
                    there = f"@api {part.get('name')}" in code
                    wrong = [*(set(part.attrib) - PROPERTY), *([] if there else ["no such @api"])]
                case "supportedFormFactors":
                    wrong = [f.get("type") for f in part if f.get("type") not in ("Large", "Small")]
                case other:
                    wrong = [other]
            found += [f"{part.tag}: {one}" for one in wrong]
    exposed = root.findtext(f"{NAMESPACE}isExposed") == "true"
    return found + ([] if exposed == bool(targets) else ["exposed without a target"])


def test_components_can_be_put_where_they_say() -> None:
    exposed = 0
    for path in (PLUGIN / "force-app/main/default/lwc").glob("*/*.js-meta.xml"):
        text, code = path.read_text("utf-8"), path.with_name(path.name.removesuffix("-meta.xml"))
        assert misplaced(text, code.read_text("utf-8")) == [], path.name
        exposed += "<isExposed>true" in text
        if "<isExposed>true" in text:
            assert text.count('type="Small"') == 1, "the card is for phones too"
    assert exposed == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lightning__RecordPage</target>", "lightning_RecordPage</target>"),
        ("<object>Account", "<object>Acount"),
        ('type="Small"', 'type="Tiny"'),
        ('name="doneStatus"', 'name="closedStatus"'),
        ("required=", "needed="),
        ("supportedFormFactors", "formFactors"),
        ("<isExposed>true", "<isExposed>false"),
    ],
)
def test_what_is_misplaced_is_seen(old: str, new: str) -> None:
    home = PLUGIN / "force-app/main/default/lwc/aurevoirOffboarding"
    text = (home / "aurevoirOffboarding.js-meta.xml").read_text("utf-8")
    assert old in text
    assert misplaced(text.replace(old, new), (home / "aurevoirOffboarding.js").read_text("utf-8"))
