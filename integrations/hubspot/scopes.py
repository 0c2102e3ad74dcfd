"""Which scopes a token lacks, found by calls that change nothing.

A service key cannot be asked for its scopes, but HubSpot looks at them before it looks at what was
sent. So what only writes is sent empty: it is refused, for the scope or for being empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from integrations.contract import RELATION
from integrations.errors import Drift, Exists, Gone, Reject
from integrations.hubspot import faults
from integrations.hubspot.client import Client
from integrations.hubspot.objects import OWN, plural

Probe = tuple[str, Mapping[str, str], Mapping[str, Any], Any]

#: Tried once. Nobody has the address: the domain is kept free for examples.
_ONCE: Final[tuple[Probe, ...]] = (
    ("owners.list", {}, {"limit": 1}, None),
    ("lists.search", {}, {}, {"listIds": [], "processingTypes": [], "query": "", "count": 1}),
    ("lists.create", {}, {}, {}),
    ("opt_outs.read", {"email": "nobody@example.com"}, {"channel": "EMAIL"}, None),
)
#: Tried where there is to be an object of our own.
_OWN: Final[tuple[Probe, ...]] = (("schemas.list", {}, {}, None), ("schemas.create", {}, {}, {}))
#: Tried for each object.
_EACH: Final[tuple[tuple[str, Mapping[str, Any], Any], ...]] = (
    ("objects.list", {"limit": 1}, None),
    ("objects.update", {}, {"inputs": []}),
    ("properties.list", {}, None),
    ("properties.create", {}, {}),
)


def lacking(client: Client, objects: Collection[str], *, own: bool = False) -> tuple[str, ...]:
    """The scopes that the token lacks for what we do with these objects.

    ``own``: and to make one of our own.
    """
    found: set[str] = set()
    for operation, path, query, body in (*_probes(objects), *(_OWN if own else ())):
        try:
            client.call(operation, path=path, query=query, body=body)
        except Drift as drift:
            found.update(faults.scopes(drift))
        except (Exists, Gone, Reject):
            continue
    return tuple(sorted(found))


def _probes(objects: Collection[str]) -> Iterator[Probe]:
    yield from _ONCE
    # Tasks and notes go by the scopes of contacts; labels by those of what they are between.
    there = [object for object in objects if object != RELATION]
    names = {"contacts" if object in OWN else plural(object) for object in there}
    for name in sorted(names):
        for operation, query, body in _EACH:
            yield operation, {"object": name}, query, body
