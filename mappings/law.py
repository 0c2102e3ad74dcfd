"""The page ``docs/consent.md``, written from the rules: ``python -m mappings.law``."""

from __future__ import annotations

import sys
from typing import Final

from mappings.consent import Permission, Rule, Scope
from mappings.loader import crms, load_text

_TITLES: Final[dict[Scope, str]] = {
    "survey": "The survey about the goodbye",
    "service": "What has to be said about the goodbye itself",
    "marketing": "News for alumni",
}
_BASES: Final = {
    "consent": "a yes",
    "soft_opt_in": "the sale",
    "existing_business": "former business",
    "legitimate_interest": "nothing more",
    "none": "nothing allows it",
}
_SINCE: Final = {"departed": "the last day", "said": "the yes", "purchase": "the last purchase"}

_HEAD = """\
# Who may be written to

<!-- Written by `python -m mappings.law`; change the rules or that module, not this page. -->

**This is not legal advice.** These are the rules that Aurevoir keeps where you say nothing else,
with their sources, so that your own counsel can read and change them. They are data
(`mappings/defaults/consent.yaml`); `explain` names the rule behind every step that is withheld.

## What always holds

- An opt-out at the CRM wins over everything, whichever rule there is.
- "Do not ask me again" on the survey's page stops every mail of ours, until a newer yes; what has
  to be said to them all the same is a task for a person.
- The newest word wins, wherever it was said: on the page, in whichever departure, or by somebody
  who ticks or unticks *Stay in touch* on the person in the CRM.
- Both are read again in the step before a send. No answer means no.
- A rule that needs something we do not know is not met. Where no rule allows it, nothing is sent.
- A permission ends. *May contact until* on the person is its last day: the person leaves the
  segment with it, *Stay in touch* is unticked, and what waited to be sent is not sent any more.
- *Contact basis* and *May contact until* are written for those who said something, and for alumni.
  Of the many who never answer nothing is written at all.

## Which rule counts

A rule that names the country goes before one for a group of countries, and that before one for
everywhere else. A yes counts beside them, for as long as the nearest rule of the basis `consent`
says. Where several are met, the one that lasts longest does. The country is the customer's;
`unknown` stands for one that nobody knows. Private persons are customers that are watched on the
people's own object, those of whom `customer.private_person` says so, and those that meet
`consent.consumers`.
"""

_TAIL = """\
## Your own rules

Rules merge by their names with the built-in ones. Those that say *off* above are what the law may
allow beside a yes: switch one on only where you meet what it needs, in every mail.

```yaml
# %(crm)s.yaml
consent:
  consumers: {plan: [personal, family]}
  rules:
    alumni_uk_soft_opt_in: {active: true}
    alumni_yes: {months: 12}
    survey_austria:
      scope: survey
      countries: [AT]
      basis: consent
      words: "Austria: our counsel wants a yes before a survey"
```

[The reference](mapping.md#consent) has every key. Rules are live: a change counts for open
cases, too. A rule that counts from a purchase needs `customer.last_purchase`.

Who is asked, and how often: [the survey](survey.md#who-is-asked-and-how-often).
"""


def page() -> str:
    """The whole page."""
    crm = crms()[0]
    rules = load_text("", crm=crm).programme.consent
    tables = (part for scope in _TITLES for part in _table(scope, rules))
    return "\n".join([_HEAD, *tables, _groups(rules), _TAIL % {"crm": crm}])


def _table(scope: Scope, rules: Permission) -> list[str]:
    lines = [
        "| Rule | Where | Who | Needs | Until | Why | What you see to | Source |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_line(name, rule) for name, rule in rules.rules.items() if rule.scope == scope]
    return [f"## {_TITLES[scope]}\n", *lines, ""]


def _line(name: str, rule: Rule) -> str:
    until = f"{rule.months} months after {_SINCE[rule.since]}" if rule.months else "no end"
    cells = (
        f"`{name}`" if rule.active else f"`{name}` (off)",
        ", ".join(rule.countries) or "everywhere else",
        {"business": "organisations", "consumer": "private persons", None: "both"}[rule.who],
        _BASES[rule.basis],
        until,
        rule.words,
        rule.needs,
        rule.source,
    )
    return f"| {' | '.join(cells)} |"


def _groups(rules: Permission) -> str:
    lines = [f"- {name}: {', '.join(members)}" for name, members in rules.groups.items()]
    return "\n".join(["Groups of countries:\n", *lines, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
