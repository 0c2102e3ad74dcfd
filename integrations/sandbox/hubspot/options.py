"""How the portal is set up: what it has bought, how fast it is, what it does on demand."""

from __future__ import annotations

from integrations.sandbox.world import Option

#: Every option with its value in a fresh sandbox.
DEFAULTS: dict[str, Option] = {
    #: Which portal it says it is, and of what kind: STANDARD, SANDBOX or DEVELOPER_TEST.
    "portal_id": 146_200_311,
    "account_type": "SANDBOX",
    #: Refuses calls over the rate limits; off for replays and simulations.
    "rate_limits": True,
    #: Calls in ten seconds; 100 on Free and Starter, 190 on Professional and Enterprise.
    "burst_limit": 190,
    #: Calls in a day of the portal.
    "daily_limit": 625_000,
    #: Seconds by which a search lags behind what was written.
    "search_lag": 0,
    #: Milliseconds that every call takes longer than on this machine.
    "latency_ms": 0,
    #: The portal has bought the transactional e-mail add-on.
    "transactional_email": False,
    #: The portal is on Marketing Hub Enterprise: subscriptions can be read for many at once.
    "marketing_enterprise": False,
    #: The portal has an edition with custom objects: Enterprise.
    "custom_objects": True,
    #: Tasks and notes accept unique properties.
    "unique_task_keys": True,
    #: What the service key may do: scopes with spaces between them, or ``all``.
    "scopes": "all",
    #: A merge keeps the id of the primary record.
    "merge_keeps_id": False,
    #: Webhooks come twice.
    "webhooks_twice": False,
    #: Webhooks come in the wrong order.
    "webhooks_shuffled": False,
}


class Options(dict[str, Option]):
    """The options of one portal, by name."""

    def __init__(self) -> None:
        super().__init__(DEFAULTS)

    def on(self, name: str) -> bool:
        """An option that is on or off."""
        return bool(self[name])

    def number(self, name: str) -> int:
        """An option that is a number."""
        return int(self[name])

    def words(self, name: str) -> list[str]:
        """An option that is a list of words."""
        return str(self[name]).split()
