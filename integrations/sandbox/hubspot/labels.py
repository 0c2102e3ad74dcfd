"""Association types, and the labels that a portal adds. Source: "Associate records" guide."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.associations import FAMILY, label, pair
from integrations.sandbox.hubspot.errors import Refused, not_found
from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.limits import Limit
from integrations.sandbox.hubspot.links import USER, LinkType
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.portal import Portal

#: Labels that two objects can have between them, each way.
MOST_LABELS: Final = 50


class Labels:
    """The operations on association types."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._links = portal.links

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        all_, one = "/{from}/{to}/labels", "/{from}/{to}/labels/{type}"
        rows = (
            ("GET", all_, "list", self.browse),
            ("POST", all_, "create", self.create),
            ("PUT", all_, "update", self.update),
            ("DELETE", one, "archive", self.archive),
        )
        return [
            Operation(
                method=method,
                family=FAMILY,
                rest=rest,
                name=f"associations.labels.{name}",
                handler=handler,
                limit=Limit.ASSOCIATIONS,
                numbered="v4",
            )
            for method, rest, name, handler in rows
        ]

    def browse(self, request: Request) -> Answer:
        """The types from one object to another."""
        types = self._links.types(*pair(self._portal, request))
        return Answer(body={"results": [label(type_) for type_ in types]})

    def create(self, request: Request) -> Answer:
        """A new label; with ``inverseLabel`` another word for the way back."""
        (source, target), body = pair(self._portal, request), wire.body(request, "name", "label")
        there, name = str(body["label"]), str(body["name"])
        own = [one for one in self._links.types(source, target) if one.category == USER]
        if any(name == one.name or there == one.label for one in own):
            raise Refused(
                400,
                f"An association label named {name} or labelled {there} already exists.",
                sub_category="crm.associations.LABEL_ALREADY_EXISTS",
            )
        if len(own) >= MOST_LABELS:
            raise Refused(400, f"{source.plural} and {target.plural} have all their labels.")
        back = str(body.get("inverseLabel") or there)
        made = self._links.label(source, target, name, there, back)
        return Answer(body={"results": [label(type_) for type_ in made]})

    def update(self, request: Request) -> Answer:
        """Another word for a label."""
        body = wire.body(request, "associationTypeId", "label")
        found = self._own(*pair(self._portal, request), body["associationTypeId"])
        words = {found.id: body["label"]}
        if body.get("inverseLabel"):
            words[found.inverse] = body["inverseLabel"]
        for id, word in words.items():
            self._links.labels[id] = replace(self._links.labels[id], label=str(word))
        return Answer(status=204)

    def archive(self, request: Request) -> Answer:
        """Remove a label, and take it off every record."""
        found = self._own(*pair(self._portal, request), request.params["type"])
        self._links.forget(found)
        return Answer(status=204)

    def _own(self, source: Kind, target: Kind, id: object) -> LinkType:
        for type_ in self._links.types(source, target):
            if str(type_.id) == str(id) and type_.category == USER:
                return type_
        raise not_found(f"No association label {id} leads from {source.plural} to {target.plural}.")
