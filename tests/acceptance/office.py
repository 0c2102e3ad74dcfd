"""A vendor's office: a CRM where people work, the service beside it, and what one can see there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

from integrations.contract import DEPARTURE, NOTE, TASK, Ref
from integrations.sandbox.seed import Customer, Seed
from sync.connection import Connection
from sync.engine.jobs import Cycle, cycle
from sync.trial import trial
from tests.faults.story import START, Play, seed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SETTLED = 11 * MINUTE
CRMS = ("hubspot", "salesforce")


@dataclass(kw_only=True)
class Office(Play):
    """What people do, and what they find."""

    service: Connection = field(init=False)

    def wait(self, time: timedelta = SETTLED) -> None:
        self.stage.advance(time)

    def run(self) -> Cycle:
        """One full cycle."""
        return cycle(self.service)

    def leaves(self, number: int = 1, stage: str = "churning") -> None:
        """Sales moves the stage; once it has settled, the service looks."""
        self.stage_to(number, stage)
        self.wait()
        self.run()

    def sets(self, number: int, key: str, value: str) -> None:
        """A colleague sets one of our fields on a customer."""
        name = self.service.places("customer")[key].field
        self.stage.edit(
            self.crm, self.customer(number), name, value, by=self.stage.colleague(self.crm)
        )

    def field(self, number: int, key: str) -> Any:
        """One of our fields, in our words."""
        watch = self.service.programme.watch[0]
        id = self.customer(number)
        fields = self.service.customer_fields(watch)
        return self.service.ours(self.service.crm.read(watch.object, [id], fields)[id], key)

    def keys(self, number: int = 1, kind: str = TASK) -> Counter[str]:
        """Our keys on the tasks or notes of a customer's cases."""
        cases = {row.key for row in self.cases(number)}
        held = self.service.crm.find(kind, None)
        return Counter(one.key for one in held if one.key.split(":")[0] in cases)

    def steps(self, number: int = 1, kind: str = TASK) -> Counter[str]:
        """The same by step."""
        return Counter(key.split(":")[1] for key in self.keys(number, kind).elements())

    def open_steps(self, number: int = 1) -> set[str]:
        """The steps whose tasks are open."""
        wanted = self.keys(number)
        ids = {one.id: one.key for one in self.service.crm.find(TASK, None) if one.key in wanted}
        read = self.service.crm.read(TASK, list(ids), ("done",))
        return {ids[id].split(":")[1] for id, record in read.items() if not record.fields["done"]}

    def notes(self, number: int = 1) -> Counter[str]:
        return self.steps(number, NOTE)

    def records(self, number: int = 1) -> list[str]:
        """The records of a customer's departures, the oldest first."""
        keys = [f"{row.key}:feedback" for row in reversed(self.cases(number))]
        ids = {one.key: one.id for one in self.service.crm.find(NOTE, None)}
        read = self.service.crm.read(NOTE, [ids[key] for key in keys], ("body",))
        return [str(read[ids[key]].fields["body"]) for key in keys]

    def kept(self, number: int = 1) -> list[dict[str, Any]]:
        """The same in an object of their own, by our words."""
        cases = [row.key for row in reversed(self.cases(number))]
        about = Ref(object=self.service.programme.watch[0].object, id=self.customer(number))
        keys = {f"{case}:departure_record": about for case in cases}
        found = self.service.crm.find(DEPARTURE, keys)
        held = {one.key.split(":")[0]: one for one in found}
        columns = self.service.loaded.rows.departure.columns
        return [
            {
                word: held[case].values.get(column.names[self.crm])
                for word, column in columns.items()
                if word != "key"
            }
            for case in cases
        ]

    def cases(self, number: int = 1) -> list[Any]:
        """A customer's cases, the newest first."""
        with self.service.store.reading() as tables:
            rows = list(tables.cases.list(self.crm))
        return [row for row in rows if row.record == self.customer(number)]

    def task(self, step: str, number: int = 1) -> str:
        """The CRM's id of a step's task, the latest if there are several."""
        keys = self.keys(number)
        held = self.service.crm.find(TASK, None)
        mine = [one for one in held if one.key in keys and one.key.split(":")[1] == step]
        return max(mine, key=lambda one: one.key).id

    def completes(self, step: str, number: int = 1) -> None:
        """A colleague ticks off a task."""
        task = self.task(step, number)
        with self.stage.sandbox.world.lock:
            self.stage.desk(self.crm).complete(task, by=self.stage.colleague(self.crm))

    def all_to(self, stage: str) -> None:
        """Somebody moves every customer at once."""
        watch, by = self.service.programme.watch[0], self.stage.colleague(self.crm)
        for row in self.stage.customers(self.crm).values():
            self.stage.edit(self.crm, row.id, watch.stage, stage, by=by)

    def tidy(self, do: str, object: str, id: str, *more: str) -> None:
        """Somebody deletes, restores or merges a record; the next slow look is due."""
        desk, by = self.stage.desk(self.crm), self.stage.colleague(self.crm)
        with self.stage.sandbox.world.lock:
            getattr(desk, do)(object, id, *more, by=by)
        self.wait(HOUR)

    def configure(self, **parts: Any) -> None:
        """Lay this over the mapping file, and start again."""
        file = self.folder / f"{self.crm}.yaml"
        file.write_text(yaml.safe_dump({**(yaml.safe_load(file.read_text()) or {}), **parts}))
        self.service = self.restart()

    def signs_in(self, **credentials: str) -> None:
        """Other credentials in aurevoir.yaml, by way of the environment, and a fresh start."""
        named = {name: f"TRIED_{name}".upper() for name in credentials}
        self.stage.app.env = {
            **self.stage.app.env,
            **{named[name]: value for name, value in credentials.items()},
        }
        self.written(credentials={name: f"${{{variable}}}" for name, variable in named.items()})

    def written(self, *, again: bool = True, **parts: Any) -> None:
        """Set these of the connection in aurevoir.yaml; ``again``: and start again."""
        file = self.folder / "aurevoir.yaml"
        service = yaml.safe_load(file.read_text())
        service["connections"][self.crm].update(parts)
        file.write_text(yaml.safe_dump(service))
        if again:
            self.service = self.restart()

    def ask(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """The vendor's own API, as an admin's tool uses it."""
        answer = requests.request(
            method,
            self.stage.sandbox.urls[self.crm] + path,
            json=body,
            params=params,
            headers={
                "Authorization": f"Bearer {self.stage.dialect(self.crm).credentials()['token']}"
            },
            timeout=10,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def says(self) -> str:
        """The sentence of ``aurevoir status``."""
        return str(self.command("status")[self.crm]["words"])

    def dump(self) -> Counter[str]:
        """The mutating calls that the CRM has seen."""
        calls = self.stage.calls(self.crm)
        writes = ("create", "update", "upsert", "archive", "change", "add", "remove", "send")
        reads = ("updated.list",)
        return Counter(
            {n: many for n, many in calls.items() if n not in reads and any(w in n for w in writes)}
        )

    def command(self, *words: str, code: int = 0) -> Any:
        """What a command prints as JSON."""
        done = self.shell(*words, "--json")
        assert done.returncode == code, done.stderr or done.stdout
        return json.loads(done.stdout)

    def shell(
        self, *words: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command in a process of its own."""
        config = str(self.folder / "aurevoir.yaml")
        return subprocess.run(
            [sys.executable, "-m", "sync.cli", *words, "--config", config],
            env={**os.environ, **self.stage.app.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@contextmanager
def office(
    crm: str,
    folder: Path,
    *,
    people: Seed | None = None,
    options: dict[str, Any] | None = None,
    **mapping: Any,
) -> Iterator[Office]:
    """An office with a provisioned CRM, set up with these ``options``, and a service beside it."""
    with trial(people or staff(), start=START, crms=[crm], folder=folder, mapping=mapping) as stage:
        stage.dialect(crm).options.update(options or {})
        stage.provision(crm)
        made = Office(stage=stage, crm=crm, folder=folder)
        made.service = made.restart()
        yield made


def staff(*, fields: bool = True) -> Seed:
    """Three customers whose contracts run for three months, so that every gate has its time."""
    few, end = seed(), (START + 90 * DAY).date()
    many = tuple(replace(one, contract_end=end) for one in few.customers)
    return replace(few, customers=many, fields=fields)


def crowd(number: int) -> Seed:
    """So many customers."""
    few = staff()
    first = few.customers[0]
    many: tuple[Customer, ...] = tuple(
        replace(first, ref=f"C{n}", name=f"Customer {n}", people=()) for n in range(1, number + 1)
    )
    return replace(few, customers=many)
