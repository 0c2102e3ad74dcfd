"""Recorded departures with the full programme: simulated and over the wire, record by record."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sync.trial import CRMS
from sync.twin import PROGRAMME, twin

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RAVENSTACK = (
    Path(os.environ.get("AUREVOIR_SHARED") or ROOT.parent / "shared") / "data" / "ravenstack"
)
ACCOUNTS = (
    ("A1", "Harbour Lane Books", "US", 12, 300),
    ("A2", "Nordlicht Optik", "DE", 900, 9000),
    ("A3", "Pat Miller", "GB", 1, 9),
    ("A4", "Quince Dairy", "CA", 40, 2000),
    ("A5", "Tamarind Press", "IN", 60, 4500),
)
#: Account, day, reason, words.
EVENTS = (
    ("A1", "2024-02-05", "pricing", "too expensive"),
    ("A2", "2024-02-06", "competitor", ""),
    ("A3", "2024-02-07", "budget", ""),
    ("A4", "2024-02-08", "features", "no offline mode"),
    ("A5", "2024-02-09", "support", ""),
    ("A1", "2024-02-20", "pricing", "too expensive"),
    ("A4", "2024-03-11", "features", "no offline mode"),
    ("A4", "2024-03-12", "unknown", ""),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few accounts of an invented company, and when they left."""
    for name, titles, rows in (
        ("accounts", ("account_id", "account_name", "country", "seats", "mrr"), ACCOUNTS),
        (
            "churn_events",
            ("churn_event_id", "account_id", "churn_date", "reason_code", "feedback_text"),
            [(f"E{n}", *event) for n, event in enumerate(EVENTS)],
        ),
    ):
        with (tmp_path / f"{name}.csv").open("w", newline="") as handle:
            csv.writer(handle).writerows([titles, *rows])
    return tmp_path


@pytest.mark.parametrize("crm", CRMS)
def test_every_record_is_as_it_was_simulated(crm: str, folder: Path) -> None:
    found = twin(folder, crm)
    assert found["simulated"]["differ"] == []
    assert found["simulated"]["agree"] == found["simulated"]["records"] > 100
    assert (found["missing"], found["extra"]) == (0, 0)
    assert found["cases"] == len(EVENTS)
    assert found["playbooks"] == {
        "consumer": 1, "enterprise": 2, "small_business": 2, "standard": 3,
    }  # fmt: skip
    assert found["answered"] >= 2
    assert found["done"] >= 40
    assert found["notes"]["feedback"] == len(EVENTS)
    assert found["records"] == 0


@pytest.mark.parametrize("crm", CRMS)
def test_every_record_of_its_own_is_as_it_was_simulated(crm: str, folder: Path) -> None:
    found = twin(folder, crm, record="object")
    assert found["simulated"]["differ"] == []
    assert (found["missing"], found["extra"]) == (0, 0)
    assert found["records"] == found["cases"] == len(EVENTS)
    assert "feedback" not in found["notes"]


@pytest.mark.parametrize("crm", CRMS)
@pytest.mark.skipif(
    not RAVENSTACK.is_dir(), reason="RavenStack is not here; AUREVOIR_SHARED can name its place"
)
def test_the_last_months_of_ravenstack(crm: str, tmp_path: Path) -> None:
    """All of it takes half an hour: ``aurevoir demo --replay FOLDER --programme full``."""
    for file in RAVENSTACK.glob("*.csv"):
        with (
            file.open(newline="") as source,
            (tmp_path / file.name).open("w", newline="") as handle,
        ):
            rows = list(csv.DictReader(source))
            if file.name.endswith("churn_events.csv"):
                rows = [row for row in rows if row["churn_date"] >= "2024-12-24"]
            writer = csv.DictWriter(handle, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    found = twin(tmp_path, crm)
    assert found["simulated"]["differ"] == []
    assert found["cases"] == found["departures"] > 30
    assert (found["missing"], found["extra"]) == (0, 0)


def test_the_command_says_how_many_records_agree(folder: Path) -> None:
    events = (folder / "churn_events.csv").read_text().splitlines()
    (folder / "churn_events.csv").write_text("\n".join(events[:2]) + "\n")
    words = ["demo", "--replay", str(folder), "--crm", "hubspot", "--programme", "full", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "sync.cli", *words],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["simulated"]["agree"] == told["simulated"]["records"] > 20
    assert told["departures"] == told["cases"] == 1


def test_it_is_the_recipe() -> None:
    recipe = yaml.safe_load((ROOT / "docs" / "recipes" / "full.yaml").read_text())
    del recipe["brake"], recipe["feedback"]["digest"]
    assert {key: PROGRAMME[key] for key in recipe} == recipe
