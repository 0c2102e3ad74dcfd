"""``python -m tools.salesforce_plugin``: write the plugin's metadata again.

With ``--mapping FILE --into FOLDER``: a copy of the plugin that reads an org's own fields.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mappings.findings import MappingError
from tools.salesforce_plugin.model import PLUGIN, read
from tools.salesforce_plugin.source import copied, made, write


def main(words: list[str]) -> int:
    """What the words of the command ask for; 2 for what cannot be done."""
    asked = argparse.ArgumentParser(prog="python -m tools.salesforce_plugin", description=__doc__)
    asked.add_argument("--mapping", type=Path, help="the mapping file of the connection")
    asked.add_argument("--into", type=Path, help="a new folder for a copy of the plugin")
    given = asked.parse_args(words)
    if bool(given.mapping) != bool(given.into):
        asked.error("a mapping goes into a copy of the plugin: name both, --mapping and --into")
    if given.into and given.into.exists():
        asked.error(f"{given.into} is there already")
    try:
        model = read(given.mapping)
    except MappingError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    objects = {watch.object for watch in model.loaded.programme.watch}
    if objects != {"Account"}:
        others = ", ".join(sorted(objects - {"Account"}))
        sys.stderr.write(f"The cards are for accounts; this mapping watches {others}.\n")
        return 2
    if given.into:
        changed = copied(model, given.into)
        sys.stdout.write(f"The plugin stands in {given.into}, with {changed} fields of your own.\n")
        return 0
    files = made(model)
    write(files, PLUGIN)
    sys.stdout.write(f"{len(files)} files of Salesforce metadata written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
