"""Salesforce behind the contract."""

from __future__ import annotations

from collections.abc import Collection

from integrations.contract import Names, Wire
from integrations.salesforce.client import VERSION, Client
from integrations.salesforce.permissions import lacking
from integrations.salesforce.sign_in import SignIn
from integrations.salesforce.writer import Writer


class Salesforce(Writer):
    """One org, spoken to through simple-salesforce. See ``contract.Crm``."""

    name = "salesforce"
    #: ``emailSimple`` has no key: a second request is a second mail.
    mail_is_idempotent = False
    #: The Tooling API makes fields, and no objects: the plugin brings ours.
    makes_objects = False

    def __init__(
        self,
        *,
        sign_in: SignIn,
        names: Names,
        wire: Wire,
        url: str | None = None,
        version: str | None = None,
    ) -> None:
        """``url``: only to reach a sandbox on this machine."""
        client = Client(sign_in=sign_in, wire=wire, url=url, version=version or VERSION)
        super().__init__(client, names)

    def lacking(self, objects: Collection[str]) -> tuple[str, ...]:
        """Rights to objects, as their describes tell them; rights to fields are in the schema."""
        keeping = self._names.departure
        return lacking(self._client, objects, made=keeping.object if keeping else "")
