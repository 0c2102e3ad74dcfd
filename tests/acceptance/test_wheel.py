"""The wheel holds all that it needs and nothing else, and works where nothing of ours is."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def _pip(*arguments: str | Path) -> None:
    """This environment's pip, without the net."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module", name="wheel")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(name="command")
def _command(wheel: Path, tmp_path: Path) -> Path:
    """``aurevoir`` in an environment of its own.

    The dependencies are borrowed from this environment: a path file shows its packages, but none
    that it has by path files itself, so the checkout is out of sight.
    """
    home = tmp_path / "environment"
    venv.create(home)
    python = home / "bin" / "python"
    _pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    packages = sysconfig.get_path("purelib", "venv", {"base": str(home)})
    Path(packages, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "aurevoir"


def test_it_holds_every_file_of_the_layers_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for layer in ("integrations", "mappings", "sync")
        for path in (ROOT / layer).rglob("*")
        if path.is_file() and not {"__pycache__", "plugin"} & set(path.relative_to(ROOT).parts)
    }
    deployed = ROOT / "integrations" / "salesforce" / "plugin" / "optional"  # in a sandbox as well
    wanted |= {p.relative_to(ROOT).as_posix() for p in deployed.rglob("*") if p.is_file()}
    assert held == wanted
    for name in (
        "integrations/sandbox/pages/templates/customer.html",
        "integrations/sandbox/salesforce/soql/grammar.lark",
        "integrations/sandbox/worlds/demo.csv",
        "mappings/defaults/playbooks/standard.yaml",
        "sync/store/migrations/versions/0001_first.py",
        "sync/web/static/style.css",
        "sync/web/templates/survey.html",
    ):
        assert name in held


def test_the_demo_runs_from_it(command: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    def run(*arguments: str | Path) -> str:
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(empty)}
        return subprocess.run(
            list(map(str, arguments)),
            cwd=empty,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        ).stdout

    place = run(command.with_name("python"), "-c", "import sync; print(sync.__file__)")
    assert Path(place).is_relative_to(command.parents[1])
    told = json.loads(run(command, "demo", "--once", "--json"))
    assert told["crms"].keys() == {"hubspot", "salesforce"}
    for counted in told["crms"].values():
        assert 0 not in (counted["cases"], counted["tasks"], counted["answered"])
        assert counted["missing"] == counted["extra"] == 0
    assert list(empty.iterdir()) == []
