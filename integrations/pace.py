"""Never faster than a vendor's per-second limit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class Pace:
    """At most ``calls`` in any ``seconds``; waits where another one would be too many."""

    def __init__(
        self,
        calls: int,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._times: deque[float] = deque(maxlen=calls)

    def limit(self, calls: int, seconds: float) -> None:
        """Another limit from now on; what was counted stays counted."""
        if (calls, seconds) != (self._calls, self._seconds):
            self._calls, self._seconds = calls, seconds
            self._times = deque(self._times, maxlen=calls)

    def wait(self) -> None:
        """Return when one more call is allowed, and count it."""
        if len(self._times) == self._calls:
            ahead = self._times[0] + self._seconds - self._clock()
            if ahead > 0:
                self._sleep(ahead)
        self._times.append(self._clock())
