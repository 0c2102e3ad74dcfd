"""How long `aurevoir simulate` takes: `python -m benchmarks.simulation [CUSTOMERS] [DAYS]`.

Every customer gives notice on the first day and is off-boarded to the end; prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crowd import STAGE, write_world
from sync import log
from sync.demo import START
from sync.simulation import cast
from sync.simulation.play import play
from sync.simulation.script import Happening
from sync.trial import trial


def measure(customers: int, days: int) -> dict[str, float]:
    """Seconds for reading the world and for the days, by the clock and of the processor."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "world"
        write_world(folder, customers)
        with trial(str(folder), start=START, crms=["hubspot"]) as stage:
            stage.provision("hubspot")
            connection = stage.connect("hubspot")
            begun = time.monotonic()
            everyone = cast.everyone(connection)
            read, busy = time.monotonic(), time.process_time()
            script = [Happening(day=0, stage=STAGE), Happening(day=1, reason="price")]
            seen = play(connection, everyone, script, START, days)
            ended, worked = time.monotonic(), time.process_time()
    return {
        "customers": len(everyone),
        "days": days,
        "seen": len(seen),
        "read_seconds": round(read - begun, 1),
        "simulated_seconds": round(ended - read, 1),
        "processor_seconds": round(worked - busy, 1),
    }


if __name__ == "__main__":
    log.configure(level="warning")
    given = [int(word) for word in sys.argv[1:]] + [1000, 400][len(sys.argv) - 1 :]
    sys.stdout.write(json.dumps(measure(*given)) + "\n")
