"""The webhooks of the app that the portal has installed: what it wants to be told, and where.

Source: "Webhooks" guide and the OpenAPI shapes of version 3; calls carry the developer's key, as
``hapikey``. Addresses are on this machine only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Final, get_args
from urllib.parse import urlsplit

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.batch import MOST, answer
from integrations.sandbox.hubspot.courier import Courier
from integrations.sandbox.hubspot.errors import Refused, not_found, unauthorised
from integrations.sandbox.hubspot.event import Event, What
from integrations.sandbox.hubspot.grants import APP, DEVELOPER_KEY
from integrations.sandbox.hubspot.kinds import COMPANIES, CONTACTS, DEALS, TICKETS
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal
from integrations.sandbox.hubspot.wire import Json

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
#: Objects with event types of their own, ``company.creation``; all have ``object.creation``.
_OBJECTS: Final = ("object", *(kind.singular for kind in (CONTACTS, COMPANIES, DEALS, TICKETS)))
TYPES: Final = frozenset(
    f"{name}.{what}"
    for name in _OBJECTS
    for what in get_args(What)
    if what != "privacyDeletion" or name == CONTACTS.singular
)
_FLAGS: Final = {"creation": "CREATED", "deletion": "DELETED"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A subscription: an event type, perhaps of one object type or one property."""

    id: int
    type: str
    property: str | None
    object_type: str | None
    active: bool
    created_at: datetime

    def wants(self, event: Event) -> bool:
        """Whether it is about this event."""
        name, _, what = self.type.partition(".")
        return (
            self.active
            and what == event.what
            and name in ("object", event.kind.singular)
            and self.object_type in (None, event.kind.type_id)
            and self.property in (None, event.more.get("propertyName"))
        )


class Webhooks:
    """The operations on subscriptions, and who listens to the portal."""

    def __init__(self, portal: Portal, courier: Courier) -> None:
        self._portal = portal
        self._courier = courier
        self._ids = count(1_204_001)
        self._events = count(3_816_279_340)
        self._wishes: dict[int, Wish] = {}
        self._target: str | None = None
        self._concurrent = 10
        self._set_at = portal.now()
        portal.listener = self.hear

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        one = "/subscriptions/{id}"
        rows = (
            ("GET", "/settings", "settings.get", self.settings),
            ("PUT", "/settings", "settings.update", self.configure),
            ("DELETE", "/settings", "settings.archive", self.disconnect),
            ("GET", "/subscriptions", "list", self.browse),
            ("POST", "/subscriptions", "create", self.create),
            ("GET", one, "get", self.read),
            ("PATCH", one, "update", self.update),
            ("DELETE", one, "archive", self.archive),
            ("POST", "/subscriptions/batch/update", "batch.update", self.update_many),
        )
        families = (("webhooks", ("2026-03",), "v3"), ("app-webhooks", ("2026-09",), ""))
        return [
            Operation(
                method=method,
                family=family,
                rest=f"/{APP}{rest}",
                name=f"webhooks.{name}",
                handler=handler,
                dated=dated,
                numbered=numbered,
                open=True,
            )
            for family, dated, numbered in families
            for method, rest, name, handler in rows
        ]

    def hear(self, event: Event) -> None:
        """Send an event to those who want it."""
        if self._target:
            for told in self._told(event):
                self._courier.take(self._target, told)

    def settings(self, request: Request) -> Answer:
        """Where events go."""
        _check(request)
        if self._target is None:
            raise not_found("No webhook settings exist for this app.")
        return Answer(body=self._settings())

    def configure(self, request: Request) -> Answer:
        """Send events to an address."""
        _check(request)
        body = wire.body(request, "targetUrl", "throttling")
        target = str(body["targetUrl"])
        if urlsplit(target).scheme != "http" or urlsplit(target).hostname not in LOOPBACK:
            raise Refused(400, "The sandbox sends webhooks to http addresses of its own machine.")
        throttling = wire.mapping(body["throttling"], "throttling")
        concurrent = throttling.get("maxConcurrentRequests")
        self._concurrent = wire.number(
            concurrent, "maxConcurrentRequests", default=10, least=6, most=300
        )
        self._target, self._set_at = target, self._portal.now()
        return Answer(body=self._settings())

    def disconnect(self, request: Request) -> Answer:
        """Send nothing any more."""
        _check(request)
        self._target = None
        self._courier.forget()
        return Answer(status=204)

    def browse(self, request: Request) -> Answer:
        """Every subscription."""
        _check(request)
        return Answer(body={"results": [_show(one) for one in self._wishes.values()]})

    def create(self, request: Request) -> Answer:
        """A new subscription; it waits to be switched on unless it says ``active``."""
        _check(request)
        body = wire.body(request, "eventType")
        type_, property = str(body["eventType"]), body.get("propertyName")
        if type_ not in TYPES:
            raise Refused(400, f"{type_} is no event type of the sandbox.")
        if type_.endswith("propertyChange") != bool(property):
            raise Refused(400, "propertyName belongs to propertyChange, and only there.")
        made = Wish(
            id=next(self._ids),
            type=type_,
            property=property,
            object_type=body.get("objectTypeId"),
            active=body.get("active") is True,
            created_at=self._portal.now(),
        )
        if type_.startswith("object.") and made.object_type is None:
            raise Refused(400, "objectTypeId is needed for the event types of all objects.")
        self._wishes[made.id] = made
        return Answer(status=201, body=_show(made))

    def read(self, request: Request) -> Answer:
        """One subscription."""
        return Answer(body=_show(self._find(request)))

    def update(self, request: Request) -> Answer:
        """Switch a subscription on or off."""
        before = self._find(request)
        active = wire.body(request, "active")["active"] is True
        made = self._wishes[before.id] = replace(before, active=active)
        return Answer(body=_show(made))

    def update_many(self, request: Request) -> Answer:
        """Switch several on or off; each fails by itself."""
        _check(request)
        _, inputs = wire.inputs(request, most=MOST)
        started, results, errors = self._portal.now(), [], []
        for one in inputs:
            before = self._wishes.get(wire.long(id := wire.identifier(one)) or 0)
            if before is None:
                errors.append(_no_wish(id).entry({"id": [id]}))
            else:
                made = replace(before, active=wire.truth(one.get("active"), "active"))
                self._wishes[before.id] = made
                results.append(_show(made))
        return answer(started, self._portal.now(), results, errors)

    def archive(self, request: Request) -> Answer:
        """Delete a subscription."""
        del self._wishes[self._find(request).id]
        return Answer(status=204)

    def _told(self, event: Event) -> Iterator[Json]:
        for wish in self._wishes.values():
            if not wish.wants(event):
                continue
            told: Json = {
                "eventId": next(self._events),
                "subscriptionId": wish.id,
                "portalId": self._portal.id,
                "appId": APP,
                "occurredAt": wire.millis(event.at),
                "subscriptionType": wish.type,
                "attemptNumber": 0,
                "objectId": event.id,
                "changeSource": event.source.type,
                "sourceId": event.source.id,
                **event.more,
            }
            if flag := _FLAGS.get(event.what):
                told["changeFlag"] = flag
            if wish.object_type:
                told["objectTypeId"] = wish.object_type
            yield told

    def _settings(self) -> Json:
        return {
            "targetUrl": self._target,
            "throttling": {"maxConcurrentRequests": self._concurrent, "period": "SECONDLY"},
            "createdAt": wire.instant(self._set_at),
            "updatedAt": wire.instant(self._set_at),
        }

    def _find(self, request: Request) -> Wish:
        _check(request)
        id = request.params["id"]
        found = self._wishes.get(wire.long(id) or 0)
        if found is None:
            raise _no_wish(id)
        return found


def _check(request: Request) -> None:
    if request.query.get("hapikey") != DEVELOPER_KEY:
        raise unauthorised()


def _no_wish(id: str) -> Refused:
    return not_found(f"No subscription with the id {id} exists.")


def _show(wish: Wish) -> Json:
    found: Json = {
        "id": str(wish.id),
        "eventType": wish.type,
        "active": wish.active,
        "createdAt": wire.instant(wish.created_at),
        "updatedAt": wire.instant(wish.created_at),
    }
    if wish.property:
        found["propertyName"] = wish.property
    if wish.object_type:
        found["objectTypeId"] = wish.object_type
    return found
