"""A HubSpot test portal: the adapter, and the vendor's API for what the adapter never does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any
from uuid import uuid4

import requests

from integrations.contract import NOTE, TASK, Crm, FieldSpec, FieldType, Names, Ref
from integrations.registry import Access, connect

#: Told apart from everything else in the portal, and from another run.
RUN = f"live_{uuid4().hex[:8]}"
KEY = f"aurevoir_{RUN}_key"
_WORDS = ("key", "step", "phase", "department", "required", "promise")


class Portal:
    """What is made through it is gone after :meth:`clean_up`."""

    def __init__(self, token: str, url: str) -> None:
        self._url = url
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._undo: list[Callable[[], object]] = []
        self._names = Names(
            task={word: KEY if word == "key" else f"aurevoir_{RUN}_{word}" for word in _WORDS},
            note={"key": KEY},
        )
        self.crm: Crm = connect(
            "hubspot",
            Access(token=token, url=url),
            self._names,
            lambda operation: nullcontext(),
        )

    @property
    def keys(self) -> tuple[FieldSpec, ...]:
        """Our fields on tasks and notes."""
        texts = [(TASK, name) for name in self._names.task.values()] + [(NOTE, KEY)]
        return tuple(
            FieldSpec(object=object, name=name, label=name, type=FieldType.TEXT, unique=name == KEY)
            for object, name in texts
        )

    def prepare(self) -> None:
        """Make those fields."""
        for spec in self.keys:
            place = f"/crm/properties/2026-09/{spec.object}s/{spec.name}"
            self._undo.append(partial(self.ask, "DELETE", place))
            self.crm.provision(spec)

    def customer(self) -> Ref:
        """A new company."""
        body = {"properties": {"name": f"Aurevoir {RUN}", "domain": f"{RUN}.example"}}
        ref = Ref(object="companies", id=self.ask("POST", "/crm/objects/2026-09/companies", body))
        self.forget(ref)
        return ref

    def forget(self, ref: Ref) -> None:
        """Delete a record in the end."""
        plural = {TASK: "tasks", NOTE: "notes"}.get(ref.object, ref.object)
        place = f"/crm/objects/2026-09/{plural}/{ref.id}"
        self._undo.append(partial(self.ask, "DELETE", place))

    def ask(self, method: str, place: str, body: Any = None) -> str:
        """The vendor's API; the id in its answer, if there is one."""
        answer = self._http.request(method, self._url + place, json=body, timeout=30)
        answer.raise_for_status()
        return str(answer.json().get("id", "")) if answer.content else ""

    def clean_up(self) -> None:
        """Undo everything, the latest first; what cannot be undone is told at the end."""
        problems = []
        for undo in reversed(self._undo):
            try:
                undo()
            except requests.RequestException as problem:
                problems.append(str(problem))
        self._http.close()
        assert not problems, f"left behind in the portal: {problems}"
