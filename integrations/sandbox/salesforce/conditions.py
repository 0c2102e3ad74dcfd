"""Conditional requests: answered only where something has, or has not, changed since.

Source: REST API Developer Guide, "Conditional Request Headers". Tags are for accounts only.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call
from integrations.sandbox.salesforce.moments import parse
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.table import Row

_TAGGED: Final = "Account"
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
_WORDS: Final = "The precondition of the request does not hold: the record is another by now."


def headers(call: Call, row: Row) -> dict[str, str]:
    """What an answer with a record tells of its age."""
    told = {"Last-Modified": format_datetime(parse(_changed(row)), usegmt=True)}
    if call.sobject.name == _TAGGED:
        told = {"ETag": f'"{_tag(row)}"', **told}
    return told


def unmet(call: Call, row: Row) -> Answer | None:
    """The answer where the request's own condition stands in its way; raises Refusal."""
    sent, reads = call.request.headers, call.request.method in ("GET", "HEAD")
    for name in ("if-match", "if-none-match"):
        given = sent.get(name)
        if given is None or call.sobject.name != _TAGGED:
            continue
        tags = _TAG.findall(given)
        if not tags and given.strip() != "*":
            raise _invalid(name)
        same = given.strip() == "*" or any(t.removesuffix("-gzip") == _tag(row) for t in tags)
        if same is (name == "if-none-match"):
            return _stopped(call, row, same and reads)
    changed = parse(_changed(row))
    since = date(sent.get("if-modified-since", ""))
    if since is not None and changed <= since:
        return _stopped(call, row, reads)
    if "if-unmodified-since" in sent:
        until = date(sent["if-unmodified-since"])
        if until is None and not reads:
            raise _invalid("if-unmodified-since")
        if until is not None and changed > until:
            return _stopped(call, row, False)
    return None


def date(text: str) -> datetime | None:
    """A date of HTTP, or None where it is none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def failed() -> Refusal:
    """The refusal of a request whose condition does not hold."""
    return Refusal("PRECONDITION_FAILED", _WORDS)


def _stopped(call: Call, row: Row, known: bool) -> Answer:
    """Nothing new, or nothing done."""
    if known:
        return Answer(status=304, headers=headers(call, row))
    return failed().answer()


def _changed(row: Row) -> str:
    return str(row.get("LastModifiedDate") or row.get("SystemModstamp") or row["CreatedDate"])


def _tag(row: Row) -> str:
    digest = sha256(json.dumps(row, sort_keys=True).encode()).digest()
    return base64.b64encode(digest).decode()


def _invalid(header: str) -> Refusal:
    return Refusal("INVALID_HEADER", f"Invalid value of the header {header}", status=400)
