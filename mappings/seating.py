"""Whether the roles of a mapping find somebody among those who work there. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mappings.countries import alpha2
from mappings.document import Path
from mappings.findings import Finding, did_you_mean
from mappings.loaded import Loaded
from mappings.org import Org
from mappings.programme import Role, Seat
from mappings.seats import Directory, chain, spelled


@dataclass(kw_only=True)
class Seating:
    """Holds the roles of one mapping against the people of one org."""

    loaded: Loaded
    org: Org

    def __post_init__(self) -> None:
        self.directory = Directory.of(self.org.owners)

    def seats(self) -> Iterator[Finding]:
        """Users and queues that are not there, and tasks that nobody takes."""
        programme, directory = self.loaded.programme, self.directory
        unseated: list[str] = []
        for name, role in programme.roles.items():
            for path, seat in _seats(("roles", name), role):
                owner = directory.find(seat, {})
                if owner is None and not self.loaded.spot(path).own:
                    unseated.append(spelled(seat))
                elif owner is None:
                    kind = "queue" if seat.queue else "user"
                    words = f'there is no {kind} "{seat.queue or seat.user}"'
                    known = [owner.name for owner in directory.queues.values()]
                    known = sorted(known if seat.queue else directory.users)
                    mend = did_you_mean(seat.queue or seat.user or "", known, listing=False)
                    mend = mend or f"; create it, or name another {kind}, a field or a role"
                    yield self.loaded.judged(path, words + mend)
                elif not owner.active:
                    words = f"{spelled(seat)} is inactive; the next in line takes the tasks"
                    yield self.loaded.judged(path, words, severity="warning", default="warning")
        if unseated:
            words = f"there is no {', '.join(unseated)}; the next in line takes the tasks"
            yield self.loaded.judged(("roles",), words, severity="hint")
        used = {step.role for book in programme.books.values() for step in book.steps.values()}
        for name in programme.roles:
            if name in used and not any(self.taken(seat) for _, seat in chain(name, programme)):
                words = "nobody takes these tasks; name a user, a queue, a field or another role"
                yield self.loaded.judged(("roles", name), words, default="warning")

    def taken(self, seat: Seat) -> bool:
        """Whether a seat is, or may be, somebody's."""
        if seat.owner_field:
            watched = (watch.object for watch in self.loaded.programme.watch)
            schemas = (self.org.schemas.get(name) for name in watched)
            return any(schema and seat.owner_field in schema.fields for schema in schemas)
        owner = self.directory.find(seat, {})
        return owner is not None and owner.active

    def owners(self) -> Iterator[Finding]:
        """Their working days count, as far as it is known where they work."""
        time = self.loaded.programme.time
        for email in time.owners:
            if email.casefold() not in self.directory.users:
                words = f"nobody has this address{did_you_mean(email, [*self.directory.users])}"
                yield self.loaded.judged(("time", "owners", email), words, default="warning")
        people = [one for one in self.org.owners if one.active and not one.queue]
        lost = [
            one.name
            for one in people
            if not (time.country_of(one.email) or alpha2(one.country) or one.zone)
        ]
        if time.of == "owner" and lost:
            named = ", ".join(sorted(lost)[:3]) + (" and others" if len(lost) > 3 else "")
            words = f"nobody knows where these work: {named}; the days of their customers count"
            mend = "write their countries under time.owners"
            yield self.loaded.judged(("time", "of"), f"{words}; {mend}", severity="warning")


def _seats(path: Path, role: Role) -> Iterator[tuple[Path, Seat]]:
    """The users and queues that a role names, and where."""
    named = len(role.seats) - len(role.otherwise)
    for index, seat in enumerate(role.seats):
        within: Path = path if index < named else (*path, "else", index - named)
        if seat.user or seat.queue:
            yield (*within, "user" if seat.user else "queue"), seat
