"""How a connection is called in front of people, and how things are counted for them.

A connection goes by its name and the kind of its org. Production or a place for trying things is
said wherever one is spoken of. Who has just signed in knows it; for all others it is what the store
has known since then. Nothing is asked of the CRM for it.
"""

from __future__ import annotations

from sync.store.connections import Standing


def kind(standing: Standing | None) -> str | None:
    """``production``, ``sandbox``, or what else the CRM calls it; None before it signed in."""
    return (standing.kind or None) if standing else None


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 case``, ``2 cases``; ``many`` where an s does not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def called(name: str, kind: str | None) -> str:
    """``acme (production)``; the name alone where nothing is known yet."""
    return f"{name} ({kind})" if kind else name
