"""``python -m sync.cli`` is ``aurevoir``."""

from __future__ import annotations

from sync.cli import main

main()
