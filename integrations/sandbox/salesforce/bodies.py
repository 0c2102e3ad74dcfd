"""The body of a request, as Salesforce's parser reads it and complains of it.

Source: REST API Developer Guide, "Status Codes and Error Responses"; the words are those of public
reports and of Jackson, the parser that is at work there.
"""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, Final

from integrations.sandbox.http import Request
from integrations.sandbox.salesforce.refusals import Refusal

_EMPTY: Final = "The HTTP entity body is required, but this request has no entity body."
#: What is missing, in Python's words -> in Jackson's.
_WANTED: Final[Mapping[str, str]] = {
    "Expecting property name enclosed in double quotes": (
        "was expecting double-quote to start field name"
    ),
    "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
    "Expecting ',' delimiter": "was expecting comma to separate entries",
    "Expecting value": (
        "expected a valid value (number, String, array, object, 'true', 'false' or 'null')"
    ),
}
#: Bodies that are surely no JSON.
_OTHERS: Final = ("xml", "application/x-www-form-urlencoded", "multipart/")


def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; raises Refusal."""
    if not request.body:
        raise Refusal("JSON_PARSER_ERROR", _EMPTY)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(other in kind for other in _OTHERS):
        words = f"Content type {kind} is not supported: this sandbox reads JSON only"
        raise Refusal("UNSUPPORTED_MEDIA_TYPE", words)
    try:
        sent = request.json
    except JSONDecodeError as error:
        raise Refusal("JSON_PARSER_ERROR", _complaint(error)) from None
    except ValueError:
        words = "Invalid UTF-8 in the HTTP entity body at [line:1, column:1]"
        raise Refusal("JSON_PARSER_ERROR", words) from None
    if not isinstance(sent, dict):
        token = "START_ARRAY" if isinstance(sent, list) else "VALUE_STRING"
        words = f"Can not deserialize SObject out of {token} token at [line:1, column:1]"
        raise Refusal("JSON_PARSER_ERROR", words)
    return sent


def answers_in_json(request: Request) -> None:
    """Refuse a client that wants nothing but XML, which is not written here; raises Refusal."""
    wanted = request.headers.get("accept", "").lower()
    if "xml" in wanted and "json" not in wanted and "*/*" not in wanted:
        raise Refusal("NOT_ACCEPTABLE", "This sandbox answers in JSON only")


def _complaint(error: JSONDecodeError) -> str:
    place = f"at [line:{error.lineno}, column:{error.colno + 1}]"
    if error.pos >= len(error.doc) or error.msg.startswith("Unterminated"):
        return f"Unexpected end-of-input {place}"
    letter = error.doc[error.pos]
    wanted = _WANTED.get(error.msg, "expected a valid value")
    return f"Unexpected character ('{letter}' (code {ord(letter)})): {wanted} {place}"
