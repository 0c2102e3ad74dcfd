"""Duplicate rules: a second account of one name, a second person with one address.

Source: REST API Developer Guide, "Duplicate Rule Header"; Apex Reference, "DuplicateResult". What
an answer holds is that of public reports; which records match is simpler than the vendor's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.shown import attributes

#: By object: the field in which duplicates are alike.
_ALIKE: Final[Mapping[str, str]] = {"Account": "Name", "Contact": "Email", "Lead": "Email"}
_ALLOW: Final = re.compile(r"allowSave\s*=\s*true", re.IGNORECASE)
_WORDS: Final = "Use one of these records?"
HEADER: Final = "sforce-duplicate-rule-header"


def allowed(headers: Mapping[str, str]) -> bool:
    """Whether the client saves duplicates that it was only warned of."""
    return bool(_ALLOW.search(headers.get(HEADER, "")))


def check(draft: Draft) -> None:
    """Refuse a duplicate, as far as the org's option has it; raises Refusal."""
    org, name = draft.org, _ALIKE.get(draft.object, "")
    rule = org.options["duplicate_rules"]
    held = draft.values.get(name)
    if rule not in ("alert", "block") or not held or not draft.changed(name):
        return
    if rule == "alert" and org.duplicates_allowed:
        return
    key = org.schema[draft.object].fields[name].key
    found = [
        str(row["Id"])
        for row in org[draft.object].live()
        if row["Id"] != draft.id and key(row.get(name)) == key(held)
    ]
    if found:
        raise _detected(draft.object, found, allow=rule == "alert")


def _detected(object: str, found: Sequence[str], *, allow: bool) -> Refusal:
    matched = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {"attributes": attributes(object, id, "v60.0"), "Id": id},
        }
        for id in found
    ]
    result = {
        "allowSave": allow,
        "duplicateRule": f"Standard_{object}_Duplicate_Rule",
        "duplicateRuleEntityType": object,
        "errorMessage": _WORDS,
        "matchResults": [
            {
                "entityType": object,
                "errors": [],
                "matchEngine": "FuzzyMatchEngine",
                "matchRecords": matched,
                "rule": f"Standard_{object}_Match_Rule_v1_1",
                "size": len(found),
                "success": True,
            }
        ],
    }
    return Refusal("DUPLICATES_DETECTED", _WORDS, more={"duplicateResult": result})
