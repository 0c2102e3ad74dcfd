from __future__ import annotations

from pathlib import Path

import pytest

from mappings.findings import MappingError
from mappings.loader import load_service

CONNECTION = "connections: {acme: {crm: hubspot, mapping: hubspot.yaml, credentials: {token: t}}}\n"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "aurevoir.yaml"
    file.write_text(text)
    return file


def complaint(tmp_path: Path, text: str, **env: str) -> str:
    file = written(tmp_path, text)
    with pytest.raises(MappingError) as caught:
        load_service(file, env=env)
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_a_service_with_two_crms(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
public_url: https://goodbye.acme.example/
data: store
listen: {public: 0.0.0.0:80}
connections:
  hub:
    crm: hubspot
    credentials: {token: "${HUBSPOT_TOKEN}"}
    mapping: hubspot.yaml
    quota: {share: 35%}
  force:
    crm: salesforce
    url: http://127.0.0.1:8032
    credentials: {client_id: id, client_secret: "${SECRET}", domain: acme.my}
    mapping: sub/salesforce.yaml
    clock: crm
    pace: off
    poll: 5 minutes
""",
    )
    service = load_service(file, env={"HUBSPOT_TOKEN": "pat-1", "SECRET": "s-2"})
    assert service.public_url == "https://goodbye.acme.example"
    assert service.data == tmp_path / "store"
    assert (service.listen.public, service.listen.private) == ("0.0.0.0:80", "127.0.0.1:8011")
    hub, force = service.connections["hub"], service.connections["force"]
    assert hub.credentials.token is not None
    assert hub.credentials.token.get_secret_value() == "pat-1"
    assert (hub.quota.share, hub.pace, hub.clock, str(hub.poll)) == (35, True, "system", "1 minute")
    assert hub.mapping == tmp_path / "hubspot.yaml"
    assert force.mapping == tmp_path / "sub" / "salesforce.yaml"
    assert (force.quota.share, force.pace, force.clock) == (20, False, "crm")
    assert "pat-1" not in repr(service)
    assert "s-2" not in repr(service)


def test_a_token_may_have_the_secret_that_webhooks_are_checked_with(tmp_path: Path) -> None:
    file = written(tmp_path, CONNECTION.replace("token: t", "token: t, client_secret: s"))
    credentials = load_service(file).connections["acme"].credentials
    assert credentials.client_id is None
    assert credentials.client_secret is not None
    assert credentials.client_secret.get_secret_value() == "s"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "aurevoir.yaml:1: connections: is needed and not there; add it"),
        (
            CONNECTION + "public_uri: https://a.example",
            'aurevoir.yaml:2: public_uri: unknown key; did you mean "public_url"?',
        ),
        (
            CONNECTION + "public_url: http://a.example",
            "aurevoir.yaml:2: public_url: this travels over the net in the clear; write https://",
        ),
        (
            CONNECTION + "public_url: goodbye.example",
            "aurevoir.yaml:2: public_url: write an address like https://goodbye.acme.example",
        ),
        (
            CONNECTION + "public_url: https://me:word@a.example",
            "aurevoir.yaml:2: public_url: leave the user and the password out of the address",
        ),
        (
            CONNECTION + "public_url: https://me@a.example",
            "aurevoir.yaml:2: public_url: leave the user and the password out of the address",
        ),
        (
            CONNECTION + "listen: {public: '8010'}",
            "aurevoir.yaml:2: listen.public: '8010' is no address to listen on; "
            "write 127.0.0.1:8010",
        ),
        (
            CONNECTION.replace("hubspot,", "hubpsot,"),
            'aurevoir.yaml:1: connections.acme.crm: there is no CRM "hubpsot"; '
            'did you mean "hubspot"?',
        ),
        (
            CONNECTION.replace("{token: t}", "{}"),
            "aurevoir.yaml:1: connections.acme.credentials: nothing to sign in with; "
            "write token, or client_id and client_secret",
        ),
        (
            CONNECTION.replace("{token: t}", "{client_secret: a}"),
            "aurevoir.yaml:1: connections.acme.credentials: client_id and client_secret "
            "go together; write both",
        ),
        (
            CONNECTION.replace("{token: t}", "{token: t, client_id: a}"),
            "aurevoir.yaml:1: connections.acme.credentials: client_id and client_secret "
            "go together; write both",
        ),
        (
            CONNECTION.replace("{token: t}", "{client_id: a}"),
            "aurevoir.yaml:1: connections.acme.credentials: client_id and client_secret "
            "go together; write both",
        ),
        (
            CONNECTION.replace("{token: t}", "{token: '${TOKEN}'}"),
            "aurevoir.yaml:1: connections.acme.credentials.token: the environment variable TOKEN "
            "is not set; set it, or let `aurevoir connect acme` ask for it",
        ),
        (
            CONNECTION.replace("}}}", "}, quota: {share: 120%}}}"),
            "aurevoir.yaml:1: connections.acme.quota.share: should be at most 100",
        ),
        (
            CONNECTION.replace("}}}", "}, poll: 1 business day}}"),
            "aurevoir.yaml:1: connections.acme.poll: business time does not count here; "
            "write plain minutes, hours or days",
        ),
    ],
)
def test_a_complaint_names_the_line(tmp_path: Path, text: str, expected: str) -> None:
    assert complaint(tmp_path, text) == expected


def test_no_complaint_repeats_a_secret(tmp_path: Path) -> None:
    for credentials in (
        "{tokn: '${T}'}",
        "{token: ['${T}']}",
        "{token: {is: '${T}'}}",
        "['${T}']",
    ):
        text = CONNECTION.replace("{token: t}", credentials)
        assert "pat-secret" not in complaint(tmp_path, text, T="pat-secret")
