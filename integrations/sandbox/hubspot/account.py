"""Which portal this is, and its usage. Source: "Account information" guide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.hubspot import wire
from integrations.sandbox.hubspot.limits import Meter
from integrations.sandbox.hubspot.operation import Operation
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.portal import Portal

FAMILY: Final = "account-info"


class Account:
    """The operations on the account."""

    def __init__(self, portal: Portal, meter: Meter, options: Options) -> None:
        self._portal = portal
        self._meter = meter
        self._options = options

    def operations(self) -> list[Operation]:
        """What is here, for the router."""
        usage = "/api-usage/daily/private-apps"
        rows = (("/details", "account.info", self.details), (usage, "usage.get", self.usage))
        made = [
            Operation(method="GET", family=FAMILY, rest=rest, name=name, handler=handler)
            for rest, name, handler in rows
        ]
        # Version 3 has it by the shorter name, too.
        return [*made, replace(made[-1], rest="/api-usage/daily", dated=())]

    def details(self, request: Request) -> Answer:
        """The portal's id, kind, time zone and currency."""
        offset = self._portal.now().astimezone(self._portal.zone).utcoffset() or timedelta()
        minutes = int(offset.total_seconds()) // 60
        hours, rest = divmod(abs(minutes), 60)
        return Answer(
            body={
                "portalId": self._portal.id,
                "accountType": self._options["account_type"],
                "timeZone": self._portal.zone.key,
                "companyCurrency": self._portal.currency,
                "additionalCurrencies": [],
                "utcOffset": f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}",
                "utcOffsetMilliseconds": minutes * 60_000,
                "uiDomain": "app.hubspot.com",
                "dataHostingLocation": "na1",
            }
        )

    def usage(self, request: Request) -> Answer:
        """Calls of legacy private apps; those of a service key are not among them.

        A live portal said 0 after dozens of calls by a service key. What such a key has left is in
        the headers of its answers.
        """
        entry = {
            "name": "private-apps-api-calls-daily",
            "usageLimit": self._meter.daily,
            "currentUsage": 0,
            "collectedAt": wire.instant(self._portal.now()),
            "fetchStatus": "SUCCESS",
            "resetsAt": wire.instant(self._meter.resets_at),
        }
        return Answer(body={"results": [entry]})
