"""What follows the mapping: a list view a segment, a queue a department, the report types.

Sources: "ListView", "Queue" and "ReportType" in the Metadata API developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.salesforce_plugin.model import Model
from tools.salesforce_plugin.xml import Element, document

_MAIN = "force-app/main/default"
#: Report type -> its object, its label, what it says of itself, and standard fields that help.
_REPORTS = {
    "Aurevoir_Exits": (
        "Account",
        "Off-boarding: customers",
        "Customers with everything that their off-boarding says of them.",
        ("Name", "Owner", "Industry", "BillingCountry", "AnnualRevenue"),
    ),
    "Aurevoir_People": (
        "Contact",
        "Off-boarding: people",
        "People with the state of their survey, and whether we may stay in touch.",
        ("Name", "Account.Name", "Email", "HasOptedOutOfEmail"),
    ),
}


def lists(model: Model) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    for option in model.loaded.rows.person["alumni_segments"].options:
        name = f"Aurevoir_Alumni_{option.value.title().replace(' ', '_')}"
        path = f"{_MAIN}/objects/Contact/listViews/{name}.listView-meta.xml"
        yield path, _segment(name, option.value, option.label)
    for queue in model.queues:
        path = f"queues/main/default/queues/Aurevoir_{queue.replace(' ', '_')}.queue-meta.xml"
        yield path, _queue(queue)
    yield _start(model)
    for name in _REPORTS:
        yield f"{_MAIN}/reportTypes/{name}.reportType-meta.xml", _report_type(model, name)


def _segment(name: str, value: str, label: str) -> str:
    columns = (
        "FULL_NAME",
        "ACCOUNT.NAME",
        "CONTACT.EMAIL",
        "Aurevoir_Contact_Basis__c",
        "Aurevoir_Contact_Until__c",
    )
    return document(
        "ListView",
        {
            "fullName": name,
            "columns": columns,
            "filterScope": "Everything",
            "filters": [
                {
                    "field": "Aurevoir_Alumni_Segments__c",
                    "operation": "includes",
                    "value": value,
                },
                {"field": "Aurevoir_Stay_In_Touch__c", "operation": "equals", "value": "1"},
            ],
            "label": f"Alumni: {label.lower()}",
        },
    )


def _start(model: Model) -> tuple[str, str]:
    """The action that moves the stage to the first value that begins an off-boarding."""
    watch = model.loaded.programme.watch[0]
    path = f"stage/main/default/quickActions/{watch.object}.Aurevoir_Start.quickAction-meta.xml"
    return path, document(
        "QuickAction",
        {
            "description": "Moves the customer to the stage that Aurevoir watches.",
            "fieldOverrides": {"field": watch.stage, "literalValue": watch.enters.notice[0]},
            "label": "Start the off-boarding",
            "optionsCreateFeedItem": True,
            "quickActionLayout": {
                "layoutSectionStyle": "TwoColumnsLeftToRight",
                "quickActionLayoutColumns": {
                    "quickActionLayoutItems": {
                        "emptySpace": False,
                        "field": watch.stage,
                        "uiBehavior": "Required",
                    }
                },
            },
            "successMessage": "The off-boarding begins with Aurevoir's next look.",
            "type": "Update",
        },
    )


def _queue(name: str) -> str:
    """Without members: who belongs to a department is the org's own business."""
    return document(
        "Queue",
        {
            "doesSendEmailToMembers": False,
            "name": name,
            "queueSobject": {"sobjectType": "Task"},
        },
    )


def _report_type(model: Model, name: str) -> str:
    object, label, description, standard = _REPORTS[name]
    ours = [f.spec.name for f in model.fields if f.object == object and not f.watched]
    columns: list[Element] = [
        {"checkedByDefault": field in standard, "field": field, "table": object}
        for field in (*standard, *ours, *model.own(object))
    ]
    return document(
        "ReportType",
        {
            "baseObject": object,
            "category": "accounts",
            "deployed": True,
            "description": description,
            "label": label,
            "sections": {"columns": columns, "masterLabel": label},
        },
    )
