"""The files that ``init`` writes: as short as they can be, and saying what else there is."""

from __future__ import annotations

import re

from mappings.loader import load_text

_CREDENTIALS = {
    "hubspot": '{token: "${HUBSPOT_TOKEN}"}',
    "salesforce": (
        '{client_id: "${SALESFORCE_CLIENT_ID}", client_secret: "${SALESFORCE_CLIENT_SECRET}", '
        "domain: acme.my}"
    ),
}
#: Another way to sign in, as a comment.
_OTHERWISE = {
    "hubspot": (
        'or an app: {client_id: "${HUBSPOT_CLIENT_ID}", client_secret: "${HUBSPOT_CLIENT_SECRET}", '
        'refresh_token: "${HUBSPOT_REFRESH_TOKEN}"}'
    ),
    "salesforce": (
        'or a certificate: {client_id: "${SALESFORCE_CLIENT_ID}", username: service@acme.example, '
        'private_key: "${file:salesforce.pem}", domain: acme.my}'
    ),
}


def service_text(crm: str, sandbox: str | None) -> str:
    """``aurevoir.yaml``, for a real CRM or for a sandbox."""
    lines = [
        "# One service, any number of CRMs. Secrets come from the environment.",
        "# company: Acme                               # as your customers know you",
        "# public_url: https://goodbye.acme.example    # where the links in mails lead to",
        "connections:",
        f"  {crm}:",
        f"    crm: {crm}",
        f"    credentials: {_CREDENTIALS[crm]}",
        f"    mapping: {crm}.yaml",
    ]
    if other := _OTHERWISE.get(crm):
        lines += [f"    # {other}"]
    if sandbox:
        lines += [
            f"    url: {sandbox}",
            "    clock: crm     # the sandbox's clock decides what is due",
            "    pace: off      # no waiting for limits per second",
        ]
    return "\n".join(lines) + "\n"


def secrets(crm: str) -> list[str]:
    """The environment variables that the credentials above are taken from."""
    return re.findall(r"\$\{(\w+)\}", _CREDENTIALS[crm])


def mapping_text(crm: str) -> str:
    """A mapping file that spells out what an admin is most likely to change."""
    programme = load_text("", crm=crm).programme
    watch, people = programme.watch[0], programme.people
    send = programme.survey.send
    notice, leaving = ", ".join(watch.enters.notice), ", ".join(watch.enters.leaving)
    return f"""\
# What the words mean in this CRM, and what shall happen. Everything left out keeps its default;
# docs/mapping.md lists every key.
watch:
  - object: {watch.object}
    stage: {watch.stage}
    enters: {{notice: [{notice}], leaving: [{leaving}]}}
    returns: [{", ".join(watch.returns)}]
    settle: {watch.settle}
    re_entry: {{within: {watch.re_entry.within}}}

people: {{object: {people.object}}}

playbooks:
  - use: standard

survey:
  send: {{after: {send.after}, reminder_after: {send.reminder_after}, through: {send.through}}}
"""
