"""The query resources: the first page of an answer, and the pages behind its locator.

Source: REST API Developer Guide, "Query", "QueryAll", "Query More Results", "Query Options Header".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.soql.run import Found, run
from integrations.sandbox.salesforce.soql.selection import Shown
from integrations.sandbox.salesforce.table import Row

PAGE: Final = 2_000
SMALLEST_PAGE: Final = 200
LIFETIME: Final = timedelta(days=2)
_BATCH: Final = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The ids that a query found when it was asked; their values are read page by page."""

    found: Found
    size: int
    version: str
    all_rows: bool
    opened_at: datetime


def first_page(call: Call) -> Answer:
    """``/query?q=``"""
    return _first(call, all_rows=False)


def first_page_of_all(call: Call) -> Answer:
    """``/queryAll?q=``: deleted records too."""
    return _first(call, all_rows=True)


def next_page(call: Call) -> Answer:
    """``/query/{locator}-{start}``"""
    locator, _, start = call.request.params["locator"].rpartition("-")
    cursor, now = call.session.cursors.get(locator), call.org.clock.now()
    if cursor is None or not start.isdigit() or now - cursor.opened_at > LIFETIME:
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    return Answer(body=_page(call.org, cursor, locator, int(start)))


def _first(call: Call, *, all_rows: bool) -> Answer:
    text = call.request.query.get("q")
    if text is None:
        raise Refusal("MALFORMED_QUERY", "A query string has to be specified")

    def keep(object: str, ids: tuple[str, ...], show: Callable[[Row], Shown], start: int) -> str:
        found = Found(total=len(ids), object=object, ids=ids, show=show)
        locator = _open(call, found, PAGE, all_rows=all_rows)
        return f"/services/data/{call.version}/query/{locator}-{start}"

    found = run(call.org, text, call.version, all_rows=all_rows, keep=keep)
    if found.groups is not None:
        body = {"totalSize": found.total, "done": True, "records": list(found.groups)}
        return Answer(body=body)
    locator = _open(call, found, _size(call), all_rows=all_rows)
    body = _page(call.org, call.session.cursors[locator], locator, 0)
    if body["done"]:
        del call.session.cursors[locator]
    return Answer(body=body)


def _open(call: Call, found: Found, size: int, *, all_rows: bool) -> str:
    """A new cursor; its locator."""
    locator = call.org.ids.next("0r8")
    call.session.cursors[locator] = Cursor(
        found=found,
        size=size,
        version=call.version,
        all_rows=all_rows,
        opened_at=call.org.clock.now(),
    )
    return locator


def _size(call: Call) -> int:
    asked = _BATCH.search(call.request.headers.get("sforce-query-options", ""))
    return min(PAGE, max(SMALLEST_PAGE, int(asked.group(1)))) if asked else PAGE


def _page(org: Org, cursor: Cursor, locator: str, start: int) -> dict[str, object]:
    found, end = cursor.found, start + cursor.size
    rows, show = org[found.object].rows, found.show
    page: dict[str, object] = {"totalSize": found.total, "done": end >= found.total}
    if end < found.total:
        page["nextRecordsUrl"] = f"/services/data/{cursor.version}/query/{locator}-{end}"
    page["records"] = [
        show(row)
        for key in found.ids[start:end]
        if (row := rows.get(key)) and (cursor.all_rows or not row.get("IsDeleted"))
    ]
    return page


ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", "/query", "query", first_page),
    ("GET", "/queryAll", "queryall.query", first_page_of_all),
    ("GET", "/query/{locator}", "querymore.query", next_page),
    ("GET", "/queryAll/{locator}", "querymore.query", next_page),
)
