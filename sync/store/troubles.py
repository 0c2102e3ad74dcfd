"""What is wrong with a database, said so that whoever runs the service can mend it."""

from __future__ import annotations

from typing import Final

from sync.store.database import DatabaseError

#: What a database says, in lower case -> what to do. The first that fits counts.
_MENDS: Final = (
    ("readonly database", "see that the user who runs aurevoir may write to the data folder"),
    ("unable to open", "see that the user who runs aurevoir may write to the data folder"),
    ("is full", "make room on the disk of the data folder"),
    (
        "disk i/o error",
        "see that there is room on the disk of the data folder, and that it is well",
    ),
    ("not a database", "stop the service, and put the newest backup back"),
    ("malformed", "stop the service, and put the newest backup back"),
    ("locked", "another program holds it; end that one, or try again in a moment"),
    ("no such table", "stop the service, and put the newest backup back"),
    ("password authentication", "mend user or password of `store` in aurevoir.yaml"),
    ("does not exist", "mend the address of `store` in aurevoir.yaml"),
    ("connection", "see that the database runs, and is at the address of `store`"),
    ("server", "see that the database runs, and is at the address of `store`"),
)


def told(problem: DatabaseError) -> str:
    """One sentence; no values, which a database may quote in further lines."""
    said = str(getattr(problem, "orig", None) or problem).strip().splitlines() or [
        "no reason given"
    ]
    mend = next((what for part, what in _MENDS if part in said[0].lower()), "")
    return f"the store cannot be used: {said[0]}" + (f"; {mend}" if mend else "")
