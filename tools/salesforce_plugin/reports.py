"""The reports and the dashboard over them.

Sources: "Report" and "Dashboard" in the Metadata API developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tools.salesforce_plugin.xml import Element, Elements, document

_MAIN: Final = "force-app/main/default"
#: The folder of the reports and of the dashboard.
_FOLDER: Final = "Aurevoir"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Records of one object, counted by a field, and the chart of it."""

    name: str
    title: str
    description: str
    #: The report type, and the object that its columns are named after.
    type: str
    object: str
    columns: tuple[str, ...]
    #: Field, operation, value; every one must hold.
    filters: tuple[tuple[str, str, str], ...]
    by: str
    chart: str
    monthly: bool = False
    #: A second field to count by, within the first.
    then_by: str = ""
    #: A number whose average is drawn, instead of how many records there are.
    average: str = ""


_EXITS: Final = ("Name", "Owner", "Aurevoir_Moving_To__c", "Aurevoir_Door_Open__c")

REPORTS: Final = (
    Report(
        name="Exits_by_Reason",
        title="Exits by reason",
        description="Customers who have left, by the reason.",
        type="Aurevoir_Exits",
        object="Account",
        columns=(*_EXITS, "Aurevoir_Departed_On__c"),
        filters=(("Aurevoir_Departed_On__c", "notEqual", ""),),
        by="Aurevoir_Exit_Reason__c",
        chart="HorizontalBar",
    ),
    Report(
        name="Exits_by_Month",
        title="Exits by month",
        description="Customers who have left, by the month and the reason.",
        type="Aurevoir_Exits",
        object="Account",
        columns=_EXITS,
        filters=(("Aurevoir_Departed_On__c", "notEqual", ""),),
        by="Aurevoir_Departed_On__c",
        then_by="Aurevoir_Exit_Reason__c",
        chart="VerticalColumnStacked",
        monthly=True,
    ),
    Report(
        name="Under_Way",
        title="Off-boardings under way",
        description="Customers who are leaving: phase, average progress, next step.",
        type="Aurevoir_Exits",
        object="Account",
        columns=(
            "Name",
            "Owner",
            "Aurevoir_Progress__c",
            "Aurevoir_Next_Step__c",
            "Aurevoir_Decision__c",
            "Aurevoir_Departs_On__c",
        ),
        filters=(("Aurevoir_Status__c", "equals", "notice,assess,leaving"),),
        by="Aurevoir_Status__c",
        chart="VerticalColumn",
        average="Aurevoir_Progress__c",
    ),
    Report(
        name="Saved_and_Returned",
        title="Saved and returned",
        description="Customers who stayed after all, and customers who came back.",
        type="Aurevoir_Exits",
        object="Account",
        columns=(
            "Name",
            "Owner",
            "Aurevoir_Exit_Reason__c",
            "Aurevoir_Saved_On__c",
            "Aurevoir_Returned_On__c",
        ),
        filters=(("Aurevoir_Status__c", "equals", "saved,returned"),),
        by="Aurevoir_Status__c",
        chart="Donut",
    ),
    Report(
        name="Survey_Response",
        title="Survey response",
        description="People who were asked: how many, and what share of them, have answered.",
        type="Aurevoir_People",
        object="Contact",
        columns=(
            "Name",
            "Account.Name",
            "Aurevoir_Survey_Sent_On__c",
            "Aurevoir_Survey_Answered_On__c",
        ),
        filters=(("Aurevoir_Survey_Status__c", "notEqual", ""),),
        by="Aurevoir_Survey_Status__c",
        chart="Donut",
    ),
    Report(
        name="Alumni_by_Segment",
        title="Alumni by segment",
        description="People who agreed to stay in touch, by what would bring them back.",
        type="Aurevoir_People",
        object="Contact",
        columns=(
            "Name",
            "Account.Name",
            "Aurevoir_Contact_Basis__c",
            "Aurevoir_Contact_Until__c",
        ),
        filters=(
            ("Aurevoir_Alumni_Segments__c", "notEqual", ""),
            ("Aurevoir_Stay_In_Touch__c", "equals", "1"),
        ),
        by="Aurevoir_Alumni_Segments__c",
        chart="HorizontalBar",
    ),
)

#: How a dashboard calls the charts of reports.
_COMPONENTS: Final = {
    "HorizontalBar": "Bar",
    "VerticalColumn": "Column",
    "VerticalColumnStacked": "ColumnStacked",
    "Donut": "Donut",
}


def reports() -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    folder = {"name": "Off-boarding (Aurevoir)"}
    for kind, root in (("report", "ReportFolder"), ("dashboard", "DashboardFolder")):
        path = f"{_MAIN}/{kind}s/{_FOLDER}.{kind}Folder-meta.xml"
        yield path, document(root, folder)
    for report in REPORTS:
        yield f"{_MAIN}/reports/{_FOLDER}/{report.name}.report-meta.xml", _report(report)
    yield f"{_MAIN}/dashboards/{_FOLDER}/Off_boarding.dashboard-meta.xml", _dashboard()


def _report(report: Report) -> str:
    def column(name: str) -> str:
        return f"{report.object}${name}"

    groupings: list[Element] = [_grouping(column(report.by), monthly=report.monthly)]
    drawn: dict[str, Element] = {"axisBinding": "y", "column": "RowCount"}
    if report.average:
        drawn |= {"aggregate": "Average", "column": column(report.average)}
    chart: dict[str, Element] = {
        "chartSummaries": drawn,
        "chartType": report.chart,
        "groupingColumn": column(report.by),
        "legendPosition": "Right",
        "location": "CHART_TOP",
        "size": "Medium",
        "title": report.title,
    }
    if report.chart == "Donut":
        chart |= {"showPercentage": True, "showTotal": True, "showValues": True}
    if report.then_by:
        groupings.append(_grouping(column(report.then_by), monthly=False))
        chart["secondaryGroupingColumn"] = column(report.then_by)
    return document(
        "Report",
        {
            "chart": chart,
            "columns": [
                {"field": column(name), "aggregateTypes": "Average"}
                if name == report.average
                else {"field": column(name)}
                for name in report.columns
            ],
            "description": report.description,
            "filter": {
                "criteriaItems": [
                    {"column": column(field), "operator": operation, "value": value}
                    for field, operation, value in report.filters
                ],
                "language": "en_US",
            },
            "format": "Summary",
            "groupingsDown": groupings,
            "name": report.title,
            "reportType": f"{report.type}__c",
            "scope": "organization",
            "showDetails": True,
            "showGrandTotal": True,
            "showSubTotals": True,
        },
    )


def _grouping(field: str, *, monthly: bool) -> Elements:
    return {
        "dateGranularity": "Month" if monthly else "Day",
        "field": field,
        "sortOrder": "Asc",
    }


def _dashboard() -> str:
    """Two charts a row, each as its report has it; everybody sees what they may see."""
    components: list[Element] = [
        {
            "colSpan": 6,
            "columnIndex": 6 * (n % 2),
            "dashboardComponent": _component(report),
            "rowIndex": 8 * (n // 2),
            "rowSpan": 8,
        }
        for n, report in enumerate(REPORTS)
    ]
    return document(
        "Dashboard",
        {
            "backgroundEndColor": "#FFFFFF",
            "backgroundFadeDirection": "Diagonal",
            "backgroundStartColor": "#FFFFFF",
            "dashboardGridLayout": {
                "dashboardGridComponents": components,
                "numberOfColumns": 12,
                "rowHeight": 36,
            },
            "dashboardType": "LoggedInUser",
            "description": "Who leaves and why, who stays in touch, and who comes back.",
            "isGridLayout": True,
            "textColor": "#000000",
            "title": "Off-boarding",
            "titleColor": "#000000",
            "titleSize": 12,
        },
    )


def _component(report: Report) -> Elements:
    return {
        "componentType": _COMPONENTS[report.chart],
        "header": report.title,
        "legendPosition": "Bottom",
        "report": f"{_FOLDER}/{report.name}",
        "useReportChart": True,
    }
