"""The system's Chromium, for tests of pages in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, open; without one the test is skipped, or fails where a browser is required."""
    named = os.environ.get("AUREVOIR_CHROMIUM") or "/usr/bin/chromium"
    path = shutil.which(named) or shutil.which("chromium")
    if path is None:
        words = "there is no Chromium here; install it, or name it in AUREVOIR_CHROMIUM"
        if os.environ.get("AUREVOIR_BROWSER") == "required":
            pytest.fail(words)
        pytest.skip(words)
    options = ["--disable-background-networking"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()
