"""The worlds that a sandbox can start with: ``empty``, ``demo``, or a folder of CSV files."""

from __future__ import annotations

from datetime import datetime

from integrations.sandbox.seed import Seed
from integrations.sandbox.worlds.colleagues import empty
from integrations.sandbox.worlds.demo import demo
from integrations.sandbox.worlds.folder import csv_folder
from integrations.sandbox.worlds.table import BadWorld

__all__ = ["BadWorld", "build", "csv_folder", "demo", "empty"]


def build(name: str, start: datetime) -> Seed:
    """The world of that name, or of the folder at that path; raises BadWorld."""
    named = {"empty": empty, "demo": demo}
    return named[name](start) if name in named else csv_folder(name, start)
