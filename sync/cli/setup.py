"""Setting up: ``init`` writes the files, ``check`` holds them against the CRM, ``provision``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from integrations.contract import FieldSpec, Identity, MendSpec, ObjectSpec, Spec
from mappings.check import check
from mappings.facts import customer_facts
from mappings.findings import Finding, Severity
from mappings.loader import crms
from mappings.seats import Directory
from mappings.wanted import wanted
from sync.app import App
from sync.cli.failures import FOUND, UsageError, about
from sync.cli.options import DEFAULT, Config, Json, One, heading, opened, show
from sync.cli.starter import mapping_text, secrets, service_text
from sync.copied import copied
from sync.coverage import ahead
from sync.coverage import coverage as with_cases
from sync.everybody import everybody
from sync.org import look

_COPY = "nothing is written before `aurevoir release`"
_SIGNS = {"error": "✗", "warning": "!", "hint": "·"}


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command("check")(checked)
    app.command()(provision)


def init(
    crm: Annotated[str, typer.Option("--crm", help="hubspot or salesforce.")],
    folder: Annotated[Path, typer.Argument(help="Where the files go.")] = Path(),
    sandbox: Annotated[
        str | None,
        typer.Option("--sandbox", metavar="URL", help="Connect to a sandbox at this address."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write aurevoir.yaml and a mapping file to edit."""
    if crm not in crms():
        raise UsageError(f"there is no CRM {crm!r}; choose one of {', '.join(crms())}")
    files = {
        folder / "aurevoir.yaml": service_text(crm, sandbox),
        folder / f"{crm}.yaml": mapping_text(crm),
    }
    for file in files:
        if file.exists():
            raise UsageError(f"{file} is there already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        file.write_text(content)

    def say(console: Console) -> None:
        for file in files:
            console.print(f"Wrote {file}")
        for line in _next(crm, trial=sandbox is not None):
            console.print(line)

    show({"wrote": [str(file) for file in files]}, as_json=as_json, text=say)


def _next(crm: str, *, trial: bool) -> Iterator[str]:
    """What an admin does now; ``trial``: in a sandbox, which has a domain of its own."""
    own = "the name that customers know you by"
    if crm == "salesforce" and not trial:
        own = f"your own domain, and {own},"
    variables = secrets(crm)
    them = "it" if len(variables) == 1 else "them"
    yield f"Write {own} into aurevoir.yaml."
    yield f"Set {' and '.join(variables)}, or let `aurevoir connect {crm}` ask for {them}."
    yield "Then `aurevoir check` says whether the mapping fits your CRM."


def checked(
    config: Config = DEFAULT,
    connection: One = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage", help="Read every customer, and say by playbook whose tasks find somebody."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Hold the mapping against the CRM, and say what to mend.

    It looks at fields, options, permissions, owners and lists, and writes nothing.
    """
    service = opened(config)
    found = {name: _check(service, name, every=coverage) for name in service.names(connection)}
    bad = any(finding.severity == "error" for _, listed in found.values() for finding in listed)

    def text(console: Console) -> None:
        for name, (org_kind, listed) in found.items():
            mend = any(finding.severity != "hint" for finding in listed)
            words = "to mend" if mend else "nothing to mend"
            console.print(f"{heading(name, org_kind)}: {words}")
            for finding in listed:
                console.print(f"  {_SIGNS[finding.severity]} {finding}", markup=False)

    result = {
        name: [
            {
                "org_kind": org_kind,
                "severity": one.severity,
                "file": one.file,
                "line": one.line,
                "key": one.key,
                "words": one.words,
            }
            for one in listed
        ]
        for name, (org_kind, listed) in found.items()
    }
    show(result, as_json=as_json, text=text)
    if bad:
        raise typer.Exit(FOUND)


def _check(service: App, name: str, *, every: bool) -> tuple[str, tuple[Finding, ...]]:
    """The kind of its org, and what was found."""
    loaded = service.mapping(name)
    with about(name):
        crm = service.crm(name, loaded)
        identity = service.confirm(name, crm)
        standing = service.standing(name)
        remembered = standing.remembered if standing else {}
        org = look(crm, loaded, permissions=True, remembered=remembered)
        copy = "" if standing else copied(crm, loaded, identity.org)
        held = (
            *check(loaded, org, public_url=service.service.public_url),
            *([Finding(words=f"{copy}; {_COPY}", severity="warning")] if copy else []),
            *([] if service.service.company else [_unnamed(identity)]),
        )
        if every:
            customers = everybody(crm, loaded, org)
            told = ahead(loaded.programme, Directory.of(org.owners), customers)
            return identity.kind, (*held, *told)
    with service.store.reading() as tables:
        known = [customer_facts(r, loaded.programme, loaded.rows) for r in tables.people.all(name)]
    told = with_cases(loaded.programme, Directory.of(org.owners), known)
    return identity.kind, (*held, *told)


def _unnamed(identity: Identity) -> Finding:
    """What customers read where nobody has said how they know us."""
    words = f'letters and pages call you "{identity.name}"; write the name that customers know'
    file, key = DEFAULT.name, "company"
    # HubSpot knows a portal by its number alone.
    severity: Severity = "warning" if identity.org in identity.name else "hint"
    if identity.kind != "production":
        severity = "hint"
    return Finding(words=words, file=file, key=key, severity=severity)


def provision(
    config: Config = DEFAULT,
    connection: One = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    as_json: Json = False,
) -> None:
    """Create the fields and lists that are missing in the CRM.

    Keys and campaigns, too. Shows first what it would do. A field of ours that has lost a choice
    gets it back, and so does our user the right to edit one; fields of your own are left as they
    are.
    """
    service = opened(config)
    made: dict[str, dict[str, Any]] = {}
    with service.alone():
        for name in service.names(connection):
            with about(name):
                made[name] = _provision(service, name, yes=yes, quiet=as_json)

    def text(console: Console) -> None:
        for name, done in made.items():
            words = f"created {len(done['created'])}" if done["created"] else "nothing to do"
            console.print(f"{heading(name, done['kind'])}: {words}")
            for line in done.get("by_hand", ()):
                console.print(f"  {line}", markup=False)

    show(made, as_json=as_json, text=text)


def _provision(service: App, name: str, *, yes: bool, quiet: bool) -> dict[str, Any]:
    """Create what one connection lacks, if that is wanted; and what an admin has to bring."""
    loaded = service.mapping(name)
    crm = service.crm(name, loaded)
    org_kind = service.confirm(name, crm).kind
    missing = crm.missing(wanted(loaded.programme, loaded.rows))
    deployed = [one for one in missing if isinstance(one, ObjectSpec) and not crm.makes_objects]
    absent = loaded.rows.departure.absent[crm.name]
    said = [f"{_spelled(spec)} cannot be created from here: {absent}" for spec in deployed]
    by_hand = {"by_hand": said} if said else {}
    missing = tuple(spec for spec in missing if spec not in deployed)
    if not missing:
        return {"kind": org_kind, "created": [], **by_hand}
    spelled = [_spelled(spec) for spec in missing]
    if not quiet:
        Console().print(f"{heading(name, org_kind)} lacks:")
        for line in spelled:
            Console().print(f"  {line}")
    verb = "Mend" if all(isinstance(spec, MendSpec) for spec in missing) else "Create"
    if not yes and not typer.confirm(f"{verb} these {len(missing)}?", err=True):
        raise UsageError("nothing was created")
    with Progress(disable=quiet, transient=True) as progress:
        for spec in progress.track(missing, description="creating"):
            crm.provision(spec)
    return {"kind": org_kind, "created": spelled, **by_hand}


def _spelled(spec: Spec) -> str:
    if isinstance(spec, MendSpec):
        name = f"{spec.field.object}.{spec.field.name}"
        choices = ", ".join(option.value for option in spec.options)
        return " and ".join(
            [
                *([f"choices of {name}: {choices}"] if choices else []),
                *([f"the right to edit {name}"] if spec.edit else []),
            ]
        )
    if isinstance(spec, FieldSpec):
        unique = ", unique" if spec.unique else ""
        return f"field {spec.object}.{spec.name} ({spec.label}, {spec.type}{unique})"
    if isinstance(spec, ObjectSpec):
        return f"object {spec.name} ({spec.label}, with {len(spec.fields)} fields)"
    return f"segment {spec.name} of {spec.object}"
