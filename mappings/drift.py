"""What has changed in a CRM since the mapping fitted: who stands still for it, and where to click.

One thing that is gone stops the users of it, and no one else. What stops everything is little: the
watched stage, and the names and addresses without which nobody can be told from another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.contract import NOTE, TASK, Trouble, Value, place
from mappings.check import Judge
from mappings.findings import Finding
from mappings.fitting import Remembered, misfits
from mappings.loaded import Loaded
from mappings.needs import Need
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

    A default that was there is told as well; one that never was is nobody's loss.
    """
    judge = Judge(loaded=loaded, org=org)
    errors = [finding for finding in judge.live() if finding.severity == "error"]
    lost = [judge.absent(need) for need in judge.needs if _lost(judge, need)]
    return tuple(dict.fromkeys(finding.told for finding in (*errors, *lost)))


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
    """Why no task, or no note, can be created as the CRM is now: kind -> words."""
    return {kind: why for kind in (TASK, NOTE) if (why := next(_blocks(loaded, org, kind), ""))}


def keyless(loaded: Loaded, org: Org) -> frozenset[str]:
    """The kinds whose keys the CRM does not have: nothing of ours can be found among them."""
    return frozenset(kind for kind in (TASK, NOTE) if not _has_key(loaded, org, kind))


def _has_key(loaded: Loaded, org: Org, kind: str) -> bool:
    schema = org.schemas.get(kind)
    key = placed(loaded.programme, loaded.rows, _KINDS[kind]).get("key")
    return schema is not None and key is not None and key.field in schema.fields


def _blocks(loaded: Loaded, org: Org, kind: str) -> Iterator[str]:
    crm, schema = loaded.programme.crm, org.schemas.get(kind)
    if schema is None:
        yield f"the CRM has no {kind}s that our user can see; grant access"
        return
    judge = Judge(loaded=loaded, org=org)
    for each in placed(loaded.programme, loaded.rows, _KINDS[kind]).values():
        # Where two kinds are one, the other's line says what the field has to be.
        home = next((k for k in (TASK, NOTE) if _KINDS[k] == each.row.same_as.get(crm)), kind)
        need = next((n for n in judge.needs if (n.object, n.field) == (home, each.field)), None)
        if need is None:
            continue
        if (field := schema.fields.get(each.field)) is None:
            words = f'the CRM has no field "{each.field}" that our user can see'
            yield f"{words}{_mend(each)} ({judge.place(need, Trouble.GONE)})"
            continue
        for one in misfits(need, field, own=False):
            if one.stops:
                yield f"{one.words} ({judge.place(need, one.trouble)})"


def _mend(each: Placed) -> str:
    return "; run `aurevoir provision`" if each.ours else ""


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
