"""What the pages name is there: links, commands, options, targets of make, mapping keys."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup, TyperOption
from typer.testing import CliRunner

from mappings.loader import load_service, load_text
from sync.cli import app
from sync.cli.reference import reference
from tests.docs.pages import PAGES, ROOT, anchors, blocks, commands, links

EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def _options() -> dict[str, set[str]]:
    """Options by command."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {
        name: {
            "--help",
            *(opt for one in command.params if isinstance(one, TyperOption) for opt in one.opts),
        }
        for name, command in group.commands.items()
    }


OPTIONS = _options()


@EACH
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match("https?:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


@EACH
def test_commands_and_options_are_known(page: Path) -> None:
    for line in commands(page, "aurevoir"):
        name, *words = shlex.split(line, comments=True)[1:]
        if name == "--version":
            continue
        assert name in OPTIONS, line
        for word in words:
            if word.startswith("-"):
                assert word.split("=")[0] in OPTIONS[name], line


@EACH
def test_targets_of_make_are_known(page: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in commands(page, "make"):
        for word in shlex.split(line, comments=True)[1:]:
            assert word in targets or "=" in word, line


@EACH
def test_mapping_files_load(page: Path, tmp_path: Path) -> None:
    """Those that say by their first line which file they are."""
    for block in blocks(page):
        named = re.match(r"# (\w+)\.yaml\n", block.text)
        if block.language != "yaml" or named is None:
            continue
        if named[1] in ("hubspot", "salesforce"):
            load_text(block.text, crm=named[1])
        elif named[1] == "aurevoir":
            file = tmp_path / "aurevoir.yaml"
            file.write_text(block.text)
            secrets = re.findall(r"\$\{(\w+)\}", block.text)
            assert load_service(file, env=dict.fromkeys(secrets, "secret")).connections


def test_the_page_of_commands_is_up_to_date() -> None:
    words = "run `python -m sync.cli.reference > docs/commands.md`"
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == reference(), words


def test_every_command_and_option_says_what_it_does() -> None:
    page = reference()
    for name, options in OPTIONS.items():
        section = page.split(f"\n## aurevoir {name}", 1)[1].split("\n## ", 1)[0]
        assert re.match(r"[^\n]*\n\n[A-Z].+\.\n", section), name
        for option in options - {"--help"}:
            assert re.search(rf"^\|.*`{option}`.*\| [A-Za-z].+\|", section, re.MULTILINE), option


def test_the_list_of_commands_has_whole_sentences() -> None:
    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output
    assert "simulate" in told
    assert "..." not in told.partition("Commands:")[2]


def test_the_runbook_has_every_command() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    for name in OPTIONS:
        assert f"`aurevoir {name}" in runbook, name


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    decisions = ROOT / "docs" / "decisions" / "README.md"
    listed |= {(decisions.parent / link).resolve() for link in links(decisions)}
    missing = {page for page in PAGES if page not in listed} - {index, ROOT / "CHANGELOG.md"}
    assert missing == set()


def test_every_step_of_make_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert set(phony.split()) == set(re.findall(r"^([a-z-]+):.*## .+\.$", text, re.MULTILINE))
