from __future__ import annotations

from pathlib import Path

import pytest

from mappings.findings import MappingError
from mappings.loader import load, load_text
from mappings.reasons import REASONS
from mappings.survey import CONSENTS, Questionnaire
from mappings.texts import render


@pytest.fixture(name="exit_survey")
def _exit_survey() -> Questionnaire:
    return load_text("", crm="hubspot").questionnaire


def test_five_questions_of_which_one_must_be_answered(exit_survey: Questionnaire) -> None:
    assert [question.key for question in exit_survey.questions] == [
        "reason",
        "what_changed",
        "what_if",
        "moving_to",
        "would_return",
    ]
    assert [question.key for question in exit_survey.questions if question.required] == ["reason"]
    scale = exit_survey.questions[-1]
    assert (scale.kind, scale.low, scale.high) == ("scale", 0, 10)


def test_answers_go_to_our_fields(exit_survey: Questionnaire) -> None:
    loaded = load_text("", crm="hubspot")
    for question in exit_survey.questions:
        row = loaded.rows.customer[question.field]
        if question.kind == "text" and row.length:
            assert question.length <= row.length
        if question.kind == "scale":
            assert (row.low, row.high) == (question.low, question.high)


def test_reasons_are_ours_and_other_is_the_last(exit_survey: Questionnaire) -> None:
    _, words = exit_survey.wording("en")
    assert words.reasons.keys() < REASONS.keys()
    assert [*words.reasons][-1] == "other"
    assert words.reasons.keys().isdisjoint({"unknown", "deceased"})


def test_mails_carry_the_link_and_a_way_out(exit_survey: Questionnaire) -> None:
    facts = {
        "person": {"first_name": None, "last_name": None, "email": None},
        "customer": {"name": "Nimbus"},
        "org": {"name": "Vendor"},
        "survey": {"link": "https://goodbye.example/s/abc", "until": "3 May 2026"},
    }
    _, words = exit_survey.wording(None)
    for letter in (words.invitation, words.reminder):
        body = render(letter.body, facts)
        assert "https://goodbye.example/s/abc" in body
        assert "Hello there," in body
        assert "not to ask again" in body or "not be asked at all" in body


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("de_AT", "de"),
        ("PT-br", "pt-BR"),
        ("pt", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_people_are_asked_in_their_language_if_we_have_it(
    exit_survey: Questionnaire, asked: str | None, given: str
) -> None:
    english = exit_survey.texts["en"]
    several = exit_survey.model_copy(
        update={"texts": {"en": english, "de": english, "pt-BR": english}}
    )
    assert several.wording(asked)[0] == given


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "texts:\n  en:\n    intro: Hello {{ customer.name }}",
            ':3: texts.en.intro: there is no "customer" here; known are org',
        ),
        ("texts: {en: {reasons: {prize: The price}}}", 'there is no reason "prize"; did you mean'),
        ("texts: {en: {reminder: {body: Bye}}}", "texts.en: a mail lacks {{ survey.link }}"),
        ("texts: {en: {consents: {stay: x}}}", 'there is no person field "stay"'),
        (
            "texts: {en: {consents: {contact_basis: x}}}",
            'texts.en.consents: nobody can agree to "contact_basis"; known are stay_in_touch',
        ),
        ("language: it", 'there are no texts in "it"'),
        (
            "questions: [{key: a, kind: text, field: exit_wrods}]",
            'there is no customer field "exit_wrods"; did you mean "exit_words"?',
        ),
        (
            "questions: [{key: a, kind: text, field: exit_words}]",
            "one question must be of the kind",
        ),
        (
            "questions: [{key: other, kind: text, field: exit_words}]",
            'a question cannot be called "other"',
        ),
        (
            "questions: [{key: fit, kind: scale, field: would_return, high: 100}]",
            "a scale has 2 to 11 steps",
        ),
        (
            "questions: [{key: why, kind: reason, field: reason_customer}]",
            'texts.en.questions lacks the words of "why"',
        ),
    ],
)
def test_a_survey_of_ones_own_is_checked(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "ours.yaml").write_text(text)
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("survey: {use: ours}")
    with pytest.raises(MappingError) as caught:
        load(mapping, crm="hubspot")
    (finding,) = caught.value.findings
    assert finding.file == str(tmp_path / "surveys" / "ours.yaml")
    assert complaint in str(finding)


def test_a_survey_of_ones_own_needs_only_what_is_different(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("texts: {en: {send: Off it goes}}")
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("survey: {use: ours.yaml}")
    _, words = load(mapping, crm="hubspot").questionnaire.wording("en")
    assert words.send == "Off it goes"
    assert words.thanks.title == "Thank you"


def test_everybody_can_agree_to_the_same_in_their_language() -> None:
    texts = load_text("", crm="hubspot").questionnaire.texts
    assert {*texts} == {"en", "de", "fr", "es"}
    for words in texts.values():
        assert {*words.consents} == {*CONSENTS}
    for key in CONSENTS:
        assert len({words.consents[key] for words in texts.values()}) == len(texts)
