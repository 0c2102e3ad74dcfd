"""What people said about e-mail. Source: "Subscription preferences" guide, version 2026-03."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from integrations.batches import batches
from integrations.contract import OptOut
from integrations.errors import Drift, Gone, Reject, Retry
from integrations.hubspot.schema import Catalogue

Raw = Mapping[str, Any]
#: Addresses a call; the documents name no limit, this is that of the other batches.
TOGETHER: Final = 100


class Subscriptions(Catalogue):
    """The verb that asks who has opted out."""

    #: Whether opt-outs may be read together; until the portal says no.
    _together = True

    def opt_outs(self, people: Mapping[str, str]) -> dict[str, OptOut]:
        """Asks for many at once where Marketing Hub Enterprise allows it, and else for each."""
        asked = {id: address for id, address in people.items() if address}
        said = self._said_of_many(sorted({address.lower() for address in asked.values()}))
        found = {}
        for id, address in asked.items():
            statuses = said.get(address.lower())
            if statuses is None and (statuses := self._said_of(address)) is None:
                continue
            out = any(raw.get("status") != "SUBSCRIBED" for raw in statuses)
            words = "unsubscribed from all e-mail in HubSpot" if out else ""
            found[id] = OptOut(out=out, words=words)
        return found

    def _said_of(self, address: str) -> Sequence[Raw] | None:
        """What one address said about all e-mail; None: no answer."""
        try:
            answer = self._client.call(
                "opt_outs.read", path={"email": address}, query={"channel": "EMAIL"}
            )
        except (Retry, Gone, Reject, Drift):
            return None
        return list(answer["results"])

    def _said_of_many(self, addresses: Sequence[str]) -> dict[str, Sequence[Raw]]:
        """The same by address, of those that there is an answer about.

        A portal without the scope is asked once; who asks for one saves nothing by it.
        """
        found: dict[str, Sequence[Raw]] = {}
        for some in batches(addresses if len(addresses) > 1 and self._together else (), TOGETHER):
            try:
                answer = self._client.call(
                    "opt_outs.batch.read", query={"channel": "EMAIL"}, body={"inputs": list(some)}
                )
            except Drift:
                self._together = False
                break
            except (Retry, Gone, Reject):
                continue
            self._allowed["opt_out"] = TOGETHER
            for raw in answer["results"]:
                found[str(raw["subscriberIdString"]).lower()] = raw["wideStatuses"]
        return found
