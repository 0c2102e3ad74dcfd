"""Which records HubSpot's webhooks are about. Source: "Webhooks" guide.

Events come in any order, more than once, and of types that we do not know; their ids are "not
guaranteed to be unique". So nothing is read from them but which record to look at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from integrations.contract import Forged, Hint, Hook
from integrations.hubspot.objects import plural
from integrations.hubspot.signature import check

#: Where an event has ids: after a merge the survivor may have a new one.
_IDS: Final = ("objectId", "primaryObjectId", "newObjectId", "mergedObjectIds")


def hints(hook: Hook, *, secret: str, now: datetime) -> tuple[Hint, ...]:
    """The records of a batch of events, each once; ``secret``: of the app. Raises Forged."""
    check(hook, secret=secret, now=now)
    try:
        events = json.loads(hook.body)
    except ValueError:
        raise Forged("it is not JSON") from None
    listed = events if isinstance(events, list) else []
    found = (hint for event in listed if isinstance(event, dict) for hint in _hints(event))
    return tuple(dict.fromkeys(found))


def _hints(event: Mapping[str, Any]) -> Iterator[Hint]:
    named = str(event.get("subscriptionType") or "").partition(".")[0]
    object = plural(str(event.get("objectTypeId") or named))
    for name in _IDS:
        said = event.get(name)
        for id in said if isinstance(said, list) else [said]:
            if str(id).isdecimal() and object not in ("", "object"):
                yield Hint(org=str(event.get("portalId")), object=object, id=str(id))
