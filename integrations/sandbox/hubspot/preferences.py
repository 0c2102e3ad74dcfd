"""What addresses said about e-mail, as version 3 asks and tells it, and 2026-09 again.

Sources: "Subscription preferences API v3" guide, and the OpenAPI file of 2026-09.
"""

from __future__ import annotations

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import SUBSCRIPTIONS, Choice, Portal, Subscription
from integrations.sandbox.hubspot.subscriptions import FAMILY, define, say
from integrations.sandbox.hubspot.wire import Json


class Preferences:
    """The operations on subscription preferences of version 3."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        rows = (
            ("GET", "/definitions", "definitions.list", self.definitions),
            ("GET", "/status/email/{address}", "get", self.read),
            ("POST", "/subscribe", "subscribe", self.subscribe),
            ("POST", "/unsubscribe", "unsubscribe", self.unsubscribe),
        )
        return [
            Operation(
                method=method,
                family=FAMILY,
                rest=rest,
                name=f"subscriptions.{name}",
                handler=handler,
                dated=() if rest == "/definitions" else ("2026-09",),
            )
            for method, rest, name, handler in rows
        ]

    def definitions(self, request: Request) -> Answer:
        """The kinds of e-mail that this portal sends."""
        found = [define(one, self._portal) for one in SUBSCRIPTIONS]
        return Answer(body={"subscriptionDefinitions": found})

    def read(self, request: Request) -> Answer:
        """What an address said about each kind."""
        address = request.params["address"]
        statuses = [self._status(address, one) for one in SUBSCRIPTIONS]
        return Answer(body={"recipient": address, "subscriptionStatuses": statuses})

    def subscribe(self, request: Request) -> Answer:
        """An address joins a kind; the consent has to be named, and no opt-out be there."""
        return self._change(request, "SUBSCRIBED")

    def unsubscribe(self, request: Request) -> Answer:
        """An address leaves a kind."""
        return self._change(request, "UNSUBSCRIBED")

    def _change(self, request: Request, state: str) -> Answer:
        body = wire.body(request, "emailAddress", "subscriptionId")
        address, wanted = str(body["emailAddress"]), str(body["subscriptionId"])
        subscription = next((one for one in SUBSCRIPTIONS if str(one.id) == wanted), None)
        if subscription is None:
            raise not_found(f"Subscription {wanted} does not exist.")
        before = self._portal.choice(address, subscription.id)
        if before and before.status == state:
            raise Refused(400, f"{address} is already {state.lower()} for subscription {wanted}")
        choice = Choice(
            status=state,
            at=self._portal.now(),
            source="API",
            legal_basis=body.get("legalBasis"),
            explanation=body.get("legalBasisExplanation"),
        )
        say(self._portal, address, subscription, choice)
        return Answer(body=self._status(address, subscription))

    def _status(self, address: str, subscription: Subscription) -> Json:
        said = self._portal.choice(address, subscription.id)
        wide = self._portal.choice(address, None) is not None
        found: Json = {
            "id": str(subscription.id),
            "name": subscription.name,
            "description": subscription.description,
            "status": "SUBSCRIBED" if said and said.status == "SUBSCRIBED" else "NOT_SUBSCRIBED",
            "sourceOfStatus": "PORTAL_WIDE_STATUS" if wide else "SUBSCRIPTION_STATUS",
        }
        if said and said.legal_basis:
            found["legalBasis"] = said.legal_basis
        if said and said.explanation:
            found["legalBasisExplanation"] = said.explanation
        return found
