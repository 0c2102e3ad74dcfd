"""Invents the people at customers. The same seed and customer give the same people."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from faker import Faker

from integrations.sandbox.seed import Person

#: Where names come from, and the language people write in, by country.
LOCALES: Final = {
    "AU": "en_AU",
    "CA": "en_CA",
    "DE": "de_DE",
    "FR": "fr_FR",
    "GB": "en_GB",
    "IN": "en_IN",
    "US": "en_US",
}
#: The first of a customer's people holds the first title, and so on.
TITLES: Final = (
    "Head of Operations",
    "IT Administrator",
    "Finance Manager",
    "Team Lead",
    "Managing Director",
)


class People:
    """Makes people, customer by customer."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        self._fakers: dict[str, Faker] = {}

    def some(self, ref: str, at_most: int) -> int:
        """A number from 1 to ``at_most`` for this customer."""
        return self._faker(ref, None).random_int(1, at_most)

    def at(
        self, ref: str, domain: str, country: str | None, count: int, *, opted_out: int = 0
    ) -> tuple[Person, ...]:
        """The people of the customer ``ref``; the last ``opted_out`` want no e-mail."""
        faker = self._faker(ref, country)
        language = LOCALES.get(country or "", "en_US")[:2]
        people: list[Person] = []
        taken: set[str] = set()
        while len(people) < count:
            first, last = faker.first_name(), faker.last_name()
            email = f"{_ascii(first)}.{_ascii(last)}@{domain}"
            if email in taken:
                continue
            taken.add(email)
            people.append(
                Person(
                    first=first,
                    last=last,
                    email=email,
                    title=TITLES[len(people) % len(TITLES)],
                    opted_out=len(people) >= count - opted_out,
                    language=language,
                )
            )
        return tuple(people)

    def _faker(self, ref: str, country: str | None) -> Faker:
        locale = LOCALES.get(country or "", "en_US")
        faker = self._fakers.get(locale) or self._fakers.setdefault(locale, Faker(locale))
        faker.seed_instance(f"{self._seed}:{ref}")
        return faker


def domain(name: str) -> str:
    """A domain for a company, under ``.example``, which nobody can own (RFC 2606)."""
    return f"{_ascii(name)}.example"


def _ascii(text: str) -> str:
    """Lower-case letters, digits and single hyphens."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "x"
