"""Signing in without a secret, by whatever address the org is known, in every version."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from integrations.contract import Crm, Send
from integrations.errors import Drift, Reauthorise
from integrations.salesforce.sign_in import SignIn
from tests.contract.crm.salesforce import SalesforceBench
from tests.contract.crm.test_sending import problems, send

USER = "integration@sandbox.example"
KEY = rsa(public_exponent=65537, key_size=2048)


def pem(key: RSAPrivateKey) -> str:
    """A private key as a file holds it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public(key: RSAPrivateKey) -> str:
    """Its public half."""
    spelled = PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(Encoding.PEM, spelled).decode()


@pytest.fixture
def bench(bench: SalesforceBench) -> SalesforceBench:
    """An org whose app knows the key."""
    bench.dialect.options["certificate"] = public(KEY)
    bench.clock.set(datetime.now(UTC))
    return bench


def by_key(bench: SalesforceBench, **access: str) -> Crm:
    """The adapter that signs in by a private key."""
    given = {"username": USER, "private_key": pem(KEY), "domain": "acme--test.sandbox.my"}
    return bench.connect(**{**given, **access})


def test_signs_in_with_a_private_key(bench: SalesforceBench) -> None:
    assert by_key(bench, client_secret="").identity() == bench.connect().identity()
    assert bench.calls("token") == 2


def test_production_signs_in_elsewhere(bench: SalesforceBench) -> None:
    bench.dialect.options["production"] = True
    assert by_key(bench, domain="acme.my").identity().kind == "production"
    with pytest.raises(Reauthorise, match="that of a sandbox"):
        by_key(bench).identity()


@pytest.mark.parametrize(
    ("access", "words"),
    [
        ({"username": "other@sandbox.example"}, "External Client Apps"),
        ({"private_key": pem(rsa(public_exponent=65537, key_size=2048))}, "certificate"),
        ({"client_id": "another"}, "client id"),
    ],
)
def test_says_what_to_mend(bench: SalesforceBench, access: dict[str, str], words: str) -> None:
    with pytest.raises(Reauthorise, match=words):
        by_key(bench, **access).identity()


def test_an_app_with_nobody_to_run_as(bench: SalesforceBench) -> None:
    said = {"error": "invalid_grant", "error_description": "no client credentials user enabled"}
    bench.strike("token", status=400, body=said)
    with pytest.raises(Reauthorise, match="client credentials flow in its policies"):
        bench.connect().identity()


def test_a_key_that_cannot_sign_is_refused_at_once(bench: SalesforceBench) -> None:
    curve = generate_private_key(SECP256R1())
    curved = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for wrong in ("-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----", curved, "x"):
        with pytest.raises(ValueError, match="private_key is no RSA key") as told:
            by_key(bench, private_key=wrong)
        assert wrong not in str(told.value)


def test_nothing_secret_is_shown() -> None:
    shown = repr(SignIn(client_id="c", domain="acme.my", username="u", private_key=pem(KEY)))
    assert "PRIVATE" not in shown


@pytest.mark.parametrize(
    ("domain", "host", "audience"),
    [
        ("acme.my", "acme.my", "login"),
        ("https://acme.my.salesforce.com/", "acme.my", "login"),
        ("acme.lightning.force.com", "acme.my", "login"),
        ("acme--test.sandbox.my.salesforce.com", "acme--test.sandbox.my", "test"),
        ("https://acme--test.sandbox.lightning.force.com", "acme--test.sandbox.my", "test"),
        ("acme-dev-ed.develop.my", "acme-dev-ed.develop.my", "login"),
        ("test", "test", "test"),
    ],
)
def test_knows_the_org_by_any_of_its_addresses(domain: str, host: str, audience: str) -> None:
    sign_in = SignIn(client_id="c", domain=domain, username="u", private_key=pem(KEY))
    assert (sign_in.host, sign_in.audience) == (host, audience)


@pytest.mark.parametrize("domain", ["acme.my/x?y", "", "https://login.example/"])
def test_a_domain_that_is_none_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="domain"):
        SignIn(client_id="c", client_secret="s", domain=domain)


def test_client_credentials_need_the_orgs_own_domain() -> None:
    with pytest.raises(ValueError, match="your org's own domain"):
        SignIn(client_id="c", client_secret="s", domain="login")


@pytest.mark.parametrize("version", ["60.0", "62.0", "65.0", "66.0"])
def test_speaks_every_version(bench: SalesforceBench, version: str) -> None:
    crm = bench.connect(version=version)
    assert crm.identity().version == version
    for spec in bench.keys:
        crm.provision(spec)
    (person, _) = bench.people()
    assert problems(send(crm, Send(key="k:mail", mail=bench.mail(person)))) == {"k:mail": None}
    assert len(bench.letters()) == 1


@pytest.mark.parametrize("version", ["59.0", "99.0"])
def test_says_which_versions_there_are(bench: SalesforceBench, version: str) -> None:
    with pytest.raises(Drift, match=r"60\.0 to 66\.0"):
        bench.connect(version=version).identity()
