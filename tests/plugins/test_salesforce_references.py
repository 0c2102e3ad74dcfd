"""Names within the Salesforce plugin lead somewhere: no schema can see that."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools.salesforce_plugin.model import PLUGIN

#: Standard fields and columns that the plugin names.
STANDARD = {
    "Account.AnnualRevenue", "Account.BillingCountry", "Account.Id", "Account.Industry",
    "Account.Name", "Account.Owner", "Contact.Account.Name", "Contact.Email",
    "Contact.HasOptedOutOfEmail", "Contact.Id", "Contact.Name",
}  # fmt: skip
LISTED = {
    "ACCOUNT.NAME", "CONTACT.EMAIL", "CORE.USERS.ALIAS", "DUE_DATE", "FULL_NAME", "IS_CLOSED",
    "SUBJECT", "WHAT_NAME",
}  # fmt: skip
MAIN = PLUGIN / "force-app" / "main" / "default"


def texts(pattern: str) -> dict[Path, str]:
    found = {path: path.read_text(encoding="utf-8") for path in PLUGIN.glob(pattern)}
    assert found, pattern
    return found


def elements(text: str, name: str) -> list[str]:
    return re.findall(rf"<{name}>([^<]+)</{name}>", text)


@pytest.fixture(scope="module", name="fields")
def _fields() -> set[str]:
    """Every field there is: ``Account.Name``."""
    ours = {
        f"{path.parents[1].name}.{path.name.split('.')[0]}"
        for path in PLUGIN.glob("*/main/default/objects/*/fields/*.xml")
    }
    return ours | STANDARD


def test_reports_name_fields_of_their_type(fields: set[str]) -> None:
    types = {
        path.name.split(".")[0]: {
            f"{table}.{field}"
            for field, table in re.findall(r"<field>([^<]+)</field>\s*<table>([^<]+)</table>", text)
        }
        for path, text in texts("force-app/main/default/reportTypes/*.xml").items()
    }
    assert set().union(*types.values()) <= fields
    for path, text in texts("force-app/main/default/reports/*/*.xml").items():
        (type,) = elements(text, "reportType")
        named = {name.replace("$", ".", 1) for name in re.findall(r">(\w+\$[\w.]+)<", text)}
        assert named, path
        assert named <= types[type.removesuffix("__c")], path


def test_the_dashboard_shows_every_report() -> None:
    (text,) = texts("force-app/main/default/dashboards/*/*.xml").values()
    reports = {f"Aurevoir/{path.name.split('.')[0]}" for path in MAIN.glob("reports/*/*.xml")}
    assert set(elements(text, "report")) == reports


def test_progress_and_response_are_drawn() -> None:
    progress = (MAIN / "reports/Aurevoir/Under_Way.report-meta.xml").read_text(encoding="utf-8")
    assert elements(progress, "aggregateTypes") == ["Average"]
    chart = progress[progress.index("<chart>") : progress.index("</chart>")]
    assert elements(chart, "aggregate") == ["Average"]
    assert elements(chart, "column") == ["Account$Aurevoir_Progress__c"]
    response = (MAIN / "reports/Aurevoir/Survey_Response.report-meta.xml").read_text("utf-8")
    assert elements(response, "showPercentage") == ["true"]


def test_list_views_name_columns(fields: set[str]) -> None:
    for path, text in texts("*/main/default/objects/*/listViews/*.xml").items():
        object = {"Task": "Activity"}.get(path.parents[1].name, path.parents[1].name)
        for name in elements(text, "columns") + elements(text, "field"):
            assert name in LISTED or f"{object}.{name}" in fields, (path, name)


def test_quick_actions_name_fields(fields: set[str]) -> None:
    for path, text in texts("*/main/default/quickActions/*.xml").items():
        object = path.name.split(".")[0]
        named = elements(text, "field")
        assert named
        assert {f"{object}.{name}" for name in named} <= fields, path


def test_permission_sets_cover_every_field(fields: set[str]) -> None:
    granted = {
        path.name.split(".")[0]: dict(
            zip(elements(text, "field"), elements(text, "editable"), strict=True)
        )
        for path, text in texts("*/main/default/permissionsets/*.xml").items()
    }
    permitted = {name.replace("Activity.", "Task.") for name in fields - STANDARD}
    stage = {"Account.Customer_Stage__c"}
    opted_out = {"Contact.HasOptedOutOfEmail"}
    assert granted["Aurevoir_Service"].keys() == (permitted - stage) | opted_out
    assert granted["Aurevoir_Csm"].keys() == (permitted - stage) | opted_out
    link = {"Contact.Aurevoir_Survey_Url__c"}
    assert granted["Aurevoir_Reader"].keys() == (permitted - stage - link) | opted_out
    assert set(granted["Aurevoir_Reader"].values()) == {"false"}
    assert granted["Aurevoir_Stage"] == dict.fromkeys(stage, "true")
    assert granted["Aurevoir_Stage_Reader"] == dict.fromkeys(stage, "false")
    assert granted["Aurevoir_Csm"]["Account.Aurevoir_Decision__c"] == "true"
    assert granted["Aurevoir_Csm"]["Account.Aurevoir_Status__c"] == "false"
    assert granted["Aurevoir_Service"]["Account.Aurevoir_Decision__c"] == "false"


def test_cards_name_fields_and_labels(fields: set[str]) -> None:
    code = {
        path: text
        for path, text in texts("force-app/main/default/lwc/*/*.js").items()
        if "__tests__" not in path.parts
    }
    named = {
        n for text in code.values() for n in re.findall(r"@salesforce/schema/(\w+\.\w+)", text)
    }
    assert len(named) > 30
    assert {name.replace("Task.", "Activity.") for name in named} <= fields
    # In a query: on its own, or behind a name of its own.
    queried = {n for text in code.values() for n in re.findall(r"\b(Aurevoir_\w+__c)\b", text)}
    assert queried <= {name.partition(".")[2] for name in fields}
    used = {n for text in code.values() for n in re.findall(r"@salesforce/label/c\.(\w+)", text)}
    labels = (MAIN / "labels" / "CustomLabels.labels-meta.xml").read_text(encoding="utf-8")
    assert used == set(elements(labels, "fullName"))


def test_cards_have_no_words_of_their_own() -> None:
    for path, text in texts("force-app/main/default/lwc/*/*.html").items():
        said = re.sub(r"<[^>]+>|\{[^}]+\}", " ", text)
        assert not re.search(r"[A-Za-z]", said), (path, said.split())
        for attribute in ("aria-label", "title", "alternative-text", "label"):
            assert not re.search(rf'\b{attribute}="', text), (path, attribute)


def test_long_texts_fit() -> None:
    for path, text in texts("*/main/default/permissionsets/*.xml").items():
        assert len(elements(text, "description")[0]) <= 255, path
    for path, text in texts("*/main/default/objects/*/fields/*.xml").items():
        assert len(elements(text, "inlineHelpText")[0]) <= 510, path
        assert max(map(len, elements(text, "label"))) <= 40, path


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((PLUGIN / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    wanted = json.loads((PLUGIN / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert not [version for version in wanted.values() if not re.fullmatch(r"[\d.]+", version)]
