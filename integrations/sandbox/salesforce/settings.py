"""The settings that every org comes with and keeps as records: statuses, priorities, stages."""

from __future__ import annotations

from typing import Final

from integrations.sandbox.salesforce.field import Value
from integrations.sandbox.salesforce.org import Org

#: Status values of tasks: name, closed, default.
_STATUSES: Final = (
    ("Not Started", False, True),
    ("In Progress", False, False),
    ("Completed", True, False),
    ("Waiting on someone else", False, False),
    ("Deferred", False, False),
)
_PRIORITIES: Final = (("High", True, False), ("Normal", False, True), ("Low", False, False))
#: Stages of deals: name, closed, won, forecast category and its name, probability.
_DEALS: Final = (
    ("Prospecting", False, False, "Pipeline", "Pipeline", 10.0),
    ("Qualification", False, False, "Pipeline", "Pipeline", 10.0),
    ("Needs Analysis", False, False, "Pipeline", "Pipeline", 20.0),
    ("Value Proposition", False, False, "Pipeline", "Pipeline", 50.0),
    ("Id. Decision Makers", False, False, "Pipeline", "Pipeline", 60.0),
    ("Perception Analysis", False, False, "Pipeline", "Pipeline", 70.0),
    ("Proposal/Price Quote", False, False, "BestCase", "Best Case", 75.0),
    ("Negotiation/Review", False, False, "BestCase", "Best Case", 90.0),
    ("Closed Won", True, True, "Closed", "Closed", 100.0),
    ("Closed Lost", True, False, "Omitted", "Omitted", 0.0),
)


def add(org: Org) -> None:
    """The records of a fresh org."""
    for order, (name, closed, default) in enumerate(_STATUSES, start=1):
        named = _setting(name, order, IsDefault=default, IsClosed=closed)
        org.make("TaskStatus", org.platform, **named)
    for order, (name, high, default) in enumerate(_PRIORITIES, start=1):
        named = _setting(name, order, IsDefault=default, IsHighPriority=high)
        org.make("TaskPriority", org.platform, **named)
    for order, (name, closed, won, category, label, chance) in enumerate(_DEALS, start=1):
        outcome = _setting(name, order, IsActive=True, IsClosed=closed, IsWon=won)
        forecast = {"ForecastCategory": category, "ForecastCategoryName": label}
        org.make("OpportunityStage", org.platform, **outcome, **forecast, DefaultProbability=chance)
    for sobject in org.schema:
        org.make(
            "EntityDefinition",
            org.platform,
            DurableId=sobject.name,
            QualifiedApiName=sobject.name,
            DeveloperName=sobject.name,
            MasterLabel=sobject.label,
            Label=sobject.label,
            PluralLabel=sobject.facts["labelPlural"],
            KeyPrefix=sobject.facts["keyPrefix"],
            IsCustomizable=sobject.facts["layoutable"],
            IsQueryable=sobject.facts["queryable"],
        )


def _setting(name: str, order: int, **more: Value) -> dict[str, Value]:
    return {"MasterLabel": name, "ApiName": name, "SortOrder": order, **more}
