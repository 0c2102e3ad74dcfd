"""The live suite, run against a sandbox that is served as if it were the vendor.

Nobody has an org for every run of the tests; so this holds that the live way works, and that it
leaves a CRM exactly as it was.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.hubspot import HubSpot
from integrations.sandbox.hubspot.kinds import KINDS
from integrations.sandbox.open import Sandbox, open_sandbox
from integrations.sandbox.salesforce import Salesforce
from tests.contract.crm.people import seed

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture
def served() -> Iterator[Sandbox]:
    """Both CRMs with customers of their own, by the real time."""
    with open_sandbox(world=seed(), hubspot_port=0, salesforce_port=0) as sandbox:
        sandbox.world.dialects["hubspot"].options["rate_limits"] = False
        sandbox.world.dialects["salesforce"].options["field_security"] = True
        yield sandbox


def leads(sandbox: Sandbox, crm: str) -> dict[str, str]:
    """The variables that lead to it."""
    words = ("token",) if crm == "hubspot" else ("client_id", "client_secret")
    known = sandbox.world.dialects[crm].credentials()
    given = {word: known[word] for word in words} | {"url": sandbox.urls[crm]}
    given |= {"domain": "acme.sandbox.my"} if crm == "salesforce" else {}
    return {f"AUREVOIR_LIVE_{crm.upper()}_{word.upper()}": said for word, said in given.items()}


def live(*selected: str, **env: str) -> subprocess.CompletedProcess[str]:
    """``make test-live``, as far as it is selected."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AUREVOIR_LIVE", "PYTEST"))}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rs",
            "--live",
            "-p",
            "no:cacheprovider",
            *selected,
        ],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def held(sandbox: Sandbox) -> dict[str, Any]:
    """Everything in both CRMs that is not in a bin, and every field."""
    found: dict[str, Any] = {}
    salesforce, hubspot = sandbox.world.dialects["salesforce"], sandbox.world.dialects["hubspot"]
    assert isinstance(salesforce, Salesforce)
    assert isinstance(hubspot, HubSpot)
    org, portal = salesforce.org, hubspot.portal
    for sobject in org.schema.all():
        found[f"fields of {sobject.name}"] = set(sobject.fields)
        found[sobject.name] = {str(row["Id"]): dict(row) for row in org[sobject.name].live()}
    for kind in KINDS:
        found[f"properties of {kind}"] = set(portal.schema(kind).properties)
        found[f"groups of {kind}"] = set(portal.schema(kind).groups)
        found[str(kind)] = {
            id: {name: said.value for name, said in record.now.items()}
            for id, record in portal.table(kind).live.items()
        }
    found["segments"] = {id: one.name for id, one in portal.segments.items()}
    return found


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_the_whole_suite_runs_and_leaves_nothing_behind(served: Sandbox, crm: str) -> None:
    before = held(served)
    done = live("tests/contract/crm", "-k", crm, **leads(served, crm))
    assert done.returncode == 0, done.stdout[-9000:]
    assert "needs the sandbox: faults on demand" in done.stdout
    assert held(served) == before


FAILS = """
from integrations.contract import Create, FieldSpec, FieldType, Member, SegmentSpec


def test_fails(bench, crm):
    bench.deal(2)
    one, _ = bench.people()
    name = bench.called("Alumni: budget")
    crm.provision(SegmentSpec(object=bench.words.person, name=name))
    flag = FieldSpec(
        object=bench.words.person, name=bench.our("flag"), label="Flag", type=FieldType.FLAG
    )
    crm.provision(flag)
    joins = Member(key="m", segment=crm.segments([name])[name], person=one)
    for call in crm.pack([Create(key="t", item=bench.task()), joins]):
        assert not any(receipt.problem for receipt in crm.send(call))
    raise ValueError("and then it goes wrong")
"""


def test_a_test_that_fails_leaves_nothing_behind_either(served: Sandbox, tmp_path: Path) -> None:
    before = held(served)
    file = tmp_path / "test_fails.py"
    file.write_text(FAILS)
    env = {**leads(served, "hubspot"), **leads(served, "salesforce")}
    plugin = ("-p", "tests.contract.crm.conftest", "-c", str(ROOT / "pyproject.toml"))
    done = live(*plugin, str(file), **env)
    assert "2 failed" in done.stdout, done.stdout[-9000:]
    assert "error" not in done.stdout.splitlines()[-1]
    assert held(served) == before


def test_production_is_left_alone(served: Sandbox) -> None:
    served.world.dialects["hubspot"].options["account_type"] = "STANDARD"
    served.world.dialects["salesforce"].options["production"] = True
    before = held(served)
    env = {**leads(served, "hubspot"), **leads(served, "salesforce")}
    done = live("tests/contract/crm/test_schema.py", **env)
    assert done.returncode == 1
    assert "this is production; the live suite writes, and wants a test" in done.stdout
    assert "passed" not in done.stdout
    after = held(served)
    del before["Organization"], after["Organization"]  # which says so itself
    assert after == before


def test_without_credentials_it_says_what_to_set() -> None:
    done = live("tests/contract/crm/test_schema.py")
    assert done.returncode == 0
    assert "no test portal: set AUREVOIR_LIVE_HUBSPOT_TOKEN to the key of one" in done.stdout
    assert "passed" not in done.stdout
