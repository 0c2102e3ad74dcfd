"""`make bench`, with a handful of departures: it measures, and the calls stay near the least."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_it_counts_what_departures_cost(crm: str) -> None:
    program = [sys.executable, "-m", "benchmarks.departures"]
    told = subprocess.run(
        [*program, "--departures", "3", "--days", "9", "--crm", crm, "--beside", "2", "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    measured, near, far = map(json.loads, told.splitlines())
    assert measured["cases"] == measured["departures"] == 3
    assert measured["writes"] > 15
    assert measured["calls"] == sum(measured["calls_by_operation"].values())
    assert measured["ratio"] <= 1.2
    assert measured["cpu_seconds"] > 0
    assert measured["peak_mib"] > 10
    assert [one["latency_ms"] for one in (near, far)] == [0, 50]
    for one in (near, far):
        assert one["plain_loop"]["calls"] > one["departures"] * 5
        assert one["service"]["writes"] >= one["plain_loop"]["writes"]
    for who in ("service", "plain_loop"):
        assert far[who]["wall_seconds"] >= far[who]["calls"] * 0.05 > near[who]["calls"] * 0.04
