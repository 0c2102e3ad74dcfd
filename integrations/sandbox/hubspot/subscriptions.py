"""What addresses said about e-mail. Source: "Subscription preferences" guide, shapes of 2026-03."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.batch import MOST, answer
from integrations.sandbox.hubspot.errors import (
    Refused,
    bad_json,
    missing_fields,
    missing_scopes,
    not_found,
)
from integrations.sandbox.hubspot.kinds import CONTACTS
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import (
    COMPUTED,
    SUBSCRIPTIONS,
    Choice,
    Portal,
    Subscription,
)
from integrations.sandbox.hubspot.wire import Json

FAMILY: Final = "communication-preferences"
#: Given to portals on Marketing Hub Enterprise only.
TOGETHER: Final = "communication_preferences.statuses.batch"
STATES: Final = ("SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED")


def opt_out(portal: Portal, address: str, *, source: str) -> None:
    """An address leaves all e-mail; its contact shows it."""
    gone = Choice(status="UNSUBSCRIBED", at=portal.now(), source=source)
    said = portal.choices.setdefault(address.lower(), {})
    said[None] = gone
    for subscription in SUBSCRIPTIONS:
        said[subscription.id] = gone
    show_opt_out(portal, address)


def show_opt_out(portal: Portal, address: str) -> None:
    """Bring the contact's property in line with what its address said."""
    out = "true" if portal.choice(address, None) else ""
    if contact := portal.contact(address):
        said = {"hs_email_optout": out}
        if portal.table(CONTACTS).change(contact, said, portal.now(), COMPUTED):
            told = {"propertyName": "hs_email_optout", "propertyValue": out}
            portal.tell("propertyChange", contact, COMPUTED, **told)


def say(portal: Portal, address: str, subscription: Subscription, choice: Choice) -> None:
    """An address says something about one kind; who subscribes has not left all e-mail."""
    said = portal.choices.setdefault(address.lower(), {})
    said[subscription.id] = choice
    if choice.status == "SUBSCRIBED":
        said.pop(None, None)
        show_opt_out(portal, address)


def define(subscription: Subscription, portal: Portal) -> Json:
    """A kind of e-mail as the API shows it."""
    since = wire.instant(portal.since)
    return {
        "id": str(subscription.id),
        "name": subscription.name,
        "description": subscription.description,
        "purpose": subscription.purpose,
        "communicationMethod": "Email",
        "isActive": True,
        "isDefault": True,
        "isInternal": subscription.purpose == "Sales",
        "businessUnitId": 0,
        "createdAt": since,
        "updatedAt": since,
    }


class Subscriptions:
    """The operations on subscription preferences."""

    def __init__(self, portal: Portal, options: Options) -> None:
        self._portal = portal
        self._options = options

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        one, all_ = "/statuses/{address}", "/statuses/{address}/unsubscribe-all"
        many = "/statuses/batch"
        rows = (
            ("GET", "/definitions", "subscriptions.definitions.list", self.definitions),
            ("POST", f"{many}/read", "subscriptions.batch.read", self.read_many),
            ("POST", f"{many}/write", "subscriptions.batch.write", self.write_many),
            (
                "POST",
                f"{many}/unsubscribe-all/read",
                "subscriptions.all.batch.read",
                self.read_all_of_many,
            ),
            ("GET", all_, "subscriptions.all.get", self.read_all),
            ("POST", all_, "subscriptions.all.leave", self.leave_all),
            ("GET", one, "subscriptions.get", self.read),
            ("POST", one, "subscriptions.update", self.update),
        )
        return [
            Operation(
                method=method,
                family=FAMILY,
                rest=rest,
                name=name,
                handler=handler,
                numbered="v4",
            )
            for method, rest, name, handler in rows
        ]

    def definitions(self, request: Request) -> Answer:
        """The kinds of e-mail that this portal sends."""
        return self._answer([define(one, self._portal) for one in SUBSCRIPTIONS])

    def read(self, request: Request) -> Answer:
        """What an address said about each kind."""
        _channel(request.query.get("channel"))
        return self._answer(self._statuses(request.params["address"]))

    def update(self, request: Request) -> Answer:
        """Subscribe to, or leave, one kind."""
        body = wire.body(request)
        return self._answer([self._say(request.params["address"].lower(), body)])

    def _say(self, address: str, body: Json) -> Json:
        needed = ("channel", "statusState", "subscriptionId")
        if missing := [name for name in needed if body.get(name) is None]:
            raise missing_fields(missing)
        _channel(body["channel"])
        state = body["statusState"]
        if state not in STATES:
            raise bad_json(f"{state!r} is not one of the values accepted: {', '.join(STATES)}")
        wanted = str(body["subscriptionId"])
        subscription = next((one for one in SUBSCRIPTIONS if str(one.id) == wanted), None)
        if subscription is None:
            raise not_found(f"Subscription {wanted} does not exist.")
        before = self._portal.choice(address, subscription.id)
        choice = Choice(
            status=state,
            at=self._portal.now(),
            source="API",
            legal_basis=body.get("legalBasis"),
            explanation=body.get("legalBasisExplanation"),
        )
        say(self._portal, address, subscription, choice)
        reason = _reason(before.status if before else "NOT_SPECIFIED", state)
        return self._status(address, subscription) | {"setStatusSuccessReason": reason}

    def write_many(self, request: Request) -> Answer:
        """What each of several addresses says about a kind; each fails by itself."""
        self._check_edition("write")
        _, given = wire.inputs(request, most=MOST)
        started, results, errors = self._portal.now(), [], []
        for one in given:
            address = wire.identifier(one, "subscriberIdString")
            try:
                results.append(self._say(address.lower(), one))
            except Refused as refused:
                errors.append(refused.entry({"subscriberIdString": [address]}))
        return answer(started, self._portal.now(), results, errors)

    def read_all(self, request: Request) -> Answer:
        """Whether an address left all e-mail: without results it did not."""
        _channel(request.query.get("channel"))
        return self._answer(self._wide(request.params["address"]))

    def read_many(self, request: Request) -> Answer:
        """What each of several addresses said about each kind."""
        return self._many(request, "statuses", self._statuses)

    def read_all_of_many(self, request: Request) -> Answer:
        """Whether each of several addresses left all e-mail."""
        return self._many(request, "wideStatuses", self._wide)

    def _many(self, request: Request, name: str, said: Callable[[str], Sequence[Json]]) -> Answer:
        self._check_edition("read")
        _channel(request.query.get("channel"))
        addresses = wire.body(request, "inputs")["inputs"]
        if not isinstance(addresses, list) or not all(isinstance(one, str) for one in addresses):
            raise bad_json("inputs must be a list of strings")
        return self._answer(
            [{"subscriberIdString": one, name: list(said(one))} for one in addresses]
        )

    def _check_edition(self, what: str) -> None:
        if not self._options.on("marketing_enterprise"):
            raise missing_scopes([f"{TOGETHER}.{what}"])

    def leave_all(self, request: Request) -> Answer:
        """An address leaves all e-mail."""
        _channel(request.query.get("channel"))
        address = request.params["address"]
        opt_out(self._portal, address, source="API")
        return self._answer(self._statuses(address) if wire.flag(request, "verbose") else [])

    def _statuses(self, address: str) -> list[Json]:
        return [self._status(address, one) for one in SUBSCRIPTIONS]

    def _status(self, address: str, subscription: Subscription) -> Json:
        said = self._portal.choice(address, subscription.id)
        found: Json = {
            "channel": "EMAIL",
            "subscriberIdString": address,
            "subscriptionId": subscription.id,
            "subscriptionName": subscription.name,
            "status": said.status if said else "NOT_SPECIFIED",
            "source": said.source if said else "",
            "timestamp": wire.instant(said.at if said else self._portal.since),
            "businessUnitId": 0,
        }
        if said and said.legal_basis:
            found["legalBasis"] = said.legal_basis
        if said and said.explanation:
            found["legalBasisExplanation"] = said.explanation
        return found

    def _wide(self, address: str) -> list[Json]:
        said = self._portal.choice(address, None)
        if said is None:
            return []
        return [
            {
                "channel": "EMAIL",
                "subscriberIdString": address,
                "status": said.status,
                "wideStatusType": "PORTAL_WIDE",
                "timestamp": wire.instant(said.at),
            }
        ]

    def _answer(self, results: Sequence[Json]) -> Answer:
        now = self._portal.now()
        return answer(now, now, results)


def _channel(given: object) -> None:
    if given != "EMAIL":
        raise Refused(400, f"channel must be EMAIL, but was {given}.")


def _reason(before: str, after: str) -> str:
    if before == after:
        return "NO_STATUS_CHANGE"
    if (before, after) == ("UNSUBSCRIBED", "SUBSCRIBED"):
        return "RESUBSCRIBE_OCCURRED"
    return "REQUESTED_CHANGE_OCCURRED"
