"""A developer org, or a sandbox of an org, on the bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import requests

from integrations.contract import TASK, Ref
from integrations.registry import Access
from integrations.salesforce.sign_in import SignIn
from tests.contract.crm.salesforce import SalesforceBench
from tests.live.bench import Live, words

_SET = "Aurevoir_Service"


class LiveSalesforce(Live, SalesforceBench):
    """Deleted fields are kept by Salesforce for some days, and shown nowhere but in Setup."""

    def __init__(self, access: Access) -> None:
        self._token = ""
        super().__init__(access)
        self.words = words(
            SalesforceBench.words,
            stage=self.field(f"{self.mark}_stage"),
            seats=self.field(f"{self.mark}_seats"),
            ends=self.field(f"{self.mark}_ends"),
            csm="OwnerId",
        )

    def home(self) -> str:
        return self._signed_in()[1]

    @property
    def token(self) -> str:
        """Of a session of our own."""
        if not self._token:
            self._token = self._signed_in()[0]
        return self._token

    def _signed_in(self) -> tuple[str, str]:
        access = self.access
        sign_in = SignIn(
            client_id=access.client_id or "",
            client_secret=access.client_secret,
            username=access.username,
            private_key=access.private_key,
            domain=access.domain or "acme.sandbox.my",
        )
        if access.url is None:
            token, host = sign_in.token(self._http, "62.0")
            return token, f"https://{host}"
        answer = requests.post(
            f"{access.url}/services/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(access.client_id or "", access.client_secret or ""),
            timeout=30,
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"]), access.url

    def field(self, name: str) -> str:
        return f"Av_{name}__c"

    def company(self, name: str, ref: str) -> Mapping[str, object]:
        return {"Name": name, "AccountNumber": ref, "Description": f"Aurevoir, {self.mark}"}

    def person(self, first: str, last: str, email: str) -> Mapping[str, object]:
        return {"FirstName": first, "LastName": last, "Email": email, "Description": self.mark}

    def create(self, object: str, values: Mapping[str, object], of: Ref | None = None) -> Ref:
        links = {"AccountId": of.id} if of else {}
        made = self._ask("POST", f"sobjects/{object}", json={**values, **links})
        return Ref(object=object, id=made["id"])

    def change(self, ref: Ref, values: Mapping[str, object]) -> None:
        body = {name: value or None for name, value in values.items()}
        self._ask("PATCH", f"sobjects/{ref.object}/{ref.id}", json=body)

    def complete(self, task: str) -> None:
        self.change(Ref(object="Task", id=task), {"Status": "Completed"})
        self.awaited.add(Ref(object=TASK, id=task))

    def forget_activity(self, ref: Ref) -> None:
        """A task or a note goes."""
        self.api("DELETE", ref)

    def deal(self, number: int = 1) -> Ref:
        made = super().deal(number)
        self.undo(lambda: self.api("DELETE", made))
        return made

    def drop_segment(self, id: str) -> None:
        self._ask("DELETE", f"sobjects/Campaign/{id}")

    def remember(self) -> Callable[[], object] | None:
        return None if self._sets() else self._drop_sets

    def _sets(self) -> list[dict[str, Any]]:
        return self.query(f"SELECT Id FROM PermissionSet WHERE Name = '{_SET}'")

    def _drop_sets(self) -> None:
        for row in self._sets():
            asked = f"SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '{row['Id']}'"
            for given in self.query(asked):
                self._ask("DELETE", f"sobjects/PermissionSetAssignment/{given['Id']}")
            self._ask("DELETE", f"sobjects/PermissionSet/{row['Id']}")
