"""Carries webhooks to the app: in batches, signed, and again where they were not taken.

Sources: "Webhooks" guide (a hundred events, five seconds, ten retries in a day) and "Validating
requests" (signature of version 3). Retries follow the clock; the real ones are random.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Condition, Thread
from typing import Final
from urllib.parse import urlsplit

from integrations.sandbox.hubspot.grants import CLIENT_SECRET
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.wire import Json, millis
from integrations.sandbox.world import World

#: Events in one request, and seconds that the app has to answer.
MOST: Final = 100
PATIENCE: Final = 5
#: Minutes between one attempt and the next: ten, in a day.
WAITS: Final = (1, 5, 15, 30, 60, 120, 180, 240, 360, 420)
#: Seconds between two looks at a clock that may have been moved.
_LOOK: Final = 0.1
#: What the signature has decoded in the address.
_DECODED: Final = {
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}


def signature(secret: str, method: str, url: str, body: bytes, at: int) -> str:
    """``X-HubSpot-Signature-v3`` of a request at so many milliseconds since 1970."""
    for code, letter in _DECODED.items():
        url = url.replace(code, letter).replace(code.lower(), letter)
    told = f"{method}{url}".encode() + body + str(at).encode()
    return base64.b64encode(hmac.digest(secret.encode(), told, hashlib.sha256)).decode()


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One event on its way to one address."""

    target: str
    event: Json
    due: datetime
    attempt: int = 0


class Courier:
    """Sends what is due, in a thread that ends when nothing is left."""

    def __init__(self, world: World, name: str, options: Options) -> None:
        self._world = world
        #: Under this name the log has what is sent.
        self._name = name
        self._options = options
        self._news = Condition(world.lock)
        self._waiting: list[Parcel] = []
        self._thread: Thread | None = None
        #: How often it was told to forget: what was on its way then does not come again.
        self._forgot = 0

    def take(self, target: str, event: Json) -> None:
        """An event for an address, to be sent as soon as the request that made it is answered."""
        with self._news:
            self._waiting.append(Parcel(target=target, event=event, due=self._now()))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def forget(self) -> None:
        """Send nothing any more."""
        with self._news:
            self._waiting.clear()
            self._forgot += 1
            self._news.notify_all()

    def _run(self) -> None:
        while True:
            with self._news:
                if not self._waiting:
                    self._thread = None
                    return
                batch = self._due()
                sent_at, forgot = self._now(), self._forgot
                if not batch:
                    self._news.wait(_LOOK)
                    continue
            for _ in range(1 + self._options.on("webhooks_twice")):
                taken = self._send(batch)
            if not taken:
                self._put_off(batch, sent_at, forgot)

    def _due(self) -> list[Parcel]:
        """The next batch for one address, taken out of what waits."""
        due = [one for one in self._waiting if one.due <= self._now()]
        batch = [one for one in due if one.target == due[0].target][:MOST]
        taken = {id(one) for one in batch}
        self._waiting = [one for one in self._waiting if id(one) not in taken]
        return batch[::-1] if self._options.on("webhooks_shuffled") else batch

    def _put_off(self, batch: Sequence[Parcel], sent_at: datetime, forgot: int) -> None:
        with self._news:
            if forgot != self._forgot:
                return
            self._waiting += [
                Parcel(
                    target=one.target,
                    event=one.event,
                    due=sent_at + timedelta(minutes=WAITS[one.attempt]),
                    attempt=one.attempt + 1,
                )
                for one in batch
                if one.attempt < len(WAITS)
            ]

    def _send(self, batch: Sequence[Parcel]) -> bool:
        """Whether the app took the batch."""
        target = batch[0].target
        told = [{**one.event, "attemptNumber": one.attempt} for one in batch]
        body = json.dumps(told, separators=(",", ":")).encode()
        status = self._post(target, body)
        with self._news:
            self._world.traffic.note(
                at=self._now(),
                crm=self._name,
                operation="webhooks.send",
                method="POST",
                path=target,
                status=status,
                request=body.decode(),
            )
        return 200 <= status < 300

    def _post(self, target: str, body: bytes) -> int:
        """The status of the answer; 0 where there was none."""
        at, parts = millis(self._now()), urlsplit(target)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "HubSpot Connect 2.0 (sandbox)",
            "X-HubSpot-Signature-v3": signature(CLIENT_SECRET, "POST", target, body, at),
            "X-HubSpot-Request-Timestamp": str(at),
        }
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def _now(self) -> datetime:
        return self._world.clock.now()
