"""What the cards have from elsewhere: a customer's fields, by what they are for, in their order.

Source: "Import References to Salesforce Objects and Fields" in the Lightning Web Components guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from tools.salesforce_plugin.model import LAYOUT, Model

_PATH: Final = "force-app/main/default/lwc/aurevoirAccount/aurevoirAccount.js"
_HEAD: Final = """\
/** The fields of a customer, by what they are for. Written by `make plugins` from layout.yaml. */
"""
#: Fields that have a place of their own on the card.
_SINGLE: Final = ("case", "next_step", "progress", "reason_confirmed_on", "status")


def cards(model: Model) -> Iterator[tuple[str, str]]:
    """The path and the text of the one file."""
    yield _PATH, _account(model, yaml.safe_load(LAYOUT.read_text(encoding="utf-8")))


def _account(model: Model, layout: Mapping[str, Any]) -> str:
    ends = {key: end["day"] for key, end in layout["ends"].items()}
    grouped = [*layout["edited"].values(), layout["standing"], layout["reasons"]]
    keys = {*_SINGLE, *ends.values(), *layout["feedback"], *(key for g in grouped for key in g)}
    names = {key: model.names[key] for key in sorted(keys)}
    imports = [f"import {_js(key)} from '@salesforce/schema/{names[key]}';" for key in names]
    departments = list(model.loaded.rows.task["department"].values)
    parts = [
        _HEAD + "\n".join(imports),
        f"export {{ {', '.join(map(_js, _SINGLE))} }};",
        "/** What begins an off-boarding. Not imported: an org may have no such field yet. */\n"
        f"export const STAGE = {{ fieldApiName: '{model.loaded.programme.watch[0].stage}' }};",
        f"export const PHASES = {_texts(layout['phases'])};",
        "/** Statuses that end a goodbye: the word for it, and the field that has the day. */\n"
        + _object(
            "ENDS",
            {
                key: f"{{ says: '{end['says']}', day: {_js(end['day'])} }}"
                for key, end in layout["ends"].items()
            },
        ),
        f"/** Departments in their order. */\nexport const DEPARTMENTS = {_texts(departments)};",
        "/** How the off-boarding stands. */\n"
        f"export const STANDING = {_list(layout['standing'])};",
        "/** What people set in place, by the word on the button. */\n"
        + _object("EDITED", {key: _list(group, 1) for key, group in layout["edited"].items()}),
        "/** What we have learned. */\n"
        f"export const REASONS = {_list(layout['reasons'])};\n"
        f"export const FEEDBACK = {_list(layout['feedback'])};",
        "/** The highest number of a rating, by the API name of its field. */\n"
        + _object(
            "OUT_OF",
            {
                f"[{_js(key)}.fieldApiName]": str(layout["out_of"][key])
                for key in layout["feedback"]
                if key in layout["out_of"]
            },
        ),
        f"export const ALL = {_list(sorted(keys))};",
    ]
    return "\n\n".join(parts) + "\n"


def _js(key: str) -> str:
    return key.upper()


def _texts(values: list[str]) -> str:
    if len(values) < 6:
        return f"[{', '.join(map(repr, values))}]"
    return "[\n" + ",\n".join(f"    '{value}'" for value in values) + "\n]"


def _list(keys: list[str], depth: int = 0) -> str:
    if len(keys) < 5:
        return f"[{', '.join(map(_js, keys))}]"
    indent = "    " * (depth + 1)
    return "[\n" + ",\n".join(indent + _js(key) for key in keys) + f"\n{'    ' * depth}]"


def _object(name: str, entries: Mapping[str, str]) -> str:
    lines = ",\n".join(f"    {key}: {value}" for key, value in entries.items())
    return f"export const {name} = {{\n{lines}\n}};"
