"""Who may be written to, why, and until when. The rules are data; not legal advice.

They stand in ``defaults/consent.yaml``, with their sources, and ``consent`` of a mapping file is
laid over them. Where a rule needs something that we do not know, the answer is no. An opt-out
always wins, and a no wins over everything but a newer yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from mappings.countries import alpha2
from mappings.model import Model, Texts
from mappings.playbook import Conditions
from mappings.texts import shown

#: A survey about the goodbye; what has to be said about the goodbye itself; news for alumni.
Scope = Literal["survey", "service", "marketing"]
#: The choices of the field ``contact_basis``.
Basis = Literal["consent", "soft_opt_in", "existing_business", "legitimate_interest", "none"]
#: Somebody at a company, or a private person.
Who = Literal["business", "consumer"]
#: What a permission's time is counted from.
Since = Literal["departed", "said", "purchase"]

#: In a rule's list of countries: the country is not known.
UNKNOWN: Final = "unknown"


def _place(text: str) -> str:
    """A country's code; the name of a group stays as it is."""
    return alpha2(text) or text


class Rule(Model):
    """A permission. The rules that name the country, or else a group it is in, go before those
    for everywhere else; a yes counts wherever a rule of the basis `consent` says for how long."""

    #: What may be sent.
    scope: Scope
    #: What must be there: `consent` is a yes; the others need none, as far as `active` says so.
    basis: Basis
    #: Codes, names, or groups; `unknown`: nobody knows the country. Left out: everywhere else.
    countries: tuple[Annotated[str, AfterValidator(_place)], ...] = ()
    #: Left out: both.
    who: Who | None = None
    #: The permission ends after so many months; needed for marketing.
    months: int | None = Field(None, ge=1, le=120)
    #: The day that they are counted from: `said` is when they said yes.
    since: Since = "said"
    #: `false`: known, and not used. Switch it on once you meet what `needs` says.
    active: bool = True
    #: Why somebody is written to, or not; `explain` repeats it.
    words: str
    #: What you must see to yourself before you rely on it.
    needs: str = ""
    #: Where it comes from.
    source: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Rule:
        if self.scope == "marketing" and self.basis != "none" and self.months is None:
            raise ValueError("nobody is an alumnus for ever; add months: 24")
        if self.since == "said" and self.months and self.basis not in ("consent", "none"):
            raise ValueError("nobody has said anything here; write since: departed, or purchase")
        return self


class Permission(Model):
    """Who may be written to, why, and until when: see [consent](consent.md)."""

    #: Customers that are private people; those watched on the people's own object are anyway.
    consumers: Conditions = Field(default_factory=dict)
    #: Countries that share rules, by a name for them.
    groups: dict[str, Texts] = Field(default_factory=dict)
    #: By a name of your choice; `off` takes one out.
    rules: dict[str, Rule] = Field(default_factory=dict)

    _known: dict[tuple[Scope, str | None, Who], tuple[tuple[str, Rule], ...]] = PrivateAttr(
        default_factory=dict
    )

    def of(self, scope: Scope, country: str | None, who: Who) -> tuple[tuple[str, Rule], ...]:
        """The rules that count for somebody, and their names."""
        known, asked = self._known, (scope, country, who)
        if (found := known.get(asked)) is None:
            found = known[asked] = tuple(self._of(*asked))
        return found

    def _of(self, scope: Scope, country: str | None, who: Who) -> Iterator[tuple[str, Rule]]:
        near = [
            (rank, name, rule)
            for name, rule in self.rules.items()
            if rule.active and rule.scope == scope and rule.who in (None, who)
            for rank in [self._rank(rule, country)]
            if rank is not None
        ]
        first = min((rank for rank, _, _ in near), default=0)
        agreed = min((rank for rank, _, rule in near if rule.basis == "consent"), default=0)
        for rank, name, rule in sorted(near, key=lambda one: one[0]):
            if rank == (agreed if rule.basis == "consent" else first):
                yield name, rule

    def _rank(self, rule: Rule, country: str | None) -> int | None:
        """How closely a rule is about a country; None: not at all."""
        if (country or UNKNOWN) in rule.countries:
            return 0
        groups = (self.groups.get(name, ()) for name in rule.countries)
        if country and any(country in group for group in groups):
            return 1
        return None if rule.countries else 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What we know of one person's will, and of the business with them."""

    #: Opted out of all mail, at the CRM or with us; None: nobody could say.
    opted_out: bool | None
    #: What they said yes to, and on which day; None: it is not known when.
    agreed: Mapping[Scope, date | None] = field(default_factory=dict)
    #: What they said no to, and on which day.
    declined: Mapping[Scope, date] = field(default_factory=dict)
    #: What the record says of the end of a yes that we did not hear ourselves.
    until: date | None = None
    #: The last day of the business that we did with them.
    departed_on: date | None = None
    #: The day of their last purchase.
    purchased_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether a person may be written to."""

    allowed: bool
    #: Why, or why not: a sentence for people.
    words: str
    basis: Basis = "none"
    #: The name of the rule that says so; empty: it was their own word.
    rule: str = ""
    #: The last day; None: no limit.
    until: date | None = None
    #: No mail, but nothing speaks against a call.
    call_instead: bool = False

    @property
    def told(self) -> str:
        """The words, and the rule that they come from."""
        return f"{self.words} (rule {self.rule})" if self.rule else self.words

    def ended(self, scope: Scope) -> Verdict:
        """The same after its last day."""
        how = "which counted until" if self.basis == "consent" else "which ended on"
        words = f"{self.words}, {how} {shown(self.until)}"
        return replace(self, allowed=False, words=words, call_instead=scope != "marketing")


def may(
    scope: Scope,
    *,
    country: str | None,
    who: Who = "business",
    consent: Consent,
    rules: Permission,
    today: date,
) -> Verdict:
    """Whether somebody in a country (alpha-2) may be written to today."""
    if consent.opted_out is None:
        return Verdict(allowed=False, words="nobody could say whether they opted out")
    if consent.opted_out:
        return Verdict(allowed=False, words="opted out of mail")
    if scope in consent.declined:
        words = f"said no on {shown(consent.declined[scope])}"
        return Verdict(allowed=False, words=words)
    found = [_verdict(scope, name, rule, consent) for name, rule in rules.of(scope, country, who)]
    if met := [one for one in found if one.allowed]:
        best = max(met, key=lambda one: (one.until or date.max, one.basis == "consent"))
        over = best.until is not None and today > best.until
        return best.ended(scope) if over else best
    if found:
        return found[0]
    words = "no rule of the mapping allows it"
    return Verdict(allowed=False, words=words, call_instead=scope != "marketing")


def _verdict(scope: Scope, name: str, rule: Rule, consent: Consent) -> Verdict:
    """What one rule says, whatever day it is."""
    no = Verdict(allowed=False, words=rule.words, rule=name, call_instead=scope != "marketing")
    if rule.basis == "none" or (rule.basis == "consent" and scope not in consent.agreed):
        return no
    yes = Verdict(
        allowed=True,
        words="said yes" if rule.basis == "consent" else rule.words,
        basis=rule.basis,
        rule=name,
    )
    held = consent.until if rule.basis == "consent" else None
    if rule.months is None:
        return replace(yes, until=held)
    days = {
        "said": consent.agreed.get(scope),
        "departed": consent.departed_on,
        "purchase": consent.purchased_on,
    }
    if (day := days[rule.since]) is None:
        return replace(no, words=f"{rule.words}; the day it is counted from is not known")
    end = _later(day, rule.months)
    return replace(yes, until=min(end, held) if held else end)


def _later(day: date, months: int) -> date:
    """So many months later; at the end of a shorter month, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("a month has 28 days")
