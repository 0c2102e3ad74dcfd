"""Validation rules: what an org's own admin does not let pass.

Source: Tooling API Developer Guide, "ValidationRule".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.salesforce.draft import Draft
from integrations.sandbox.salesforce.formula import BadFormula, Formula
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal, missing
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row


def check(draft: Draft) -> None:
    """Refuse a record with the words of every rule that it breaks; raises Refusal."""
    broken = [
        Refusal(
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            str(rule["ErrorMessage"]),
            fields=[str(rule["ErrorDisplayField"])] if rule["ErrorDisplayField"] else (),
        )
        for rule in _rules(draft.org, draft.object)
        if _holds(draft, str(rule["Description"]))
    ]
    if broken:
        raise broken[0].with_others(broken[1:])


def facts(sobject: SObject, name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a rule's record, from its metadata; raises Refusal."""
    for key in ("errorConditionFormula", "errorMessage"):
        if not metadata.get(key):
            raise missing([key])
    text = str(metadata["errorConditionFormula"])
    try:
        formula = _formula(text)
    except BadFormula as problem:
        words = f"Error: {problem}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["Metadata"]) from None
    shown = metadata.get("errorDisplayField")
    for field in (*sorted(formula.fields()), *([str(shown)] if shown else [])):
        if sobject.find(field) is None:
            words = f"Error: Field {field} does not exist. Check spelling."
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", words, fields=["Metadata"])
    return {
        "EntityDefinitionId": sobject.name,
        "ValidationName": name,
        "Active": metadata.get("active") is True,
        "Description": text,
        "ErrorDisplayField": shown,
        "ErrorMessage": str(metadata["errorMessage"]),
    }


def _rules(org: Org, object: str) -> Iterator[Row]:
    rules = org["ValidationRule"].rows.values()
    return (rule for rule in rules if rule["EntityDefinitionId"] == object and rule["Active"])


def _holds(draft: Draft, text: str) -> bool:
    sobject = draft.org.schema[draft.object]

    def look(name: str, before: bool) -> Any:
        field = sobject.find(name)
        row = draft.before if before and draft.before is not None else draft.values
        return row.get(field.name) if field else None

    org = draft.org
    zone = ZoneInfo(str(org["Organization"].rows[org.id]["TimeZoneSidKey"]))
    return _formula(text)(look, new=draft.new, today=org.clock.now().astimezone(zone).date())


@lru_cache(maxsize=256)
def _formula(text: str) -> Formula:
    return Formula(text)
