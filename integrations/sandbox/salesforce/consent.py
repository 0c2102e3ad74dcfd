"""Whether people may be mailed, compiled from every record that says something about it.

Source: REST API Developer Guide, "Compile Consent Settings": the least permissive answer wins, only
records with the same address count, and nobody known means no.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import Refusal
from integrations.sandbox.salesforce.table import Row

_OBJECTS: Final = ("Contact", "Lead")
_FIELD: Final = "HasOptedOutOfEmail"


def email(call: Call) -> Answer:
    """``/consent/action/email?ids=``: ids or addresses; ``verbose`` says what was consulted."""
    query = call.request.query
    asked = [text.strip() for text in query.get("ids", "").split(",") if text.strip()]
    if not asked:
        raise Refusal("MISSING_ARGUMENT", "ids is required")
    verbose = query.get("verbose", "false") in ("", "true")
    return Answer(body={text: _consent(call.org, text, verbose=verbose) for text in asked})


def _consent(org: Org, text: str, *, verbose: bool) -> dict[str, object]:
    consulted = list(_people(org, text))
    allowed = bool(consulted) and not any(row[_FIELD] for _, row in consulted)
    body: dict[str, object] = {
        "result": "Success",
        "proceed": {"email": str(allowed).lower(), "emailResult": "Success"},
    }
    if verbose:
        body["explanation"] = [
            {
                "objectConsulted": name,
                "field": _FIELD,
                "recordId": row["Id"],
                "value": str(row[_FIELD]).lower(),
            }
            for name, row in consulted
        ]
    return body


def _people(org: Org, text: str) -> Iterator[tuple[str, Row]]:
    """Everybody of that address; of an id, the record's own address."""
    address, own = text, None
    if "@" not in text:
        key = normal(text)
        own = org.get(key) if key else None
        if own is None or own.get("IsDeleted") or _FIELD not in own:
            return
        address = str(own.get("Email") or "")
    if own is not None and not address:
        found = org.schema.of_id(str(own["Id"]))
        yield (found.name if found else "", own)
        return
    for name in _OBJECTS:
        for row in org[name].having("Email", address):
            yield name, row


ROUTES: Final[tuple[Resource, ...]] = (("GET", "/consent/action/email", "consent.read", email),)
