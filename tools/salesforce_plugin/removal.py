"""What takes the plugin out again and leaves the data: fields, permission sets and queues stay.

Source: "Deleting Components from an Org" in the Metadata API developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tools.salesforce_plugin.model import Model
from tools.salesforce_plugin.xml import Element, document

_VERSION: Final = "65.0"
#: What a path says -> the metadata type of its component; the groups are its name.
_KINDS: Final = (
    (r"/lwc/(\w+)/\1\.js-meta\.xml", "LightningComponentBundle"),
    (r"/quickActions/([\w.]+)\.quickAction-meta\.xml", "QuickAction"),
    (r"/objects/(\w+)/listViews/(\w+)\.listView-meta\.xml", "ListView"),
    (r"/dashboards/(\w+)/(\w+)\.dashboard-meta\.xml", "Dashboard"),
    (r"/reports/(\w+)/(\w+)\.report-meta\.xml", "Report"),
    (r"/reportTypes/(\w+)\.reportType-meta\.xml", "ReportType"),
)
#: How the two parts of a name are joined, where it has two.
_JOINED: Final = {"ListView": "."}


def removal(model: Model, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The path and the text of both files; ``paths``: every source file."""
    yield "uninstall/package.xml", document("Package", {"version": _VERSION})
    found: dict[str, list[str]] = {"CustomLabel": sorted(model.words.labels)}
    for path in sorted(paths):
        for pattern, kind in _KINDS:
            if match := re.search(pattern, path):
                name = _JOINED.get(kind, "/").join(match.groups())
                found.setdefault(kind, []).append(name)
    types: list[Element] = [{"members": found[kind], "name": kind} for kind in sorted(found)]
    text = document("Package", {"types": types, "version": _VERSION})
    yield "uninstall/destructiveChanges.xml", text
