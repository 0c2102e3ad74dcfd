"""The sandbox's HubSpot: every operation behind one key, one count and one way to refuse."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from integrations.sandbox.http import Answer, Request, Router
from integrations.sandbox.hubspot.account import Account
from integrations.sandbox.hubspot.association_batches import AssociationBatches
from integrations.sandbox.hubspot.associations import Associations
from integrations.sandbox.hubspot.batch import Batch
from integrations.sandbox.hubspot.courier import Courier
from integrations.sandbox.hubspot.desk import HubSpotDesk
from integrations.sandbox.hubspot.email import Email
from integrations.sandbox.hubspot.errors import Refused, missing_scopes, over_limit
from integrations.sandbox.hubspot.fill import filled
from integrations.sandbox.hubspot.grants import (
    CLIENT_ID,
    CLIENT_SECRET,
    DEVELOPER_KEY,
    KEY,
    REFRESH_TOKEN,
    Grants,
)
from integrations.sandbox.hubspot.groups import Groups
from integrations.sandbox.hubspot.labels import Labels
from integrations.sandbox.hubspot.limits import Meter
from integrations.sandbox.hubspot.lists import Lists
from integrations.sandbox.hubspot.memberships import Memberships
from integrations.sandbox.hubspot.merging import Merges
from integrations.sandbox.hubspot.named import NAMED
from integrations.sandbox.hubspot.oauth import OAuth
from integrations.sandbox.hubspot.objects import Objects
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.owners import Owners
from integrations.sandbox.hubspot.pipelines import Pipelines
from integrations.sandbox.hubspot.preferences import Preferences
from integrations.sandbox.hubspot.privacy import Privacy
from integrations.sandbox.hubspot.properties import Properties
from integrations.sandbox.hubspot.schemas import Schemas
from integrations.sandbox.hubspot.scopes import needed
from integrations.sandbox.hubspot.search import Search
from integrations.sandbox.hubspot.subscriptions import Subscriptions
from integrations.sandbox.hubspot.typed_associations import TypedAssociations
from integrations.sandbox.hubspot.webhooks import Webhooks
from integrations.sandbox.hubspot.wire import check_media
from integrations.sandbox.hubspot.writes import Writer
from integrations.sandbox.seed import Seed
from integrations.sandbox.traffic import sender
from integrations.sandbox.world import World

#: What a status means when it comes from nowhere in particular.
_CATEGORIES: Final[Mapping[int, str]] = {
    401: "INVALID_AUTHENTICATION",
    403: "MISSING_SCOPES",
    404: "OBJECT_NOT_FOUND",
    409: "CONFLICT",
}


class HubSpot:
    """HubSpot's API of 2026-09 over one portal."""

    name = "hubspot"

    def __init__(self, world: World) -> None:
        self.options = Options()
        self._world = world
        self._answers = 0
        self.routes = Router()
        self.desk = HubSpotDesk(lambda: self.portal, self.options)
        self._courier = Courier(world, sender(self.name), self.options)
        # The world loads its seed once it is complete.
        self.load(Seed(name="nothing", started_at=world.clock.now(), fields=False))

    def load(self, seed: Seed) -> None:
        """Forget everything and start from this seed."""
        self.portal = filled(seed, self._world.clock, self.options)
        self._meter = Meter(self._world.clock, self.portal.zone, self.options)
        self._grants = Grants(self._world.clock, self.options)
        self._courier.forget()
        self._courier = Courier(self._world, sender(self.name), self.options)
        self._answers = 0
        writer = Writer(self.portal)
        nouns = (
            Associations(writer.linker),
            AssociationBatches(writer.linker),
            TypedAssociations(writer.linker),
            Labels(self.portal),
            Batch(writer),
            Search(self.portal, self.options),
            Merges(writer, self.options),
            Privacy(writer),
            Objects(writer),
            Groups(self.portal),
            Properties(self.portal, self.options),
            Owners(self.portal),
            Memberships(self.portal),
            Lists(self.portal),
            Pipelines(self.portal),
            Schemas(self.portal),
            Subscriptions(self.portal, self.options),
            Preferences(self.portal),
            Email(writer, self.options),
            Account(self.portal, self._meter, self.options),
            OAuth(self.portal, self._grants),
            Webhooks(self.portal, self._courier),
        )
        self.routes = Router()
        for noun in nouns:
            for operation in noun.operations():
                self._route(operation)

    def failure(self, status: int, words: str) -> Answer:
        """HubSpot's error body for a status that has no reason of its own."""
        if status == 429:
            refused = over_limit("TEN_SECONDLY_ROLLING")
        else:
            refused = Refused(status, words, category=_CATEGORIES.get(status))
        return self._refuse(refused)

    def refusals(self) -> Mapping[str, Answer]:
        """Limits, locks and moves of the account."""
        made = {name: (self._refuse(refused), more) for name, (refused, more) in NAMED.items()}
        return {
            name: replace(answer, headers={**answer.headers, **more})
            for name, (answer, more) in made.items()
        }

    def headers(self) -> Mapping[str, str]:
        """Nothing that every answer has: what HubSpot sends depends on the operation."""
        return {}

    def credentials(self) -> Mapping[str, str]:
        """The token of a service key."""
        return {"token": KEY}

    def app(self) -> Mapping[str, str]:
        """What the app that the portal has installed signs in with."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH_TOKEN,
            "developer_key": DEVELOPER_KEY,
        }

    def _route(self, operation: Operation) -> None:
        def handle(request: Request) -> Answer:
            return self._answer(operation, request)

        self.routes.add(operation.method, operation.template, operation.name, handle)

    def _answer(self, operation: Operation, request: Request) -> Answer:
        if operation.open:
            return self._handled(operation, request)
        try:
            caller = self._grants.caller(request.headers.get("authorization", ""))
        except Refused as refused:
            return self._refuse(refused)
        try:
            self._meter.take(operation.limit, app=caller.app)
            scopes = needed(operation.name, request.params, self.portal.custom)
            if not caller.may(scopes) or self._beyond(scopes):
                raise missing_scopes(scopes)
        except Refused as refused:
            answer = self._refuse(refused)
        else:
            answer = self._handled(operation, request)
        limits = self._meter.headers(operation.limit, app=caller.app)
        return replace(answer, headers={**limits, **answer.headers})

    def _beyond(self, scopes: Sequence[str]) -> bool:
        """Whether the portal's edition has nothing of this: it cannot grant these scopes."""
        return not self.options.on("custom_objects") and any(".custom." in one for one in scopes)

    def _handled(self, operation: Operation, request: Request) -> Answer:
        try:
            check_media(request, form=operation.form)
            return self._signed(operation.handler(request))
        except Refused as refused:
            return self._refuse(refused)

    def _refuse(self, refused: Refused) -> Answer:
        correlation = self._correlation()
        return self._signed(refused.answer(correlation), correlation)

    def _signed(self, answer: Answer, correlation: str = "") -> Answer:
        name = "X-HubSpot-Correlation-Id"
        return replace(answer, headers={name: correlation or self._correlation(), **answer.headers})

    def _correlation(self) -> str:
        self._answers += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(self._answers)))
