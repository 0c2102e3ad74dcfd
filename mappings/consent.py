"""Who may be written to, why, and until when. Rules as data; not legal advice.

Sources: UK PECR reg. 22 and the ICO on research; German UWG § 7 and BGH VI ZR 225/17 (a survey by
e-mail is advertising); Canada's CASL; US CAN-SPAM; GDPR art. 6(1)(f) and 21. Where a rule needs
something that we do not know, the answer is no. An opt-out always wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from mappings.texts import shown

#: A survey about the goodbye; news for alumni.
Scope = Literal["survey", "marketing"]
#: The choices of the field ``contact_basis``.
Basis = Literal["consent", "soft_opt_in", "existing_business", "legitimate_interest", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What we know of one person's will."""

    #: Opted out of all mail, at the CRM or with us; None: nobody could say.
    opted_out: bool | None
    #: What they said yes to.
    agreed: frozenset[Scope] = frozenset()
    #: The last day of the business that we did with them.
    departed_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether a person may be written to."""

    allowed: bool
    #: Why, or why not: a sentence for people.
    words: str
    basis: Basis = "none"
    #: The last day; None: no limit.
    until: date | None = None
    #: No mail, but nothing speaks against a call.
    call_instead: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What a scope needs in a group of countries, beside nobody having opted out."""

    #: ``consent``: a yes; ``existing_business``: for some years after it;
    #: ``legitimate_interest``: nothing more.
    needs: Basis
    words: str
    years: int = 0


_MAY_ASK = Rule(needs="legitimate_interest", words="a survey about the goodbye is no advertising")

#: Where a survey needs more than nobody having said no.
_SURVEY: Final[Mapping[str | None, Rule]] = {
    "DE": Rule(needs="consent", words="Germany: a survey by mail needs consent"),
    "CA": Rule(
        needs="existing_business",
        words="Canada: former business allows mail for two years",
        years=2,
    ),
    None: Rule(
        needs="consent",
        words="the country is not known, and some need consent for a survey by mail",
    ),
}
#: The same everywhere, stricter than most laws: the segments are for people who said yes.
_MARKETING = Rule(needs="consent", words="only people who said yes hear from us as alumni")


def may(scope: Scope, *, country: str | None, consent: Consent, today: date) -> Verdict:
    """Whether somebody in a country (alpha-2) may be written to today."""
    if consent.opted_out is None:
        return Verdict(allowed=False, words="nobody could say whether they opted out")
    if consent.opted_out:
        return Verdict(allowed=False, words="opted out of mail")
    if scope in consent.agreed:
        return Verdict(allowed=True, words="said yes", basis="consent")
    rule = _SURVEY.get(country, _MAY_ASK) if scope == "survey" else _MARKETING
    until = _years_after(consent.departed_on, rule.years) if rule.years else None
    if rule.needs == "consent":
        call = scope == "survey"
        return Verdict(allowed=False, words=rule.words, call_instead=call)
    if until and today > until:
        words = f"{rule.words}, which ended on {shown(until)}"
        return Verdict(allowed=False, words=words, until=until, call_instead=True)
    return Verdict(allowed=True, words=rule.words, basis=rule.needs, until=until)


def _years_after(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
