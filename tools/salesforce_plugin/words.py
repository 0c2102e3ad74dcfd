"""The words of the cards, of fields and of choices, in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from mappings.rows import Row

ENGLISH: Final = "en"
LANGUAGES: Final = ("de", "fr", "es")

#: Language -> text.
Text = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What people read."""

    #: The name of a custom label -> its text.
    labels: Mapping[str, Text]
    #: Our key of a field -> its label; English ones are in fields.yaml.
    fields: Mapping[str, Text]
    #: Our key of a field -> its choices -> their labels.
    choices: Mapping[str, Mapping[str, Text]]
    #: The label of the stage field, and its choices.
    stage: Text
    stages: Mapping[str, Text]

    def label(self, row: Row, *, watched: bool) -> Text:
        """A field's label in the other languages."""
        return self.stage if watched else self.fields[row.key]

    def of(self, row: Row) -> Mapping[str, Text]:
        """A field's choices; reasons and phases stand under the field that has them all."""
        if row.values.keys() <= self.stages.keys():
            return self.stages
        own = self.choices.get(row.key)
        return own or next(c for c in self.choices.values() if c.keys() >= row.values.keys())


def read(own: Path, shared: Path) -> Words:
    """From the plugin's file and from that of every card."""
    ours, theirs = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in (own, shared))
    return Words(
        labels=dict(_labels(ours, theirs)),
        fields={**theirs["fields"], **ours["fields"]},
        choices={**theirs["choices"], **ours["choices"]},
        stage=ours["stage"]["label"],
        stages=ours["stage"]["values"],
    )


def _labels(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    texts = {**{key: theirs["card"][key] for key in ours["shared"]}, **ours["card"]}
    for key in sorted(texts):
        yield f"Aurevoir_{key.title()}", texts[key]
