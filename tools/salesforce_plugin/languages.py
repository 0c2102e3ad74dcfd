"""The words of the cards, and every word in the other languages.

Sources: "CustomLabels", "Translations" and "CustomObjectTranslation" in the Metadata API developer
guide. Translations are a package of their own: an org takes only languages that it has switched on.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.salesforce_plugin.model import Model, Placed
from tools.salesforce_plugin.words import ENGLISH, LANGUAGES
from tools.salesforce_plugin.xml import Element, document


def languages(model: Model) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    yield "force-app/main/default/labels/CustomLabels.labels-meta.xml", _labels(model)
    for code in LANGUAGES:
        folder = f"languages/{code}/main/default"
        yield f"{folder}/translations/{code}.translation-meta.xml", _translations(model, code)
        for placed in model.fields:
            # The stage has a package of its own: an org may have made the field itself.
            home = f"stage-languages/{code}/main/default" if placed.watched else folder
            name = f"{placed.object}-{code}"
            inside = f"{home}/objectTranslations/{name}"
            whole = document("CustomObjectTranslation", {})
            yield f"{inside}/{name}.objectTranslation-meta.xml", whole
            path = f"{inside}/{placed.spec.name}.fieldTranslation-meta.xml"
            yield path, _field(model, placed, code)


def _labels(model: Model) -> str:
    labels: list[Element] = [
        {
            "fullName": name,
            "categories": "Aurevoir",
            "language": "en_US",
            "protected": False,
            "shortDescription": name.replace("_", " "),
            "value": text[ENGLISH],
        }
        for name, text in model.words.labels.items()
    ]
    return document("CustomLabels", {"labels": labels})


def _translations(model: Model, code: str) -> str:
    labels = [{"label": text[code], "name": name} for name, text in model.words.labels.items()]
    return document("Translations", {"customLabels": labels})


def _field(model: Model, placed: Placed, code: str) -> str:
    row = placed.row
    label = model.words.label(row, watched=placed.watched)[code]
    made: dict[str, Element] = {"label": label, "name": placed.spec.name}
    if row.values:
        choices = model.words.of(row)
        made["picklistValues"] = [
            {"masterLabel": english, "translation": choices.get(value, {}).get(code, english)}
            for value, english in row.values.items()
        ]
    return document("CustomFieldTranslation", made)
