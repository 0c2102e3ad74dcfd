"""How often one address may ask, and how often one link may be used. In memory, small, bounded."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sync.links import hashed

#: Addresses and links that are remembered; beyond them the one unused for longest is forgotten.
MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many requests at once, then one every so many seconds."""

    burst: int
    every: float


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Far above what people and the scanners of their mail do; whole offices share an address."""

    address: Rate = Rate(burst=120, every=0.5)
    link: Rate = Rate(burst=30, every=2.0)
    #: A CRM tells of a mass update in many requests from few addresses, and repeats them.
    hook: Rate = Rate(burst=600, every=0.1)


RATES: Final = Rates()


class Throttle:
    """Counts requests. Used by one thread."""

    def __init__(self, rates: Rates, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._addresses = _Buckets(rates.address, clock)
        self._hooks = _Buckets(rates.hook, clock)
        self._links = _Buckets(rates.link, clock)

    def wait(self, address: str, path: str) -> int:
        """Seconds until this request may be made again; 0 if it may be made now."""
        if path.startswith("/hooks/"):
            return math.ceil(self._hooks.take(_network(address)))
        waits = [self._addresses.take(_network(address))]
        if path.startswith(("/s/", "/c/", "/n/")):
            waits.append(self._links.take(hashed(path.split("/")[2])))
        return math.ceil(max(waits))


class _Buckets:
    """A bucket for each key: a request takes a drop, time fills it up again."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        #: Key -> the moment at which its bucket will be full.
        self._full: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float:
        """Seconds to wait; 0 where a drop was left."""
        now = self._clock()
        full = max(self._full.pop(key, now), now) + self._rate.every
        wait = full - now - self._rate.burst * self._rate.every
        # Whoever keeps asking is not made to wait longer for it.
        self._full[key] = full - self._rate.every if wait > 0 else full
        if len(self._full) > MOST:
            self._full.popitem(last=False)
        return max(wait, 0.0)


def _network(address: str) -> str:
    """The address; of one in IPv6 the part that a household has to itself."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)
