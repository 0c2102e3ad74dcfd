"""Who a task can belong to."""

from __future__ import annotations

import pytest

from integrations.contract import Crm
from integrations.sandbox.seed import Colleague
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import COLLEAGUES, seed

pytestmark = pytest.mark.sandbox("colleagues by name")


def test_names_everybody(bench: Bench, crm: Crm) -> None:
    people = {owner.name: owner for owner in crm.owners() if not owner.queue}
    assert people["Ann Archer"].email == "ann@us.example"
    assert people["Ann Archer"].active
    assert people["Ann Archer"].id == bench.colleague(0)


def test_tells_who_has_left(bench: Bench, crm: Crm) -> None:
    (eve,) = (owner for owner in crm.owners() if owner.name == "Eve Egan")
    assert not eve.active


def test_reads_every_page(bench: Bench, crm: Crm) -> None:
    more = tuple(
        Colleague(
            handle=f"c{n}", first=f"C{n}", last="Clone", email=f"c{n}@us.example", title="CSM",
            active=n % 2 == 0,
        )
        for n in range(230)
    )  # fmt: skip
    bench.reset(seed(colleagues=(*COLLEAGUES, *more)))
    clones = [owner for owner in bench.connect().owners() if owner.name.endswith(" Clone")]
    assert len({owner.id for owner in clones}) == 230
    assert sum(owner.active for owner in clones) == 115


def test_tells_where_they_work(bench: Bench, crm: Crm) -> None:
    people = {owner.name: owner for owner in crm.owners()}
    ann, ben = people["Ann Archer"], people["Ben Baker"]
    assert (ann.country, ann.zone) == ("Germany", "Europe/Berlin")
    assert ben.country is None
