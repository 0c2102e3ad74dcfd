"""``connect``: sign in to a CRM for the first time, and keep what signs in out of the files."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any, Final

import typer
import yaml
from rich.console import Console

from mappings.check import check
from mappings.findings import did_you_mean
from mappings.wanted import wanted
from sync import log
from sync.app import App, vault_of
from sync.cli.failures import FOUND, UsageError, about
from sync.cli.options import DEFAULT, Config, Json, show
from sync.org import look
from sync.secret_files import private
from sync.web.back import back

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(connect)


def connect(
    name: Annotated[str, typer.Argument(help="The connection in aurevoir.yaml, or its CRM.")],
    config: Config = DEFAULT,
    again: Annotated[
        bool, typer.Option("--again", help="Ask for secrets that are kept already, too.")
    ] = False,
    oauth: Annotated[
        bool, typer.Option("--oauth", help="Install HubSpot's app: an admin agrees in a browser.")
    ] = False,
    port: Annotated[
        int, typer.Option(help="Where the browser comes back to, on this machine.")
    ] = 8012,
    as_json: Json = False,
) -> None:
    """Sign in to a CRM, and keep the secrets encrypted.

    Secrets that are in the environment stay there; the others are asked for, and never shown.
    Says, too, which rights are missing in the CRM.
    """
    name, one = _configured(config, name)
    vault = vault_of(config)
    kept = {} if again else vault.read()
    variables = _VARIABLE.findall(yaml.safe_dump(one.get("credentials")))
    told = _VARIABLE.findall(str((one.get("credentials") or {}).get("refresh_token")))
    if oauth and len(told) != 1:
        words = 'write `refresh_token: "${HUBSPOT_REFRESH_TOKEN}"` into its credentials first'
        raise UsageError(words)
    # What the browser will bring is asked of nobody.
    brought = told if oauth else []
    if set(brought) & os.environ.keys():
        raise UsageError(f"{brought[0]} is set in the environment, and would go before; unset it")
    asked = [
        variable
        for variable in dict.fromkeys(variables)
        if variable not in os.environ and variable not in kept and variable not in brought
    ]
    if asked and not as_json:
        steps = App.guide(one["crm"], one.get("credentials") or {})
        for number, step in enumerate(steps, 1):
            Console(stderr=True, highlight=False).print(f"{number}. {step}")
    keys = _VARIABLE.findall(str((one.get("credentials") or {}).get("private_key")))
    secrets = {variable: _ask(variable, file=variable in keys) for variable in asked}
    log.hide(*secrets.values())
    known = {**vault.read(), **secrets, **os.environ}
    if oauth:
        token = _installed(App.load(config, {**known, brought[0]: "to come"}), name, port)
        log.hide(token)
        secrets[brought[0]] = known[brought[0]] = token
        asked += brought
    service = App.load(config, known)
    if oauth:
        # What was renewed before belongs to the installation before.
        vault.put({f"{name}.refresh_token": None})
    loaded = service.mapping(name)
    with about(name):
        crm = service.crm(name, loaded)
        service.confirm(name, crm)
        org = look(crm, loaded, permissions=True)
        lacking = crm.missing(wanted(loaded.programme, loaded.rows))
    found = check(loaded, org, public_url=service.service.public_url)
    if asked:
        # A token that was renewed belongs to the sign-in before this one.
        vault.put(secrets if oauth else {**secrets, f"{name}.refresh_token": None})
    identity = org.identity
    result: dict[str, Any] = {
        "connection": name,
        "crm": crm.name,
        "org": identity.org,
        "name": identity.name,
        "kind": identity.kind,
        "zone": identity.zone,
        "kept": asked,
        "missing": len(lacking),
        "lacking": list(org.lacking),
        "findings": [{"severity": one.severity, "words": str(one)} for one in found],
    }

    def text(console: Console) -> None:
        console.print(
            f"Signed in to {crm.name}: {identity.name} ({identity.org}), [bold]{identity.kind}"
            f"[/bold], time zone {identity.zone}."
        )
        if asked:
            console.print(f"Kept, encrypted, in the data folder: {', '.join(asked)}.")
        if lacking:
            console.print(f"{len(lacking)} fields or segments are missing: `aurevoir provision`.")
        for finding in found:
            console.print(f"  {finding.severity}: {finding}", markup=False)

    show(result, as_json=as_json, text=text)
    if not lacking and any(finding.severity == "error" for finding in found):
        raise typer.Exit(FOUND)


def _installed(service: App, name: str, port: int) -> str:
    """The refresh token, once an admin has let the app in."""
    state = token_urlsafe(24)
    with back(port) as waiting, about(name):
        page = service.consent_page(name, back=waiting.address, state=state)
        sys.stderr.write(f"Open this address in a browser, as a super admin:\n{page}\n")
        sys.stderr.flush()
        return service.installed(name, code=waiting.code(state), back=waiting.address)


def _configured(config: Path, name: str) -> tuple[str, dict[str, Any]]:
    """The connection of this name, or the only one to a CRM of this name, as it is written."""
    try:
        said = yaml.safe_load(config.read_text(encoding="utf-8-sig"))
        connections: dict[str, dict[str, Any]] = said["connections"]
        matching = [key for key, one in connections.items() if name in (key, one["crm"])]
    except OSError:
        raise UsageError(f"{config} is not there; `aurevoir init --crm {name}` writes it") from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{config} cannot be read; `aurevoir check` says where") from None
    if name in connections:
        matching = [name]
    if len(matching) != 1:
        if matching:
            several = ", ".join(matching)
            raise UsageError(f"several connections of {config} lead to {name}: {several}; name one")
        known = did_you_mean(name, list(connections))
        raise UsageError(f'{config} has no connection "{name}"{known}')
    return matching[0], connections[matching[0]]


def _ask(variable: str, *, file: bool) -> str:
    """Asks without an echo; a program that cannot answer sets the variable.

    ``file``: a private key has several lines, so its file is named instead.
    """
    if not sys.stdin.isatty():
        words = f"{variable} is not set; put it into the environment, or connect at a terminal"
        raise UsageError(words)
    if not file:
        return str(typer.prompt(variable, hide_input=True, err=True)).strip()
    path = Path(typer.prompt(f"{variable}, the file that holds it in PEM", err=True).strip())
    if not path.expanduser().is_file():
        raise UsageError(f"{path} is not there; name the file that holds the private key")
    return private(path.expanduser())
