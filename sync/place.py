"""How a connection is called in front of people: by its name, and by the kind of its org.

Production or a place for trying things is said wherever a connection is spoken of. Who has just
signed in knows it; for all others it is what the store has known since then. Nothing is asked of
the CRM for it.
"""

from __future__ import annotations

from sync.store.connections import Standing


def kind(standing: Standing | None) -> str | None:
    """``production``, ``sandbox``, or what else the CRM calls it; None before it signed in."""
    return (standing.kind or None) if standing else None


def called(name: str, kind: str | None) -> str:
    """``acme (production)``; the name alone where nothing is known yet."""
    return f"{name} ({kind})" if kind else name
