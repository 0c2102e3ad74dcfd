"""``python -m tools.hubspot_plugin``: write the project's fields and words again.

With ``--mapping FILE --into FOLDER``: a copy of the project that reads an admin's own properties.
With ``--hooks URL``, that copy also subscribes to the stage, and HubSpot sends changes there.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mappings.findings import MappingError
from mappings.loaded import Loaded
from tools.hubspot_plugin.model import PLUGIN, files, read

HOOKS: Final = Path("src/app/webhooks/stage-webhooks-hsmeta.json")
#: What stays at home: tests, and what their tools have fetched.
_HOME: Final = shutil.ignore_patterns("node_modules", "coverage", "__tests__")
_SINGULAR: Final = {"companies": "company", "contacts": "contact", "deals": "deal"}


def subscribed(meta: Mapping[str, Any], loaded: Loaded, url: str) -> str:
    """The webhooks of a mapping's stages, switched on, and sent to an address of the service."""
    config = meta["config"]
    changes = [
        {
            "subscriptionType": "object.propertyChange",
            "objectType": _SINGULAR.get(watch.object, watch.object),
            "propertyName": watch.stage,
            "active": True,
        }
        for watch in loaded.programme.watch
    ]
    settings = {**config["settings"], "targetUrl": url}
    subscriptions = {**config["subscriptions"], "crmObjects": changes}
    made = {**meta, "config": {"settings": settings, "subscriptions": subscriptions}}
    return json.dumps(made, indent=2) + "\n"


def main(words: list[str]) -> int:
    """What the words of the command ask for; 2 for what cannot be done."""
    asked = argparse.ArgumentParser(prog="python -m tools.hubspot_plugin", description=__doc__)
    asked.add_argument("--mapping", type=Path, help="the mapping file of the connection")
    asked.add_argument("--into", type=Path, help="a new folder for a copy of the project")
    asked.add_argument("--hooks", help="https://PUBLIC_URL/hooks/hubspot/CONNECTION")
    given = asked.parse_args(words)
    if (given.mapping or given.hooks) and not given.into:
        asked.error("a mapping and hooks go into a copy of the project: say where, with --into")
    if given.into and given.into.exists():
        asked.error(f"{given.into} is there already")
    if given.hooks and not given.hooks.startswith("https://"):
        asked.error("HubSpot sends its webhooks to https:// only")
    try:
        loaded = read(given.mapping)
    except MappingError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    target = given.into or PLUGIN
    if given.into:
        shutil.copytree(PLUGIN, target, ignore=_HOME)
    made = files(loaded)
    if given.hooks:
        meta = json.loads((PLUGIN / HOOKS).read_text(encoding="utf-8"))
        made[HOOKS] = subscribed(meta, loaded, given.hooks)
    for path, text in made.items():
        (target / path).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(made)} files of HubSpot's project written into {target}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
