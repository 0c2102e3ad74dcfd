"""How long `aurevoir simulate` takes: `python -m benchmarks.simulation [CUSTOMERS] [DAYS]`.

The full programme: every customer gives notice on the first day and is off-boarded to the end, with
people who answer the survey, and colleagues who tick off what is due. Prints JSON.
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
from sync.simulation.script import DUE, Answered, Happening
from sync.trial import trial
from sync.twin import PROGRAMME

SCRIPT = (
    Happening(day=0, stage=STAGE),
    Happening(day=1, fields={"reason_csm": "price", "exit_words": "too dear for us now"}),
    Happening(day=3, decision="let_go"),
    Happening(
        day=5,
        answered=Answered(answers={"reason": "price", "would_return": "7"}, stay_in_touch=True),
    ),
    *(Happening(day=day, done=DUE) for day in (7, 14, 21, 35, 60, 100)),
)


def measure(customers: int, days: int) -> dict[str, float]:
    """Seconds for reading the world and for the days, by the clock and of the processor."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "world"
        write_world(folder, customers)
        with trial(str(folder), start=START, crms=["hubspot"], mapping=PROGRAMME) as stage:
            stage.provision("hubspot")
            connection = stage.connect("hubspot")
            begun = time.monotonic()
            everyone = cast.everyone(connection)
            read, busy = time.monotonic(), time.process_time()
            seen = play(connection, everyone, SCRIPT, START, days)
            ended, worked = time.monotonic(), time.process_time()
    return {
        "customers": len(everyone),
        "people": sum(len(one.people) for one in everyone),
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
