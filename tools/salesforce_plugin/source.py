"""Every file that is made, written or held against what is there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from tools.salesforce_plugin.cards import cards
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
    "queues/main/default/queues/*.xml",
    "uninstall/*.xml",
)
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
        )
    )
    all_there = {path.relative_to(PLUGIN).as_posix() for path in PLUGIN.glob(_SOURCE)}
    by_hand = all_there - there(PLUGIN).keys()
    return files | dict(removal(model, files.keys() | by_hand))


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
