"""Something that was asked for and is not there: an item of its own for each departure. Pure.

Whoever has the item writes the feature's name behind its last line once it is there, and completes
it: that is how people in the CRM say that it has shipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.clip import clip
from mappings.texts import LONGEST
from sync.draft import Draft
from sync.model import Case
from sync.tasks import errand
from sync.verbatim import FEATURE, quotes
from sync.world import World

#: Whose words say best what is missing: those about the feature, then what would have changed it.
_BEST: Final = (FEATURE, "exit_what_if", "exit_words", "other")
#: Of the words, in the subject.
_SHORT: Final = 140
_TEXT: Final = """\
Do: find out whether others miss it too, and note here: planned, or not, and why. Once it is \
there, write what they would call it behind "Shipped" below, a name and no more (SSO), and \
complete this: a person will tell whoever asked for it and said that we may write. If it will \
never be there, complete this with nothing behind it.
Avoid: reading more into it than they said.
Why: they left for want of it, and will hear of it one day, from you or from somebody else.

{words}

{line}"""
LINE: Final = "Shipped:"
_LINE: Final = re.compile(r"^[ \t]*shipped:", re.IGNORECASE | re.MULTILINE)
#: What people begin with who say that it is not there, or not yet.
_NO: Final = frozenset({
    "no", "not", "never", "none", "nothing", "nein", "nicht", "non", "n/a", "na", "planned",
    "later", "soon", "maybe", "tbd", "unknown",
})  # fmt: skip
#: What people write who name nothing; they are right all the same.
_YES: Final = frozenset({"yes", "done", "ja", "oui", "si", "sí", "x", "ok"})
#: What is it called, where nobody has named it.
IT: Final = "it"
#: Characters of a name.
_NAME: Final = 80
#: Room that is left for the rest of the text.
_ROOM: Final = LONGEST - 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a customer missed, in their words."""

    #: One line.
    title: str
    #: Everything that was said, with who said it.
    words: str
    at: datetime


def asked(case: Case, world: World) -> Asked | None:
    """What was missing; a reason without words names nothing, and is no item."""
    said = quotes(case, world)
    if "product_gap" not in named(case) and all(quote.about != FEATURE for quote in said):
        return None
    best = sorted(
        (quote for quote in said if quote.about in _BEST),
        key=lambda quote: (_BEST.index(quote.about), quote.at),
    )
    if not best:
        return None
    return Asked(
        title=clip(" ".join(best[0].text.split()), _SHORT),
        words="\n\n".join(quote.shown for quote in said),
        at=min(quote.at for quote in best),
    )


def named(case: Case) -> frozenset[str]:
    """Every reason that somebody has named, the lesser ones too."""
    found = {answer.codes["reason"] for answer in case.answers.values() if "reason" in answer.codes}
    for key in ("reason_csm", "reasons_other"):
        if (said := case.said.get(key)) and said.value:
            found |= set(said.value.split(";"))
    return frozenset(found)


def shipped(body: str, ours: str = "") -> str | None:
    """The name that somebody has written behind the last such line, if any; or ``it``.

    ``ours``: the text as we wrote it; what stood there already is a customer's, and no name.
    """
    name = next(reversed([*_named(body)]), None)
    return None if name in {*_named(ours)} else name


def _named(body: str) -> Iterator[str | None]:
    """What each such line names; nothing where it says no, or nothing."""
    for line in _LINE.finditer(body):
        behind = body[line.end() :].strip().splitlines()
        words = behind[0].strip(" .!;,\"'“”").split() if behind else []
        first = words[0].strip(".,;:!").casefold() if words else ""
        if first in _NO or not any(sign.isalnum() for sign in "".join(words)):
            yield None
        else:
            yield IT if first in _YES else clip(" ".join(words), _NAME)


def wished(case: Case) -> bool:
    """Whether something was missing, by what somebody has chosen or been asked."""
    return "product_gap" in named(case) or any(FEATURE in a.words for a in case.answers.values())


def wishers(case: Case) -> list[str] | None:
    """The people who said so themselves; None: one of us said it of the customer."""
    people = sorted(
        person
        for person, answer in case.answers.items()
        if answer.codes.get("reason") == "product_gap" or FEATURE in answer.words
    )
    return people or None


def feature(draft: Draft) -> str | None:
    """Want the item; returns whose it is, or None."""
    programme = draft.world.rules.programme
    role = programme.feedback.features
    found = asked(draft.case, draft.world)
    if role is None or role not in programme.roles or found is None:
        return None
    item = errand(
        draft.world,
        draft.case.ref,
        role,
        step=FEATURE,
        title=f"Feature asked for: {found.title} ({draft.world.customer.name})",
        text=_TEXT.format(words=clip(found.words, _ROOM), line=LINE),
        at=found.at,
    )
    draft.want(FEATURE, item)
    return role
