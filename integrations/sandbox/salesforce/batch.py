"""Up to 25 requests in one that know nothing of each other.

Source: REST API Developer Guide, "Composite Batch", "Batch Request Body".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, Resource
from integrations.sandbox.salesforce.composite import LIMIT
from integrations.sandbox.salesforce.refusals import Refusal, missing

_HALTED: Final = Refusal(
    "BATCH_PROCESSING_HALTED",
    "Batch processing has been halted because an earlier request in the batch has failed.",
    status=412,
)


def batch(call: Call) -> Answer:
    """``POST /composite/batch``"""
    given = call.body.get("batchRequests")
    if not isinstance(given, list) or not given:
        raise missing(["batchRequests"])
    if len(given) > LIMIT:
        words = f"The request has more than {LIMIT} subrequests"
        raise Refusal("LIMIT_EXCEEDED", words)
    halting = call.body.get("haltOnError") is True
    answers: list[Answer] = []
    for part in given:
        failed = any(answer.status >= 400 for answer in answers)
        answers.append(_HALTED.answer() if failed and halting else _one(call, part))
    return Answer(
        body={
            "hasErrors": any(answer.status >= 400 for answer in answers),
            "results": [{"statusCode": a.status, "result": a.body} for a in answers],
        }
    )


def _one(call: Call, part: object) -> Answer:
    if not isinstance(part, Mapping) or not part.get("method") or not part.get("url"):
        return missing(["method", "url"]).answer()
    url = str(part["url"])
    if not url.startswith("/services/data/"):
        url = f"/services/data/{url.lstrip('/')}"
    return call.within(str(part["method"]), url, part.get("richInput"))


ROUTES: Final[tuple[Resource, ...]] = (("POST", "/composite/batch", "composite.batch", batch),)
