"""An org or portal: which one it is, who works there, what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Which org or portal the credentials lead to."""

    org: str
    name: str
    #: Whatever is not ``production`` is shown as a place for trying things.
    kind: str
    zone: str
    currency: str | None = None
    language: str | None = None
    #: The version of the API that we speak with it.
    version: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """A person or a queue that a task can belong to."""

    id: str
    name: str
    email: str | None = None
    active: bool = True
    queue: bool = False
    #: Where they work, in the CRM's words, and their time zone; None: it does not say.
    country: str | None = None
    zone: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """A list or campaign that people keep, or that fills itself; we only read who is on it."""

    id: str
    #: What is on it; empty where it is something that nobody has asked for.
    object: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOut:
    """What the CRM says about mail to a person. Absent from the answer means: it did not say."""

    out: bool
    #: Where the CRM has it from: "unsubscribed from all e-mail".
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Calls of today and what the CRM allows, where it says so."""

    used: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None
