"""Who takes a role's tasks: the first of its seats that is somebody active."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from integrations.contract import Owner
from mappings.programme import DEPARTMENTS, Department, Programme, Seat


@dataclass(frozen=True, kw_only=True, slots=True)
class Assigned:
    """The owner of a role's tasks for one customer."""

    #: None: nobody could be found; ``words`` says where was looked.
    owner: str | None
    #: The role whose seat it is, where that is another.
    via: str | None = None
    #: Where the task is to be passed on to.
    mail: str | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Directory:
    """The owners of an org, for looking up."""

    by_id: Mapping[str, Owner]
    users: Mapping[str, Owner]
    queues: Mapping[str, Owner]

    @classmethod
    def of(cls, owners: Iterable[Owner]) -> Directory:
        """Of two with one name, the active one counts."""
        known = sorted(owners, key=lambda owner: owner.active)
        return cls(
            by_id={owner.id: owner for owner in known},
            users={owner.email.casefold(): owner for owner in known if owner.email},
            queues={owner.name.casefold(): owner for owner in known if owner.queue},
        )

    def find(self, seat: Seat, holders: Mapping[str, str]) -> Owner | None:
        """The owner in a seat; ``holders`` are a customer's owners by the CRM's field."""
        if seat.user:
            return self.users.get(seat.user.casefold())
        if seat.queue:
            return self.queues.get(seat.queue.casefold())
        return self.by_id.get(holders.get(seat.owner_field or "", ""))


def assign(
    role: str, programme: Programme, directory: Directory, holders: Mapping[str, str]
) -> Assigned:
    """Who takes the tasks of ``role`` for a customer whose fields hold these owners."""
    tried: list[str] = []
    for name, seat in chain(role, programme):
        owner = directory.find(seat, holders)
        if owner and owner.active:
            no_seat = programme.roles[role].no_seat
            return Assigned(
                owner=owner.id,
                via=name if name != role else None,
                mail=no_seat.mail if no_seat and name != role else None,
                words="; ".join(tried),
            )
        tried.append(f"{spelled(seat)}: {f'{owner.name} is inactive' if owner else 'nobody'}")
    return Assigned(owner=None, words="; ".join(tried))


def chain(
    role: str, programme: Programme, seen: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Seat]]:
    """The seats of a role in the order they are tried, other roles' opened up."""
    if role in seen or role not in programme.roles:
        return
    entry, seen = programme.roles[role], seen | {role}
    for seat in entry.seats:
        if seat.role:
            yield from chain(seat.role, programme, seen)
        else:
            yield role, seat
    if entry.no_seat:
        yield from chain(entry.no_seat.via, programme, seen)


def spelled(seat: Seat) -> str:
    """A seat in words."""
    kinds = {"user": seat.user, "queue": seat.queue, "owner_field": seat.owner_field}
    return next(f'{kind} "{name}"' for kind, name in kinds.items() if name)


def department(role: str, programme: Programme) -> Department:
    """The department that a role belongs to."""
    entry = programme.roles.get(role)
    if entry and entry.department:
        return entry.department
    # A case keeps its playbook; a role of the admin's own may have left the mapping since.
    return next((one for one in DEPARTMENTS if one == role), "customer_success")
