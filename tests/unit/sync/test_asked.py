"""Who asked for a feature: whole words, in what they said they missed, or in a mapped field."""

from __future__ import annotations

import pytest

from integrations.contract import Value
from mappings.consistency import LONGEST_FEATURE
from sync.asked import Match, feature_key, matches
from sync.model import Event, Kind
from tests.unit.sync.goodbye import DAY, START, event, happened, loaded

MAPPING = "{customer: {more: {features: wished_for}}, touches: {asked_for: features}}"


def found(
    label: str,
    *events: Event,
    words: dict[str, str] | None = None,
    fields: dict[str, Value] | None = None,
) -> list[Match]:
    known = loaded(MAPPING)
    return [
        *matches(
            label,
            case=happened(*events),
            fields=fields or {},
            words=words or {},
            programme=known.programme,
            questionnaire=known.questionnaire,
        )
    ]


def wrote(field: str = "exit_words") -> Event:
    return event(Kind.SET, START + DAY, field=field, value=None, words="w")


def answered(question: str) -> Event:
    return event(
        Kind.ANSWERED, START + DAY, person="11", codes={"reason": "price"}, words={question: "w"}
    )


@pytest.mark.parametrize(
    "text", ["We needed SSO.", "sso!", "no (SSO)", "without  sso, we could not go on"]
)
def test_whole_words_are_found_whatever_their_capitals(text: str) -> None:
    (match,) = found("SSO", wrote(), words={"w": text})
    assert (match.where, match.person) == ("exit_words", None)


@pytest.mark.parametrize("text", ["lassso", "SSOs were fine", "s s o", "single sign-on", ""])
def test_nothing_else_is(text: str) -> None:
    assert found("SSO", wrote(), words={"w": text}) == []


def test_a_phrase_may_be_broken_over_lines_and_is_no_pattern() -> None:
    assert found("audit log", wrote("exit_what_if"), words={"w": "An audit\n log."})
    assert found("C++ (beta)", wrote(), words={"w": "the C++ (beta) thing"})
    assert not found(".*", wrote(), words={"w": "anything"})


def test_an_answer_names_the_person_who_asked() -> None:
    assert found("SSO", answered("what_if"), words={"w": "SSO"}) == [
        Match(where="exit_what_if", words="SSO", person="11")
    ]
    assert found("SSO", answered("other"), words={"w": "SSO"})[0].where == "other"


def test_only_what_they_missed_is_looked_through() -> None:
    assert found("Beech", answered("moving_to"), words={"w": "Beech"}) == []
    assert found("SSO", wrote("exit_benefits"), words={"w": "SSO"}) == []


@pytest.mark.parametrize("value", ["SSO; API", ("API", "SSO"), "sso"])
def test_a_mapped_field_counts(value: Value) -> None:
    (match,) = found("SSO", fields={"wished_for": value})
    assert (match.where, match.person) == ("features", None)
    assert found("SSO", fields={"wished_for": None}) == []


def test_long_texts_are_shown_around_the_match() -> None:
    (match,) = found("SSO", wrote(), words={"w": f"{'a ' * 100}SSO{' b' * 100}"})
    assert match.words.startswith("…")
    assert match.words.endswith("…")
    assert len(match.words) < 130


def test_a_feature_has_one_key_that_fits() -> None:
    assert feature_key("SSO") == feature_key(" sso ") == "sso"
    assert feature_key("Audit  log") == "audit_log"
    keys = {
        feature_key(name) for name in ("C", "C++", "C#", "Ключ", "單一登入", "a" * 40, "a" * 41)
    }
    assert len(keys) == 7
    assert all(len(key) <= LONGEST_FEATURE and ":" not in key for key in keys)
    with pytest.raises(ValueError, match="no name"):
        feature_key(" - ")
