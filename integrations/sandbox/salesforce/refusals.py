"""What Salesforce says when it will not: its codes, its words, its two body forms.

The words are the vendor's own; recorded answers and its documents are the source. A clear
``Refusal`` becomes ``errorCode`` in an answer of its own and ``statusCode`` inside a collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from integrations.sandbox.http import Answer, wrong_method

#: Codes that are not a 400.
STATUS: Final[Mapping[str, int]] = {
    "INVALID_SESSION_ID": 401,
    "INVALID_AUTH_HEADER": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "PRECONDITION_FAILED": 412,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "SERVER_UNAVAILABLE": 503,
    "UNKNOWN_EXCEPTION": 500,
}

#: The code and words that go with a bare status.
BY_STATUS: Final[Mapping[int, tuple[str, str]]] = {
    401: ("INVALID_SESSION_ID", "Session expired or invalid"),
    403: ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    404: ("NOT_FOUND", "The requested resource does not exist"),
    405: ("METHOD_NOT_ALLOWED", ""),
    500: ("UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId"),
    503: ("SERVER_UNAVAILABLE", "The server is temporarily unavailable"),
}


class Refusal(Exception):
    """Salesforce will not do it. ``fields`` is None where its answer has no such key."""

    def __init__(
        self,
        code: str,
        words: str,
        *,
        fields: Sequence[str] | None = None,
        status: int | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words
        self.fields = fields
        self.status = status or STATUS.get(code, 400)
        #: What else the answer to a request of its own tells.
        self.more = more or {}
        #: What is refused for the same record besides.
        self.others: tuple[Refusal, ...] = ()

    def with_others(self, others: Iterable[Refusal]) -> Refusal:
        """This refusal, told together with others."""
        self.others = tuple(others)
        return self

    def rows(self) -> list[dict[str, object]]:
        """The errors of a record inside a collection."""
        return [self.row(), *(other.row() for other in self.others)]

    def row(self) -> dict[str, object]:
        """The error as it stands inside a collection or an action."""
        return {
            "statusCode": self.code,
            "message": self.words,
            "fields": list(self.fields or ()),
        }

    def answer(self) -> Answer:
        """The error as the answer to a request of its own."""
        body = [refusal._told() for refusal in (self, *self.others)]
        return Answer(status=self.status, body=body)

    def _told(self) -> dict[str, object]:
        told: dict[str, object] = {"message": self.words, "errorCode": self.code}
        if self.fields is not None:
            told["fields"] = list(self.fields)
        return {**self.more, **told}


def not_found() -> Refusal:
    """No such resource, object or record."""
    return Refusal(*BY_STATUS[404])


def not_allowed(method: str, allowed: Iterable[str]) -> Refusal:
    """The resource is there, but not for this method."""
    return Refusal("METHOD_NOT_ALLOWED", wrong_method(method, allowed))


def deleted() -> Refusal:
    """The record lies in the recycle bin."""
    return Refusal("ENTITY_IS_DELETED", "entity is deleted", fields=())


def no_column(field: str, object: str) -> Refusal:
    """A name in a JSON body, or in a list of fields, that is no field of the object."""
    return Refusal("INVALID_FIELD", f"No such column '{field}' on sobject of type {object}")


def no_external_id(field: str) -> Refusal:
    """Not a field that records can be addressed by."""
    return Refusal(
        "NOT_FOUND",
        f"Provided external ID field does not exist or is not accessible: {field}",
    )


def missing(fields: Sequence[str]) -> Refusal:
    """Required fields that are empty."""
    return Refusal(
        "REQUIRED_FIELD_MISSING",
        f"Required fields are missing: [{', '.join(fields)}]",
        fields=fields,
    )


def read_only(fields: Sequence[str]) -> Refusal:
    """Fields that this call may not set."""
    return Refusal(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {', '.join(fields)}. Please check the security settings "
        "of this field and verify that it is read/write for your profile or permission set.",
        fields=fields,
    )


def wrong_id(label: str, value: object, field: str) -> Refusal:
    """Text in an id field that is no id."""
    return Refusal("MALFORMED_ID", f"{label}: id value of incorrect type: {value}", fields=[field])


def wrong_reference(label: str, value: object, field: str) -> Refusal:
    """The id of a record of another object."""
    return Refusal(
        "FIELD_INTEGRITY_EXCEPTION",
        f"{label}: id value of incorrect type: {value}",
        fields=[field],
    )


def dangling() -> Refusal:
    """The id of a record that is not there."""
    return Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=())


def unparsed(type: str, value: object) -> Refusal:
    """A JSON value that the field's type cannot be read from."""
    kind, shown = _token(value)
    if kind != "START_ARRAY":
        shown += " or request may be missing a required field at "
    return Refusal(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {type} from {kind} value {shown}[line:1, column:1]",
    )


def _token(value: object) -> tuple[str, str]:
    """The name of a JSON token as Salesforce's parser has it, and the value as it shows it."""
    if isinstance(value, bool):
        return (f"VALUE_{str(value).upper()}", str(value).lower())
    if isinstance(value, int):
        return ("VALUE_NUMBER_INT", str(value))
    if isinstance(value, float):
        return ("VALUE_NUMBER_FLOAT", str(value))
    if isinstance(value, list):
        return ("START_ARRAY", "")
    if isinstance(value, dict):
        return ("START_OBJECT", "{")
    return ("VALUE_STRING", str(value))
