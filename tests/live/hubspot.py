"""A HubSpot test portal on the bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

import requests

from integrations.contract import NOTE, TASK, Ref
from integrations.registry import Access
from tests.contract.crm.hubspot import HubSpotBench
from tests.live.bench import Live, words

#: The group that provisioning puts properties into.
GROUP = "aurevoir"
#: A contact's company.
_OF_COMPANY = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}


class LiveHubSpot(Live, HubSpotBench):
    """What is deleted there is archived; its keys are taken off before."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self.words = words(
            HubSpotBench.words,
            stage=self.field(f"{self.mark}_stage"),
            seats=self.field(f"{self.mark}_seats"),
            ends=self.field(f"{self.mark}_ends"),
            csm="hubspot_owner_id",
        )

    @property
    def token(self) -> str:
        """The portal's own key."""
        return self.access.token or ""

    @property
    def patience(self) -> float:
        return 120.0

    def home(self) -> str:
        return "https://api.hubapi.com"

    def field(self, name: str) -> str:
        return f"aurevoir_{name}".lower()

    def company(self, name: str, ref: str) -> Mapping[str, object]:
        domain = f"{ref.lower()}.example"
        about = {"domain": domain, "description": f"Aurevoir, {self.mark}"}
        return {"name": name, "hubspot_owner_id": self.colleague(), **about}

    def person(self, first: str, last: str, email: str) -> Mapping[str, object]:
        return {"firstname": first, "lastname": last, "email": email}

    def create(self, object: str, values: Mapping[str, object], of: Ref | None = None) -> Ref:
        links = [{"to": {"id": of.id}, "types": [_OF_COMPANY]}] if of else []
        body = {"properties": values, "associations": links}
        return Ref(object=object, id=self.crm("POST", f"objects/2026-09/{object}", json=body)["id"])

    def change(self, ref: Ref, values: Mapping[str, object]) -> None:
        plural = {TASK: "tasks", NOTE: "notes"}.get(ref.object, ref.object)
        body = {"properties": dict(values)}
        self.crm("PATCH", f"objects/2026-09/{plural}/{ref.id}", json=body)

    def complete(self, task: str) -> None:
        ref = Ref(object=TASK, id=task)
        self.change(ref, {"hs_task_status": "COMPLETED"})
        self.awaited.add(ref)

    def forget_activity(self, ref: Ref) -> None:
        """A task or a note goes; what is archived would keep its key."""
        with suppress(requests.HTTPError):
            self.change(ref, {self.our("key"): ""})
        self.api("DELETE", ref)

    def deal(self, number: int = 1) -> Ref:
        made = super().deal(number)
        self.undo(lambda: self.api("DELETE", made))
        return made

    def drop_segment(self, id: str) -> None:
        self.crm("DELETE", f"lists/2026-09/{id}")

    def remember(self) -> Callable[[], object] | None:
        fresh = [
            kind for kind in ("companies", "contacts", "tasks", "notes") if not self._has(kind)
        ]
        return (lambda: [self._drop_group(kind) for kind in fresh]) if fresh else None

    def _has(self, kind: str) -> bool:
        groups = self.crm("GET", f"properties/2026-09/{kind}/groups")["results"]
        return GROUP in [group["name"] for group in groups]

    def _drop_group(self, kind: str) -> None:
        if self._has(kind):
            self.crm("DELETE", f"properties/2026-09/{kind}/groups/{GROUP}")
