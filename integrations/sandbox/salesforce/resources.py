"""Where things are: versions, the resources of one, its objects and their describes.

Source: REST API Developer Guide, "Versions", "Resources by Version", "Describe Global",
"sObject Basic Information", "sObject Describe", "Limits", "Record Count".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.salesforce import conditions, describe
from integrations.sandbox.salesforce.call import Call, Resource, base_url
from integrations.sandbox.salesforce.refusals import not_found

#: The API versions that are listed, by their release.
VERSIONS: Final = {
    "60.0": "Spring '24",
    "61.0": "Summer '24",
    "62.0": "Winter '25",
    "63.0": "Spring '25",
    "64.0": "Summer '25",
    "65.0": "Winter '26",
    "66.0": "Spring '26",
}
_MAP: Final = {
    "actions": "actions",
    "composite": "composite",
    "consent": "consent",
    "jobs": "jobs",
    "limits": "limits",
    "parameterizedSearch": "parameterizedSearch",
    "query": "query",
    "queryAll": "queryAll",
    "search": "search",
    "sobjects": "sobjects",
    "tooling": "tooling",
    "ui-api": "ui-api",
}


def versions(request: Request) -> Answer:
    """``/services/data``: asks nobody to sign in."""
    return Answer(
        body=[
            {"label": label, "url": f"/services/data/v{number}", "version": number}
            for number, label in VERSIONS.items()
        ]
    )


def resource_map(call: Call) -> Answer:
    """``/services/data/vXX.X/``"""
    home = f"/services/data/{call.version}"
    identity = f"{base_url(call.request)}/id/{call.org.id}/{call.session.user}"
    addresses = {name: f"{home}/{path}" for name, path in _MAP.items()}
    return Answer(body={**addresses, "identity": identity})


def below(*names: str) -> Callable[[Call], Answer]:
    """The resources below one, by their names."""

    def listed(call: Call) -> Answer:
        home = call.request.path.rstrip("/")
        return Answer(body={name: f"{home}/{name}" for name in names})

    return listed


def all_objects(call: Call) -> Answer:
    """``/sobjects``"""
    return _unless_known(call, describe.all_objects(call.org, call.version))


def tooling_objects(call: Call) -> Answer:
    """``/tooling/sobjects``"""
    return _unless_known(call, describe.all_objects(call.org, f"{call.version}/tooling"))


def tooling_object(call: Call) -> Answer:
    """``/tooling/sobjects/{object}/describe``"""
    found = call.org.schema.find(call.request.params["object"], tooling=True)
    if found is None or not found.tooling:
        raise not_found()
    version, base = f"{call.version}/tooling", base_url(call.request)
    return _unless_known(call, describe.in_full(call.org, found, version, base))


def one_object(call: Call) -> Answer:
    """``/sobjects/{object}``"""
    short = describe.in_short(call.sobject, call.version)
    return Answer(body={"objectDescribe": short, "recentItems": []})


def full(call: Call) -> Answer:
    """``/sobjects/{object}/describe``"""
    base = base_url(call.request)
    return _unless_known(call, describe.in_full(call.org, call.sobject, call.version, base))


def _unless_known(call: Call, body: Mapping[str, object]) -> Answer:
    """The body with its age; only the age, where the client has it since."""
    digest = sha256(json.dumps(body, default=str).encode()).hexdigest()[:8]
    seen = call.org.described
    now = call.org.clock.now().replace(microsecond=0)
    if seen.get(call.request.path, ("", now))[0] != digest:
        seen[call.request.path] = (digest, now)
    changed = seen[call.request.path][1]
    headers = {"ETag": f'"{digest}"', "Last-Modified": format_datetime(changed, usegmt=True)}
    since = conditions.date(call.request.headers.get("if-modified-since", ""))
    if since is not None and changed <= since:
        return Answer(status=304, headers=headers)
    until = conditions.date(call.request.headers.get("if-unmodified-since", ""))
    if until is not None and changed > until:
        raise conditions.failed()
    return Answer(body=body, headers=headers)


def limits(call: Call) -> Answer:
    """``/limits``"""
    found = call.org.limits.all(call.org.clock.now())
    return Answer(
        body={
            name: {"Max": most, "Remaining": max(0, most - used)}
            for name, (most, used) in sorted(found.items())
        }
    )


def record_count(call: Call) -> Answer:
    """``/limits/recordCount?sObjects=``: objects without records are left out."""
    names = [name for name in call.request.query.get("sObjects", "").split(",") if name]
    objects = [o for o in call.org.schema if not names or o.name in names]
    counts = [(o.name, sum(1 for _ in call.org[o.name].live())) for o in objects]
    return Answer(body={"sObjects": [{"count": n, "name": name} for name, n in counts if n]})


ROUTES: Final[tuple[Resource, ...]] = (
    ("GET", "", "resources.list", resource_map),
    ("GET", "/actions", "resources.list", below("standard", "custom")),
    ("GET", "/composite", "resources.list", below("tree", "batch", "sobjects", "graph")),
    ("GET", "/jobs", "resources.list", below("ingest", "query")),
    ("GET", "/tooling", "resources.list", below("query", "sobjects")),
    ("GET", "/tooling/sobjects", "sobjects.list", tooling_objects),
    ("GET", "/tooling/sobjects/{object}/describe", "sobjects.describe", tooling_object),
    ("GET", "/sobjects", "sobjects.list", all_objects),
    ("GET", "/sobjects/{object}", "sobjects.info", one_object),
    ("GET", "/sobjects/{object}/describe", "sobjects.describe", full),
    ("GET", "/limits", "limits.get", limits),
    ("GET", "/limits/recordCount", "recordcount.get", record_count),
)
