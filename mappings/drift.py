"""What has changed in a CRM since the mapping fitted: who stands still for it, and where to click.

One thing that is gone stops the users of it, and no one else. What stops everything is little: the
watched stage, and the names and addresses without which nobody can be told from another.
"""

from __future__ import annotations

from collections.abc import Mapping

from integrations.contract import NOTE, TASK, Trouble, Value, place
from mappings.check import Judge
from mappings.findings import Finding
from mappings.fitting import Remembered, misfits
from mappings.loaded import Loaded
from mappings.needs import Need, needs
from mappings.org import Org
from mappings.rows import Kind
from mappings.translate import Placed, placed

_KINDS: Mapping[str, Kind] = {TASK: "task", NOTE: "note"}


def vital(loaded: Loaded, org: Org, *, public_url: str | None = None) -> tuple[Finding, ...]:
    """What is not there and nothing can work without."""
    found = Judge(loaded=loaded, org=org).vital(public_url)
    return tuple(finding for finding in found if finding.severity == "error")


def told(loaded: Loaded, org: Org) -> tuple[str, ...]:
    """What needs something that is gone waits, others go on: a sentence each, and where to click.

    A default that was there is told as well; one that never was is nobody's loss. The keys of tasks
    and notes come first, as most waits for them.
    """
    judge = Judge(loaded=loaded, org=org, running=True)
    keys = [need for need in judge.needs if need.placed and need.placed.row.unique]
    found = (*judge.fields(keys), *judge.live())
    errors = [finding for finding in found if finding.severity == "error"]
    absent = [judge.absent(need) for need in judge.needs if _lost(judge, need)]
    return tuple(dict.fromkeys(finding.told for finding in (*errors, *absent)))


def _lost(judge: Judge, need: Need) -> bool:
    there = need.object in judge.org.schemas
    remembered = (need.object, need.field) in judge.org.remembered
    return there and remembered and not need.ours and judge.field(need) is None


def noted(loaded: Loaded, org: Org) -> tuple[str, ...]:
    """What everything works without, if less safely: a sentence each."""
    judge = Judge(loaded=loaded, org=org)
    keys = {(need.object, need.field) for need in judge.needs if judge.is_repeatable(need)}
    return tuple(
        f"{object} keys are not unique in {name}: they are looked up before anything is repeated"
        for object, name in sorted(keys)
    )


def remember(loaded: Loaded, org: Org) -> Remembered:
    """What the fields that the mapping names are like, or were when they were there last."""
    judge = Judge(loaded=loaded, org=org)
    known = dict(org.remembered)
    for need in judge.needs:
        if field := judge.known(need.object, need.field):
            known[need.object, need.field] = (field.label, field.type.value)
    return {key: known[key] for key in sorted(known) if key in judge.named}


def blocked(loaded: Loaded, org: Org) -> Mapping[str, str]:
    """Why no task, or no note, can be created as the CRM is now: kind -> words.

    Only the key is in the way: without it nobody could tell whether one is there already.
    """
    return {kind: why for kind in (TASK, NOTE) if (why := _keyless(loaded, org, kind))}


def lost(loaded: Loaded, org: Org) -> Mapping[str, Mapping[str, str]]:
    """Our fields of tasks and notes that nothing can be written to now, but for their keys.

    Kind -> our word -> why, and where to click. What they would hold is left out.
    """
    return {kind: _unwritable(loaded, org, kind) for kind in (TASK, NOTE)}


def gone(loaded: Loaded, org: Org) -> Mapping[str, frozenset[str]]:
    """Our fields that the CRM does not have: kind, or object -> our words, or the CRM's names."""
    found: dict[str, set[str]] = {}
    for kind in (TASK, NOTE):
        schema = org.schemas.get(kind)
        for word, each in placed(loaded.programme, loaded.rows, _KINDS[kind]).items():
            if schema is None or each.field not in schema.fields:
                found.setdefault(kind, set()).add(word)
    for need in needs(loaded.programme, loaded.rows):
        schema = org.schemas.get(need.object)
        own = need.placed is not None and need.object not in _KINDS
        if own and schema is not None and need.field not in schema.fields:
            found.setdefault(need.object, set()).add(need.field)
    return {kind: frozenset(names) for kind, names in found.items()}


def keyless(loaded: Loaded, org: Org) -> frozenset[str]:
    """The kinds whose keys the CRM does not have: nothing of ours can be found among them."""
    absent = gone(loaded, org)
    return frozenset(kind for kind in (TASK, NOTE) if "key" in absent.get(kind, ()))


def _keyless(loaded: Loaded, org: Org, kind: str) -> str:
    if kind not in org.schemas:
        return f"the CRM has no {kind}s that our user can see; grant access"
    key = placed(loaded.programme, loaded.rows, _KINDS[kind]).get("key")
    judge = Judge(loaded=loaded, org=org)
    why = _why(judge, kind, key) if key else ""
    return f"without its key no {kind} is created: {why}" if why else ""


def _unwritable(loaded: Loaded, org: Org, kind: str) -> Mapping[str, str]:
    if kind not in org.schemas:
        return {}
    judge = Judge(loaded=loaded, org=org)
    places = placed(loaded.programme, loaded.rows, _KINDS[kind])
    others = {word: each for word, each in places.items() if word != "key"}
    return {word: why for word, each in others.items() if (why := _why(judge, kind, each))}


def _why(judge: Judge, kind: str, each: Placed) -> str:
    """Why nothing can be written to one of our fields of a task or note; or nothing."""
    # Where two kinds are one, the other's line says what the field has to be.
    crm = judge.loaded.programme.crm
    home = next((k for k in (TASK, NOTE) if _KINDS[k] == each.row.same_as.get(crm)), kind)
    need = next((n for n in judge.needs if (n.object, n.field) == (home, each.field)), None)
    if need is None:
        return ""
    if (field := judge.org.schemas[kind].fields.get(each.field)) is None:
        mend = "; run `aurevoir provision`" if each.ours else ""
        words = f'the CRM has no field "{each.field}" that our user can see{mend}'
        return f"{words} ({judge.place(need, Trouble.GONE)})"
    stops = (one for one in misfits(need, field, own=False) if one.stops)
    return next((f"{one.words} ({judge.place(need, one.trouble)})" for one in stops), "")


def unfit(crm: str, org: Org, object: str, name: str, value: Value) -> str:
    """Why a field cannot take a value as the CRM is now, and where to click; or nothing."""
    if (schema := org.schemas.get(object)) is None:
        return ""
    if (field := schema.fields.get(name)) is None:
        words, trouble = f'the CRM has no field "{name}" that our user can see', Trouble.GONE
    elif not field.writable:
        words, trouble = (
            f'"{name}" may not be written by our user; grant access',
            (Trouble.PERMISSION),
        )
    else:
        options = {option.value for option in field.options if option.active}
        chosen = value if isinstance(value, tuple) else () if value is None else (value,)
        lacking = [str(one) for one in chosen if str(one) not in options]
        if not (field.restricted and options and lacking):
            return ""
        words, trouble = f'"{name}" lacks the choice {", ".join(lacking)}; add it', Trouble.OPTION
    return f"{words} ({place(crm, object, name, trouble)})"
