"""Every file that is made, written or held against what is there."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from tools.salesforce_plugin.cards import cards
from tools.salesforce_plugin.departures import departures
from tools.salesforce_plugin.fields import fields
from tools.salesforce_plugin.languages import languages
from tools.salesforce_plugin.lists import lists
from tools.salesforce_plugin.model import PLUGIN, Model
from tools.salesforce_plugin.permissions import permissions
from tools.salesforce_plugin.removal import removal
from tools.salesforce_plugin.reports import reports

#: Folders in which every file of these kinds is made: what is no longer wanted there is removed.
_OURS: Final = (
    "*/main/default/objects/*/fields/*.xml",
    "*/main/default/permissionsets/*.xml",
    "force-app/main/default/labels/*.xml",
    "force-app/main/default/lwc/aurevoirAccount/aurevoirAccount.js",
    "force-app/main/default/objects/Contact/listViews/Aurevoir_Alumni_*.xml",
    "force-app/main/default/dashboards/**/*.xml",
    "force-app/main/default/reports/**/*.xml",
    "force-app/main/default/reportTypes/*.xml",
    "languages/*/main/default/*/*.xml",
    "languages/*/main/default/*/*/*.xml",
    "stage-languages/*/main/default/*/*/*.xml",
    "optional/*/main/default/**/*.xml",
    "queues/main/default/queues/*.xml",
    "stage/main/default/quickActions/*.xml",
    "uninstall/*.xml",
)
#: What stays at home: tests, and what their tools have fetched and made.
_HOME: Final = shutil.ignore_patterns("node_modules", "coverage", "__tests__", "test", "mdapi")
#: Source of the packages with components that can go again.
_SOURCE: Final = "*/main/default/*/**/*.xml"


def made(model: Model) -> Mapping[str, str]:
    """The text of every file, by its path from the plugin's folder."""
    files = dict(
        chain(
            fields(model),
            permissions(model),
            languages(model),
            lists(model),
            reports(),
            cards(model),
            departures(model),
        )
    )
    all_there = {path.relative_to(PLUGIN).as_posix() for path in PLUGIN.glob(_SOURCE)}
    by_hand = all_there - there(PLUGIN).keys()
    taken_out = {name for name in files.keys() | by_hand if not name.startswith("optional/")}
    return files | dict(removal(model, taken_out))


def copied(model: Model, into: Path) -> int:
    """A copy of the plugin for a mapping, with the org's own fields in place of ours; how many."""
    shutil.copytree(PLUGIN, into, ignore=_HOME)
    write(made(model), into)
    _without_empty_packages(into)
    if not model.renamed:
        return 0
    old = re.compile(r"\b(" + "|".join(map(re.escape, model.renamed)) + r")\b")
    for path in into.rglob("*"):
        own = path.relative_to(into).parts[0] == "optional"  # fields of an object of its own
        if path.suffix in (".js", ".xml", ".html") and not own:
            text = path.read_text(encoding="utf-8")
            path.write_text(old.sub(lambda n: model.renamed[n[0]], text), encoding="utf-8")
    return len(model.renamed)


def _without_empty_packages(plugin: Path) -> None:
    """Salesforce's tool refuses a project that names a package which is not there."""
    path = plugin / "sfdx-project.json"
    project = json.loads(path.read_text(encoding="utf-8"))
    project["packageDirectories"] = [
        package
        for package in project["packageDirectories"]
        if any(one.is_file() for one in (plugin / package["path"]).rglob("*"))
    ]
    path.write_text(json.dumps(project, indent=2) + "\n", encoding="utf-8")


def there(plugin: Path) -> Mapping[str, str]:
    """The same files as they stand."""
    return {
        path.relative_to(plugin).as_posix(): path.read_text(encoding="utf-8")
        for pattern in _OURS
        for path in plugin.glob(pattern)
    }


def write(files: Mapping[str, str], plugin: Path) -> None:
    """Put them there, and take away what is no longer made."""
    for name in there(plugin).keys() - files.keys():
        (plugin / name).unlink()
    for name, text in files.items():
        path = plugin / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
