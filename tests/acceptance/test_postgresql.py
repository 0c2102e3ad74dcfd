"""The demo's story in one CRM, with the store on PostgreSQL; and what is left in the store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import select

from integrations.sandbox.desk import Sheet
from sync import demo
from sync.store.database import Database
from sync.store.tables import ERASABLE, metadata
from sync.trial import Trial, trial
from tests.acceptance.office import office
from tests.acceptance.test_service import engine
from tests.contract.store.server import Server, offered

pytestmark = pytest.mark.slow

CRM = "hubspot"


@dataclass(frozen=True, kw_only=True)
class Told:
    """The story's end: what the CRM holds, who is in it, and where the store is."""

    result: dict[str, Any]
    sheets: list[Sheet]
    url: str


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """PostgreSQL, where it can be had."""
    with offered() as server:
        yield server


@pytest.fixture(scope="module")
def told(server: Server) -> Iterator[Told]:
    """The story, told once."""
    with server.database() as url, trial("demo", start=demo.START, crms=[CRM]) as stage:
        stage.app.service = stage.app.service.model_copy(update={"store": SecretStr(url)})
        with stage.pages() as pages:
            results = demo.play(stage, pages.urls["public"], lambda _, __: None)
        yield Told(result=results[CRM], sheets=_sheets(stage), url=url)


def _sheets(stage: Trial) -> list[Sheet]:
    ids = [stage.customers(CRM)[part.customer].id for part in demo.STORY]
    with stage.sandbox.world.lock:
        found = [stage.desk(CRM).customer(id) for id in ids]
    return [sheet for sheet in found if sheet]


def test_the_story_ends_well(told: Told) -> None:
    result = told.result
    assert result["cases"] >= len(demo.STORY)
    assert result["answered"] == sum(part.answers is not None for part in demo.STORY)
    assert (result["saved"], result["returned"]) == (1, 1)
    assert (result["missing"], result["extra"]) == (0, 0)
    assert sum(result["segments"].values()) > 0
    assert result["calls"] <= 1.2 * result["calls_least"]


def test_names_and_words_are_in_erasable_columns_only(told: Told) -> None:
    people = [contact for sheet in told.sheets for contact in sheet.contacts]
    private = {part.says for part in demo.STORY if part.says}
    private |= {contact.name for contact in people}
    private |= {line.value for contact in people for line in contact.lines if "@" in line.value}
    kept: dict[bool, set[str]] = {True: set(), False: set()}
    with closing(Database(told.url)) as database, database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    text = json.dumps(value, default=str, ensure_ascii=False)
                    found = {one for one in private if one in text}
                    kept[name in ERASABLE.get(table, ())] |= found
    assert len(kept[True]) > len(demo.STORY)
    assert kept[False] == set()


def test_the_service_goes_on_when_the_database_is_back(server: Server, tmp_path: Path) -> None:
    with server.database() as url, office(CRM, tmp_path) as here:
        file = here.folder / "aurevoir.yaml"
        file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "store": url}))
        here.service = here.restart()
        here.run()
        with engine(here) as says:
            says("signed in")
            here.stage_to(1, "churning")
            server.stop("immediate")
            try:
                here.wait()
                trouble = says("trouble")
                assert trouble["problem"] == "store"
                assert "see that the database runs" in trouble["words"]
                done = here.shell("status")
                assert done.returncode == 2
                assert done.stderr.startswith("aurevoir: the store cannot be used: ")
                assert len(done.stderr.splitlines()) == 1
            finally:
                server.start()
            while not says("cycle").get("writes"):
                here.wait()
        assert set(here.keys().values()) == {1}
        assert len(here.open_steps()) == 5
        here.stage.app.store.close()
