"""A place in the survey, or on a page, for everybody whose link stands in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from integrations.contract import Mail, Task
from sync.connection import Connection
from sync.invite import SURVEY
from sync.letters import CHECK, PAGE
from sync.links import marked, purpose
from sync.model import Want, write_key
from sync.outbox import Entry
from sync.store.surveys import Invitation

#: Links in letters, which people keep, and how long these lead somewhere.
LASTING: Final = (PAGE, CHECK)
LASTS: Final = timedelta(days=400)


def invitations(
    connection: Connection,
    case: str,
    wants: Iterable[Want],
    entries: Mapping[str, Entry],
    now: datetime,
) -> Iterator[Invitation]:
    """Those that the ledger's ``entries`` of the case do not know yet."""
    for want in wants:
        yield from _enclosed(connection, case, want, entries.get(want.key), now)
        if want.step != SURVEY:
            continue
        person = want.key.split(":")[2]
        # A task to ask them that comes again brings the same link.
        key = write_key(case, SURVEY, person)
        if key not in entries:
            yield Invitation(
                key=key,
                case=case,
                person=person,
                link=connection.links.hash(key),
                made_at=now,
                expires_at=want.not_after or now + connection.programme.survey.send.until.plain,
            )


def _enclosed(
    connection: Connection, case: str, want: Want, before: Entry | None, now: datetime
) -> Iterator[Invitation]:
    """The links that stand in a letter."""
    if not isinstance(want.item, Mail | Task):
        return
    known = marked(before.wanted.get("body")) if before else ()
    for key in marked(want.item.body):
        if purpose(key) in LASTING and key not in known:
            yield Invitation(
                key=key,
                case=case,
                person=key.split(":")[2],
                link=connection.links.hash(key),
                made_at=now,
                expires_at=now + LASTS,
            )
