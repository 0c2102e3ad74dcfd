"""What a CRM has of everything that a mapping relies on, as it was read last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from integrations.contract import Identity, Owner, Ref, Roster, Schema
from mappings.fitting import Remembered


@dataclass(frozen=True, kw_only=True, slots=True)
class Org:
    """What a check looks at, read from the CRM beforehand."""

    identity: Identity
    #: Those of :func:`mappings.needs.watched`, of the people, and of our tasks and notes.
    schemas: Mapping[str, Schema]
    owners: Collection[Owner]
    #: The lists or campaigns that are there: name -> id.
    segments: Mapping[str, str]
    #: The lists that ``exclude`` names, and who is on them: customers, or people.
    rosters: Mapping[str, Roster] = field(default_factory=dict)
    excluded: Mapping[str, frozenset[Ref]] = field(default_factory=dict)
    #: What our user may not do, by the CRM's names for it.
    lacking: tuple[str, ...] = ()
    #: What the fields that the mapping names were like when they were there last.
    remembered: Remembered = field(default_factory=dict)
