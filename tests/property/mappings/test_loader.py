"""Whatever is written as YAML is read as it was meant, or refused with its line."""

from __future__ import annotations

import string

import yaml
from hypothesis import given
from hypothesis import strategies as st

from mappings.document import parse
from mappings.findings import Finding, MappingError
from mappings.loader import load_text
from mappings.programme import Programme

WORDS = st.text(string.ascii_letters + string.digits + " _-:#'\"{}[]äß中", min_size=1, max_size=20)
NAMES = st.from_regex(r"[a-z]{1,10}", fullmatch=True)
SCALARS = st.one_of(WORDS, st.integers(-(10**9), 10**9), st.booleans(), st.none())
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(TREES, st.booleans())
def test_what_is_written_is_read(tree: dict[str, object], flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True)
    node, findings = parse(text, file="f.yaml", env={})
    assert node.plain == tree
    assert findings == []


@given(TREES)
def test_every_key_has_its_line(tree: dict[str, object]) -> None:
    text = yaml.safe_dump(tree, default_flow_style=False, allow_unicode=True, width=1000)
    node, _ = parse(text, file="f.yaml", env={})
    lines = text.splitlines()
    for key, child in node.entries.items():
        assert lines[child.spot.line - 1].startswith((f"{key}:", f"'{key}':"))
        assert child.spot.key == key


def complaints(text: str) -> tuple[Finding, ...]:
    try:
        load_text(text, crm="hubspot")
    except MappingError as error:
        return error.findings
    return ()


@given(st.text())
def test_no_text_does_anything_but_load_or_complain(text: str) -> None:
    for finding in complaints(text):
        assert finding.line
        assert finding.words


@given(
    st.dictionaries(NAMES, WORDS, max_size=3),
    st.integers(0, 1000),
    st.lists(WORDS, min_size=1, max_size=3, unique=True),
    st.sampled_from(["3 days", "90 minutes", "1 week"]),
)
def test_a_programme_survives_being_written_and_read(
    more: dict[str, str], brake: int, stages: list[str], settle: str
) -> None:
    mapping = {
        "customer": {"more": more},
        "brake": {"cases": brake},
        "watch": [
            {"object": "companies", "stage": "s", "enters": {"notice": stages}, "settle": settle}
        ],
    }
    loaded = load_text(yaml.safe_dump(mapping, allow_unicode=True), crm="hubspot")
    programme = loaded.programme
    assert programme.watch[0].enters.notice == tuple(stages)
    assert {name: programme.customer.more[name] for name in more} == more
    again = Programme.model_validate_json(programme.model_dump_json(by_alias=True))
    assert again == programme
    assert again.version == programme.version
