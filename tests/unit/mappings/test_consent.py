from __future__ import annotations

from datetime import date

import pytest

from mappings.consent import Consent, Scope, may

TODAY = date(2026, 6, 1)
SILENT = Consent(opted_out=False)
YES = Consent(opted_out=False, agreed=frozenset({"survey", "marketing"}))


@pytest.mark.parametrize("country", ["US", "GB", "FR", "IN", "AU", "CH"])
def test_a_survey_about_the_goodbye_is_no_advertising(country: str) -> None:
    verdict = may("survey", country=country, consent=SILENT, today=TODAY)
    assert verdict.allowed
    assert verdict.basis == "legitimate_interest"
    assert verdict.until is None


@pytest.mark.parametrize("country", ["DE", None])
def test_where_a_survey_needs_consent_a_call_is_offered(country: str | None) -> None:
    verdict = may("survey", country=country, consent=SILENT, today=TODAY)
    assert not verdict.allowed
    assert verdict.call_instead
    assert "need" in verdict.words
    assert may("survey", country=country, consent=YES, today=TODAY).basis == "consent"


def test_in_canada_former_business_counts_for_two_years() -> None:
    def asked(departed_on: date | None, today: date) -> tuple[bool, date | None]:
        consent = Consent(opted_out=False, departed_on=departed_on)
        verdict = may("survey", country="CA", consent=consent, today=today)
        assert verdict.allowed == (verdict.basis == "existing_business")
        return verdict.allowed, verdict.until

    assert asked(None, TODAY) == (True, None)
    assert asked(date(2025, 3, 1), date(2027, 3, 1)) == (True, date(2027, 3, 1))
    assert asked(date(2025, 3, 1), date(2027, 3, 2)) == (False, date(2027, 3, 1))
    assert asked(date(2024, 2, 29), date(2026, 2, 28)) == (True, date(2026, 2, 28))


@pytest.mark.parametrize("country", ["US", "GB", "FR", "DE", "CA", None])
def test_alumni_hear_from_us_only_if_they_said_yes(country: str | None) -> None:
    assert not may("marketing", country=country, consent=SILENT, today=TODAY).allowed
    verdict = may("marketing", country=country, consent=YES, today=TODAY)
    assert (verdict.allowed, verdict.basis, verdict.until) == (True, "consent", None)


def test_a_yes_is_a_yes_to_what_was_asked() -> None:
    survey = Consent(opted_out=False, agreed=frozenset({"survey"}))
    assert not may("marketing", country="DE", consent=survey, today=TODAY).allowed
    assert may("survey", country="DE", consent=survey, today=TODAY).allowed


@pytest.mark.parametrize("scope", ["survey", "marketing"])
@pytest.mark.parametrize("country", ["US", "GB", "FR", "DE", "CA", None])
@pytest.mark.parametrize(
    ("out", "words"),
    [(True, "opted out of mail"), (None, "nobody could say whether they opted out")],
)
def test_an_opt_out_wins_and_no_answer_means_no(
    scope: Scope, country: str | None, out: bool | None, words: str
) -> None:
    consent = Consent(opted_out=out, agreed=frozenset({"survey", "marketing"}))
    verdict = may(scope, country=country, consent=consent, today=TODAY)
    assert not verdict.allowed
    assert verdict.words == words
    assert verdict.basis == "none"
    assert not verdict.call_instead
