"""Something that was asked for and is not there: an item of its own for each departure. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.clip import clip
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
Do: find out whether others miss it too, and note here: planned, or not, and why. When it ships, \
tell them if they said that we may.
Avoid: reading more into it than they said.
Why: they left for want of it, and will hear of it one day, from you or from somebody else.

{words}"""


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
        text=_TEXT.format(words=found.words),
        at=found.at,
    )
    draft.want(FEATURE, item)
    return role
