"""Hostile names and values never change which records match."""

from __future__ import annotations

from contextlib import suppress

import pytest

from integrations.contract import TASK, Change, Create, Crm, Query, Ref, SegmentSpec
from integrations.errors import CrmError
from tests.contract.crm.bench import Bench, ids, look
from tests.contract.crm.people import HOSTILE, customer, seed
from tests.contract.crm.test_sending import problems, send


@pytest.fixture
def crm(bench: Bench) -> Crm:
    """The adapter in a company of hostile names."""
    bench.reset(seed(*(customer(n, name) for n, name in enumerate(("Customer 1", *HOSTILE), 1))))
    connected = bench.connect()
    for spec in bench.keys:
        connected.provision(spec)
    return connected


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(bench: Bench, crm: Crm, name: str) -> None:
    words, ref = bench.words, bench.named(name)
    assert crm.read(ref.object, [ref.id], [words.name])[ref.id].fields == {words.name: name}
    task = bench.task(about=ref, subject=name, body=f"{name}\n{name}")
    assert problems(send(crm, Create(key="k", item=task))) == {"k": None}
    (held,) = crm.find(TASK, {"k": ref})
    assert (held.values["subject"], held.values["body"]) == (name, f"{name}\n{name}")


@pytest.mark.parametrize("text", HOSTILE)
def test_keys_find_only_themselves(bench: Bench, crm: Crm, text: str) -> None:
    send(crm, *(Create(key=key, item=bench.task()) for key in ("a", text)))
    assert [h.key for h in crm.find(TASK, {text: bench.customer()})] == [text]
    assert [h.key for h in crm.find(TASK, {"a": bench.customer()})] == ["a"]


@pytest.mark.parametrize("text", HOSTILE)
def test_segments_match_by_their_whole_name(bench: Bench, crm: Crm, text: str) -> None:
    crm.provision(SegmentSpec(object=bench.words.person, name="Alumni"))
    assert crm.segments([text]) == {}
    crm.provision(SegmentSpec(object=bench.words.person, name=text))
    assert list(crm.segments([text])) == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_ids_read_only_themselves(bench: Bench, crm: Crm, text: str) -> None:
    words = bench.words
    with suppress(CrmError):
        assert crm.read(words.customer, [text], [words.name]) == {}
    with suppress(CrmError):
        assert not any(crm.related(words.customer, [text], words.person, [words.email]).values())
    with suppress(CrmError):
        assert list(crm.members(text)) == []
    with suppress(CrmError):
        assert crm.history(words.customer, [text], words.stage) == {}


@pytest.mark.parametrize("text", [*HOSTILE, "Name, Id FROM User", "../users", "x/describe?"])
def test_names_of_fields_and_objects_are_only_names(bench: Bench, crm: Crm, text: str) -> None:
    words = bench.words
    assert crm.schema([text]) == {}
    (page,) = look(crm, Query(object=words.customer, fields=(text, words.name)))
    assert all(set(record.fields) == {words.name} for record in page.records)
    with pytest.raises(CrmError):
        ids(look(crm, Query(object=words.customer, having=text)))
    with pytest.raises(CrmError):
        ids(look(crm, Query(object=text)))


def test_a_change_reaches_one_record(bench: Bench, crm: Crm) -> None:
    words, values = bench.words, {bench.words.stage: "churning"}
    assert len(bench.everybody()) == 1 + len(HOSTILE)
    every = Ref(object=words.customer, id="' OR Id != '")
    with suppress(CrmError):
        (receipt,) = send(crm, Change(key="k", ref=every, values=values)).values()
        assert receipt.problem is not None
    found = look(crm, Query(object=words.customer, fields=(words.stage,)))
    assert {str(r.fields[words.stage]) for page in found for r in page.records} == {"active"}
