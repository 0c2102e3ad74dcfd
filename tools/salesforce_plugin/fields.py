"""The custom fields. Source: "CustomField" in the Metadata API developer guide.

The adapter's provisioning makes the same fields in an org without the plugin; a test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from integrations.contract import FieldSpec, FieldType
from tools.salesforce_plugin.model import Model, Placed
from tools.salesforce_plugin.xml import Element, Elements, document

#: Neutral type -> what Salesforce calls it, and what that type must say.
_TYPES: Final[Mapping[FieldType, Elements]] = {
    FieldType.TEXT: {"type": "Text", "length": 255},
    FieldType.URL: {"type": "Url"},
    FieldType.WORDS: {"type": "LongTextArea", "length": 32_000, "visibleLines": 5},
    FieldType.CHOICE: {"type": "Picklist"},
    FieldType.CHOICES: {"type": "MultiselectPicklist", "visibleLines": 5},
    FieldType.NUMBER: {"type": "Number", "precision": 5, "scale": 0},
    FieldType.PERCENT: {"type": "Percent", "precision": 5, "scale": 0},
    FieldType.DATE: {"type": "Date"},
    FieldType.FLAG: {"type": "Checkbox", "defaultValue": "false"},
}
#: Worth knowing who changed them, and when: the stage, and what people decide.
_TRACKED: Final = frozenset(
    {
        "Customer_Stage__c",
        "Aurevoir_Decision__c",
        "Aurevoir_Departs_On__c",
        "Aurevoir_Reason_Csm__c",
    }
)


def fields(model: Model) -> Iterator[tuple[str, str]]:
    """The path and the text of each."""
    for placed in model.fields:
        package = "stage" if placed.watched else "force-app"
        folder = f"{package}/main/default/objects/{placed.object}/fields"
        yield f"{folder}/{placed.spec.name}.field-meta.xml", custom_field(placed)


def custom_field(placed: Placed) -> str:
    """One field."""
    spec = placed.spec
    made: dict[str, Element] = {
        "fullName": spec.name,
        "label": spec.label,
        "inlineHelpText": spec.help,
        **_TYPES[spec.type],
    }
    if spec.length and spec.type is FieldType.TEXT:
        made["length"] = spec.length
    if spec.unique:
        made |= {"unique": True, "externalId": True, "caseSensitive": spec.case_sensitive}
    if spec.options:
        made["valueSet"] = {"restricted": True, "valueSetDefinition": _choices(spec)}
    if spec.name in _TRACKED:
        made["trackHistory"] = True
    return document("CustomField", made)


def _choices(spec: FieldSpec) -> Elements:
    values: list[Element] = [
        {"fullName": o.value, "label": o.label, "default": False} for o in spec.options
    ]
    return {"sorted": False, "value": values}
