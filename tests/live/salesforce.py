"""A developer org: the adapter, and another client for what the adapter never does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any
from uuid import uuid4

from integrations.contract import TASK, Crm, FieldSpec, FieldType, Names, Ref
from integrations.errors import CrmError
from integrations.registry import Access
from integrations.salesforce import Salesforce
from integrations.salesforce.client import Client
from integrations.salesforce.sign_in import SignIn

#: Told apart from everything else in the org, and from another run.
RUN = f"live{uuid4().hex[:8]}"
_WORDS = ("key", "step", "phase", "department", "required", "promise")


class Org:
    """What is made through it is gone after :meth:`clean_up`."""

    def __init__(self, access: Access) -> None:
        self._undo: list[Callable[[], object]] = []
        self._names = Names(
            task={word: f"Av_{RUN}_{word}__c" for word in _WORDS},
            note={"key": f"Av_{RUN}_key__c"},
        )
        sign_in = SignIn(
            client_id=access.client_id or "",
            client_secret=access.client_secret,
            username=access.username,
            private_key=access.private_key,
            domain=access.domain or "",
        )
        wire = partial(nullcontext[None], None)
        self._client = Client(sign_in=sign_in, wire=lambda _: wire(), url=access.url)
        self.crm: Crm = Salesforce(
            sign_in=sign_in, names=self._names, wire=lambda _: wire(), url=access.url
        )

    @property
    def keys(self) -> tuple[FieldSpec, ...]:
        """Our fields on tasks, which notes have, too."""
        flags = ("required", "promise")
        return tuple(
            FieldSpec(
                object=TASK,
                name=name,
                label=name.removesuffix("__c"),
                type=FieldType.FLAG if word in flags else FieldType.TEXT,
                length=80,
                unique=word == "key",
                case_sensitive=True,
            )
            for word, name in self._names.task.items()
        )

    def prepare(self) -> None:
        """Make those fields."""
        for spec in self.keys:
            self._undo.append(partial(self._drop, spec.name))
            self.crm.provision(spec)

    def customer(self) -> Ref:
        """A new account."""
        ref = Ref(object="Account", id=self._client.create("Account", {"Name": f"Aurevoir {RUN}"}))
        self.forget(ref)
        return ref

    def forget(self, ref: Ref) -> None:
        """Delete a record in the end; what hangs on it goes with it."""
        self._undo.append(partial(self._delete, f"sobjects/{ref.object}/{ref.id}"))

    def clean_up(self) -> None:
        """Undo everything, the latest first; what cannot be undone is told at the end."""
        problems = []
        for undo in reversed(self._undo):
            try:
                undo()
            except CrmError as problem:
                problems.append(problem.words)
        assert not problems, f"left behind in the org: {problems}"

    def _drop(self, field: str) -> None:
        for row in self._tooling(field):
            self._delete(f"tooling/sobjects/CustomField/{row['Id']}")

    def _tooling(self, field: str) -> list[Mapping[str, Any]]:
        name = field.removesuffix("__c")
        soql = f"SELECT Id FROM CustomField WHERE DeveloperName = '{name}'"
        rows: list[Mapping[str, Any]] = self._client.more(
            "fields.query", f"/services/data/v{self._client.version}/tooling/query/?q={soql}"
        )["records"]
        return rows

    def _delete(self, place: str) -> None:
        self._client.write("delete", "DELETE", place)
