"""The page ``docs/commands.md``, written from the commands: ``python -m sync.cli.reference``."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator

import typer
from typer.core import TyperArgument, TyperOption

from sync.cli import app, failures

_HEAD = """\
# The commands

<!-- Written by `python -m sync.cli.reference`; change the commands, not this page. -->

Every command has `--json`, for programs, and `--help`. Those that work with your CRMs read
`aurevoir.yaml` in the folder that they are started in; `--config`, or the environment variable
`AUREVOIR_CONFIG`, names another. [Day to day](runbook.md) says when to use which.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_codes(), *_commands()])


def _codes() -> Iterator[str]:
    yield "## Exit codes\n"
    yield "| code | meaning |"
    yield "| --- | --- |"
    yield "| 0 | done, and nothing to complain about |"
    for code, words in re.findall(r"^(\d+) +(.+)$", inspect.getdoc(failures) or "", re.MULTILINE):
        yield f"| {code} | {words} |"
    yield "| 130 | ended by Ctrl-C half-way; what runs until Ctrl-C, such as `run`, ends with 0 |\n"


def _commands() -> Iterator[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    for name, command in group.commands.items():
        given = [one for one in command.params if isinstance(one, TyperArgument)]
        options = [one for one in command.params if isinstance(one, TyperOption)]
        places = [_place(one) for one in given]
        yield f"## {' '.join(['aurevoir', name, *places])}\n"
        yield f"{inspect.getdoc(command.callback) or ''}\n"
        yield "| option | meaning | default |"
        yield "| --- | --- | --- |"
        for one in given:
            yield f"| `{_place(one).strip('[]')}` | {one.help} | {_default(one)} |"
        for option in options:
            words = ", ".join(f"`{opt}`" for opt in option.opts)
            yield f"| {words} | {option.help} | {_default(option)} |"
        yield ""


def _place(argument: TyperArgument) -> str:
    name = (argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _default(one: TyperArgument | TyperOption) -> str:
    if one.required:
        return "needed"
    if one.default in (None, False):
        return ""
    return f"`{one.default}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
