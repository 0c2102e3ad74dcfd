"""The process that is measured: a service that does one cycle for each line that it reads.

At the end of its input it tells what it has cost, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from sync import log
from sync.app import App
from sync.engine.jobs import cycle


def main(file: Path, name: str) -> None:
    """Work on one connection, from signing in to the last line."""
    log.configure(level="warning")
    connection = App.load(file).connection(name)
    opened = writes = 0
    wall = cpu = 0.0
    _say("ready")
    for _ in sys.stdin:
        begun, spent = time.monotonic(), time.process_time()
        done = cycle(connection)
        wall += time.monotonic() - begun
        cpu += time.process_time() - spent
        opened += done.opened
        writes += done.writes
        assert not done.held, done.held
        assert not done.failed, f"{done.failed} writes were refused"
        _say("done")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _say(
        json.dumps(
            {
                "cases": opened,
                "writes": writes,
                "calls_least": connection.tally.total,
                "least_by_kind": dict(connection.tally.least),
                "wall_seconds": round(wall, 1),
                "cpu_seconds": round(cpu, 1),
                "peak_mib": round(usage.ru_maxrss / 1024, 1),
            }
        )
    )


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
