"""Who may be written to, why and until when: the rules are data; this is what they come to."""

from __future__ import annotations

from datetime import date

import pytest

from mappings.consent import Consent, Permission, Scope, Verdict, Who, may
from mappings.findings import MappingError
from mappings.loader import load_text

TODAY = date(2026, 6, 1)
SAID = date(2026, 3, 2)
LEFT = date(2026, 4, 30)
SILENT = Consent(opted_out=False, departed_on=LEFT)
YES = Consent(opted_out=False, departed_on=LEFT, agreed={"survey": None, "marketing": SAID})
COUNTRIES = ["US", "GB", "FR", "DE", "CA", "IN", None]


def rules(text: str = "") -> Permission:
    """The built-in rules with these laid over them."""
    return load_text(text, crm="hubspot").programme.consent


def active(*names: str) -> Permission:
    """The built-in rules with these switched on, too."""
    on = ", ".join(f"{name}: {{active: true}}" for name in names)
    bought = "customer: {last_purchase: last_purchase}\n"
    return rules(f"{bought}consent: {{rules: {{{on}}}}}")


def judged(
    scope: Scope,
    country: str | None,
    consent: Consent = SILENT,
    *,
    who: Who = "business",
    by: Permission | None = None,
    today: date = TODAY,
) -> Verdict:
    return may(scope, country=country, who=who, consent=consent, rules=by or rules(), today=today)


@pytest.mark.parametrize(
    ("country", "rule"),
    [("US", "survey_us"), ("GB", "survey_uk"), ("FR", "survey_eu"), ("NO", "survey_eu"),
     ("IN", "survey"), ("AU", "survey"), ("CH", "survey")],
)  # fmt: skip
def test_a_survey_about_the_goodbye_is_no_advertising(country: str, rule: str) -> None:
    verdict = judged("survey", country)
    assert (verdict.allowed, verdict.basis, verdict.until) == (True, "legitimate_interest", None)
    assert verdict.rule == rule
    assert verdict.told.endswith(f"(rule {rule})")


@pytest.mark.parametrize(("country", "rule"), [("DE", "survey_germany"), (None, "survey_unknown")])
def test_where_a_survey_needs_consent_a_call_is_offered(country: str | None, rule: str) -> None:
    verdict = judged("survey", country)
    assert not verdict.allowed
    assert verdict.call_instead
    assert "need" in verdict.words
    assert verdict.rule == rule
    assert judged("survey", country, YES).basis == "consent"


def test_in_canada_former_business_counts_for_two_years() -> None:
    def asked(departed_on: date | None, today: date) -> tuple[bool, date | None]:
        consent = Consent(opted_out=False, departed_on=departed_on)
        verdict = judged("survey", "CA", consent, today=today)
        assert verdict.rule == "survey_canada"
        return verdict.allowed, verdict.until

    assert asked(date(2025, 3, 1), date(2027, 3, 1)) == (True, date(2027, 3, 1))
    assert asked(date(2025, 3, 1), date(2027, 3, 2)) == (False, date(2027, 3, 1))
    assert asked(date(2024, 2, 29), date(2026, 2, 28)) == (True, date(2026, 2, 28))
    # What it is counted from is not known: the answer is no.
    assert asked(None, TODAY) == (False, None)
    late = Consent(opted_out=False, departed_on=date(2020, 1, 1), agreed={"survey": None})
    assert judged("survey", "CA", late).rule == "survey_yes"


@pytest.mark.parametrize("country", COUNTRIES)
def test_what_must_be_said_about_the_goodbye_is_no_advertising_anywhere(
    country: str | None,
) -> None:
    assert judged("service", country).allowed
    out = Consent(opted_out=True)
    assert not judged("service", country, out).allowed


@pytest.mark.parametrize("who", ["business", "consumer"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_alumni_hear_from_us_only_if_they_said_yes_and_not_for_ever(
    country: str | None, who: Who
) -> None:
    assert not judged("marketing", country, who=who).allowed
    verdict = judged("marketing", country, YES, who=who)
    assert (verdict.allowed, verdict.basis) == (True, "consent")
    assert verdict.until == date(2028, 3, 2)
    over = judged("marketing", country, YES, who=who, today=date(2028, 3, 3))
    assert not over.allowed
    assert over.told == "said yes, which counted until 2 March 2028 (rule alumni_yes)"


@pytest.mark.parametrize(
    ("rule", "country", "who", "basis"),
    [
        ("alumni_uk_soft_opt_in", "GB", "consumer", "soft_opt_in"),
        ("alumni_uk_companies", "GB", "business", "legitimate_interest"),
        ("alumni_eu_soft_opt_in", "FR", "business", "soft_opt_in"),
        ("alumni_germany_soft_opt_in", "DE", "consumer", "soft_opt_in"),
        ("alumni_canada_business", "CA", "business", "existing_business"),
        ("alumni_us_opt_out", "US", "consumer", "legitimate_interest"),
    ],
)
def test_what_the_law_would_allow_beside_a_yes_is_switched_on(
    rule: str, country: str, who: Who, basis: str
) -> None:
    verdict = judged("marketing", country, who=who, by=active(rule))
    assert (verdict.allowed, verdict.basis, verdict.rule) == (True, basis, rule)
    assert verdict.until == date(2028, 4, 30)
    # It is for nobody else, and a no is a no.
    assert not judged("marketing", "IN", who=who, by=active(rule)).allowed
    no = Consent(opted_out=False, departed_on=LEFT, declined={"marketing": SAID})
    refused = judged("marketing", country, no, who=who, by=active(rule))
    assert (refused.allowed, refused.words) == (False, "said no on 2 March 2026")


def test_a_rule_for_people_is_not_for_companies() -> None:
    soft = active("alumni_uk_soft_opt_in")
    assert not judged("marketing", "GB", who="business", by=soft).allowed


def test_two_years_may_count_from_the_last_purchase() -> None:
    by = active("alumni_canada_purchase")
    bought = Consent(opted_out=False, purchased_on=date(2025, 1, 31))
    assert judged("marketing", "CA", bought, by=by).until == date(2027, 1, 31)
    assert not judged("marketing", "CA", Consent(opted_out=False, departed_on=LEFT), by=by).allowed


def test_of_two_permissions_the_one_that_lasts_longer_counts() -> None:
    by = active("alumni_canada_business")
    verdict = judged("marketing", "CA", YES, by=by)
    assert (verdict.basis, verdict.until) == ("existing_business", date(2028, 4, 30))


def test_a_yes_is_a_yes_to_what_was_asked() -> None:
    survey = Consent(opted_out=False, agreed={"survey": None})
    assert not judged("marketing", "DE", survey).allowed
    assert judged("survey", "DE", survey).allowed


def test_what_the_record_says_of_its_end_is_not_made_longer() -> None:
    held = Consent(opted_out=False, agreed={"marketing": SAID}, until=date(2026, 12, 31))
    assert judged("marketing", "GB", held).until == date(2026, 12, 31)


def test_a_mapping_lays_its_own_rules_over_these() -> None:
    own = rules("""
consent:
  rules:
    survey_germany: off
    survey_us: {basis: consent, words: our counsel wants a yes}
    alumni_yes: {months: 12}
    nobody_in_france: {scope: service, basis: none, countries: [France], words: not there}
""")
    assert judged("survey", "DE", by=own).rule == "survey_eu"
    assert judged("survey", "US", by=own).words == "our counsel wants a yes"
    assert judged("marketing", "GB", YES, by=own).until == date(2027, 3, 2)
    assert not judged("service", "FR", by=own).allowed
    none = Permission()
    assert judged("survey", "GB", by=none).words == "no rule of the mapping allows it"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: {alumni_yez: off}", 'there is no rule "alumni_yez" to take out; did you mean'),
        ("rules: {alumni_yes: {months: off}}", "nobody is an alumnus for ever; add months: 24"),
        ("rules: {survey_us: {countries: [Utopia]}}", '"Utopia" is no country and no group'),
        ("groups: {EU: [XX]}", '"XX" is no code of a country'),
        ("rules: {alumni_canada_purchase: {active: true}}", "name customer.last_purchase"),
        ("rules: {survey_us: {months: 3, since: said}}", "nobody has said anything here"),
        ("rules: {survey_us: {scop: service}}", "unknown key; did you mean"),
        ("consumers: {reason: prise}", 'there is no reason "prise"; did you mean "price"?'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(MappingError) as caught:
        load_text(f"consent:\n  {text}", crm="hubspot", name="hubspot.yaml")
    (finding,) = caught.value.findings
    assert words in str(finding)
    assert str(finding).startswith("hubspot.yaml:2: consent.")


@pytest.mark.parametrize("scope", ["survey", "service", "marketing"])
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    ("out", "words"),
    [(True, "opted out of mail"), (None, "nobody could say whether they opted out")],
)
def test_an_opt_out_wins_and_no_answer_means_no(
    scope: Scope, country: str | None, out: bool | None, words: str
) -> None:
    consent = Consent(opted_out=out, agreed={"survey": None, "marketing": SAID})
    everything = active(*(name for name, rule in rules().rules.items() if not rule.active))
    verdict = judged(scope, country, consent, by=everything)
    assert not verdict.allowed
    assert verdict.words == words
    assert verdict.basis == "none"
    assert not verdict.call_instead
