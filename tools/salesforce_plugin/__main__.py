"""``python -m tools.salesforce_plugin``: write the plugin's metadata again."""

from __future__ import annotations

import sys

from tools.salesforce_plugin.model import PLUGIN, read
from tools.salesforce_plugin.source import made, write

if __name__ == "__main__":
    files = made(read())
    write(files, PLUGIN)
    sys.stdout.write(f"{len(files)} files of Salesforce metadata written.\n")
