"""The three-way comparison of one record: what we want, what we last left there, what is there.

Written is only where the CRM still holds what we last left; a person's edit is final. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from integrations.contract import Value

#: ``keep`` what a person wrote after us; ``if_empty`` also what was there before us.
Policy = Literal["keep", "if_empty", "overwrite"]
Same = Callable[[str, Value, Value], bool]

EDITED = "a person changed it"
OCCUPIED = "there was a value already"


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """What to do with each field that should change."""

    write: Mapping[str, Value] = field(default_factory=dict)
    #: Already as wanted.
    there: Mapping[str, Value] = field(default_factory=dict)
    #: Left alone, and why.
    kept: Mapping[str, str] = field(default_factory=dict)


def reconcile(
    changes: Mapping[str, Value],
    *,
    current: Mapping[str, Value],
    base: Mapping[str, Value],
    policy: Callable[[str], Policy],
    same: Same,
) -> Reconciled:
    """Sort the changes. ``base`` has a field only if we have left a value there before."""
    write: dict[str, Value] = {}
    there: dict[str, Value] = {}
    kept: dict[str, str] = {}
    for name, wanted in changes.items():
        now = current.get(name)
        if same(name, now, wanted):
            there[name] = now
        elif policy(name) == "overwrite":
            write[name] = wanted
        elif name in base:
            if same(name, now, base[name]):
                write[name] = wanted
            else:
                kept[name] = EDITED
        elif same(name, wanted, None):
            there[name] = now
        elif policy(name) == "if_empty" and not same(name, now, None):
            kept[name] = OCCUPIED
        else:
            write[name] = wanted
    return Reconciled(write=write, there=there, kept=kept)
