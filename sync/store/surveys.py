"""Invitations to the survey and to pages, and what people wrote. The words are erasable rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, bindparam, select, update

from sync.store.rows import chunks, upsert
from sync.store.tables import cases, invitations, words

_CASES = (
    select(invitations.c.person, invitations.c.case)
    .join(cases, cases.c.key == invitations.c.case)
    .where(
        cases.c.connection == bindparam("owner"),
        invitations.c.person.in_(bindparam("people", expanding=True)),
    )
    .order_by(invitations.c.key)
)
_WORDS = select(words).where(words.c.case.in_(bindparam("cases", expanding=True)))


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One person's place in the survey of one case. ``link`` is the hash of the link's token."""

    key: str
    case: str
    person: str
    link: str
    made_at: datetime
    expires_at: datetime
    answered_at: datetime | None = None


class Surveys:
    """The tables of invitations and words."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def invite(self, made: Iterable[Invitation]) -> None:
        """Keep invitations that are not there yet."""
        upsert(self._db, invitations, (_columns(one) for one in made), keep=True)

    def by_link(self, link: str) -> Invitation | None:
        """The invitation of a link's hash."""
        row = self._db.execute(select(invitations).where(invitations.c.link == link))
        found = row.mappings().first()
        return Invitation(**found) if found else None

    def answered(self, key: str, at: datetime) -> None:
        """Somebody has answered."""
        self._db.execute(update(invitations).where(invitations.c.key == key).values(answered_at=at))

    def cases_of(self, owner: str, people: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The cases of a connection in which these people were invited: person -> cases."""
        found: dict[str, tuple[str, ...]] = {}
        for some in chunks(people):
            for person, case in self._db.execute(_CASES, {"owner": owner, "people": some}):
                if case not in found.get(person, ()):
                    found[person] = (*found.get(person, ()), case)
        return found

    def keep_words(self, case: str, texts: Mapping[str, str]) -> dict[str, str]:
        """Keep what somebody wrote, by question; returns the ids, by question."""
        made = {name: token_hex(16) for name in texts}
        upsert(
            self._db,
            words,
            ({"id": made[name], "case": case, "text": text} for name, text in texts.items()),
        )
        return made

    def words_of(self, cases: Iterable[str]) -> dict[str, dict[str, str]]:
        """What was written in these cases: case -> id -> text."""
        found: dict[str, dict[str, str]] = {}
        for some in chunks(cases):
            for row in self._db.execute(_WORDS, {"cases": some}):
                found.setdefault(row.case, {})[row.id] = row.text
        return found


def _columns(one: Invitation) -> dict[str, object]:
    return {name: getattr(one, name) for name in Invitation.__dataclass_fields__}
