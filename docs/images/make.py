"""Makes the pictures of the documentation again: ``make docs``, or ``python -m docs.images.make``.

It plays the demo, photographs the sandbox's pages in Chromium, and draws what a terminal shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from sync import demo
from sync.trial import trial

HERE = Path(__file__).parent
#: Whose page is photographed, and after how many days: the last one has just passed.
CUSTOMER, DAY = "Alder & Quill Stationers", 26
#: The days of the story that the drawing of the terminal shows.
DAYS = ("Mon 02 Mar", "Sat 07 Mar", "Sat 14 Mar", "Wed 01 Apr", "Fri 01 May")
COLUMNS = 120
THEME = TerminalTheme(
    (28, 32, 38), (222, 226, 230),
    [(28, 32, 38), (226, 110, 110), (130, 190, 130), (220, 180, 100),
     (120, 165, 220), (190, 140, 210), (110, 190, 200), (222, 226, 230)],
)  # fmt: skip
#: Rich's own drawing fetches a font from afar.
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 aria-label="What aurevoir demo prints">
<style>{styles} .{unique_id}-matrix {{ font: {char_height}px Menlo, Consolas, "DejaVu Sans Mono",
 monospace; }}</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="{width}" height="{height}" rx="8" fill="#1c2026"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def terminal() -> None:
    """What ``aurevoir demo`` prints, without most of its days."""
    told = subprocess.run(
        [sys.executable, "-m", "sync.cli", "demo", "--once"],
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    blocks = [Text.from_ansi(block) for block in told.strip("\n").split("\n\n")]
    shown = [block for block in blocks if block.plain.startswith(DAYS)]
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print("[dim]$[/dim] make demo")
        for block in shown:
            console.print("[dim]…[/dim]")
            console.print(block)
        console.print("[dim]…[/dim]")
        console.print(blocks[-2])
    drawn = console.export_svg(title="", theme=THEME, code_format=SVG, unique_id="demo")
    (HERE / "demo.svg").write_text(re.sub(r"[ \t]+\n", "\n", drawn), encoding="utf-8")


def photographs() -> None:
    """A customer's page after the story, and the survey as a customer meets it."""
    with (
        trial("demo", start=demo.START, crms=["hubspot"]) as stage,
        stage.pages() as pages,
        sync_playwright() as playwright,
    ):
        demo.play(stage, pages.urls["public"], lambda crm, words: None, days=DAY)
        browser = _browser(playwright)
        page = browser.new_page(viewport={"width": 1120, "height": 900}, locale="en-GB")
        page.goto(stage.sandbox.urls["hubspot"])
        page.get_by_role("link", name=CUSTOMER).click()
        _take(page, "customer.png")
        unanswered = re.findall(r"/s/[\w-]+", page.content())[-1]
        page.set_viewport_size({"width": 760, "height": 860})
        page.goto(pages.urls["public"] + unanswered)
        _take(page, "survey.png")
        browser.close()


def practising() -> None:
    """The practice customer once its first tasks are there."""
    with (
        trial("demo", start=demo.START, crms=["hubspot"]) as stage,
        stage.pages(),
        sync_playwright() as playwright,
    ):
        stage.settle_in()
        service = stage.connect("hubspot")
        browser = _browser(playwright)
        page = browser.new_page(viewport={"width": 1120, "height": 900}, locale="en-GB")
        page.goto(stage.urls["hubspot"])
        page.get_by_role("button", name="Begin", exact=True).click()
        for button in ("Churning", "+ 15 minutes"):
            page.get_by_role("button", name=button).first.click()
            stage.cycle(service)
        page.goto(page.url.split("?")[0])
        _take(page, "practice.png")
        browser.close()


def _browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=os.environ.get("AUREVOIR_CHROMIUM") or shutil.which("chromium"),
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
    )


def _take(page: Page, name: str) -> None:
    page.screenshot(path=HERE / name, animations="disabled", caret="hide")


if __name__ == "__main__":
    terminal()
    photographs()
    practising()
