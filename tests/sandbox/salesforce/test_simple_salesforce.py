"""The client that most Python programs use, over the same road as in production."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce as Client
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

from integrations.sandbox.salesforce import Salesforce


class Local(HTTPAdapter):
    """Sends what is meant for ``https://*.salesforce.com`` to a local port."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._local = urlsplit(url)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        parts = urlsplit(str(request.url))
        local = parts._replace(scheme=self._local.scheme, netloc=self._local.netloc)
        request.url = urlunsplit(local)
        return super().send(request, *args, **kwargs)


@pytest.fixture
def client(sandbox: Salesforce, url: str) -> Client:
    session = requests.Session()
    session.mount("https://", Local(url))
    app = sandbox.credentials()
    return Client(
        consumer_key=app["client_id"],
        consumer_secret=app["client_secret"],
        domain="acme.my",
        version="62.0",
        session=session,
    )


def test_the_usual_day(client: Client) -> None:
    made = client.Account.create({"Name": "From Python"})
    assert made["success"]
    key = made["id"]
    client.Account.update(key, {"Phone": "1"})
    assert client.Account.get(key)["Phone"] == "1"
    found = client.query("SELECT Id, Owner.Name FROM Account WHERE Phone = '1'")
    assert found["records"][0]["Owner"]["Name"] == "Integration User"
    client.Account.delete(key)
    with pytest.raises(SalesforceResourceNotFound):
        client.Account.get(key)
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        client.query("SELECT Nonsense FROM Account")
    assert client.describe()["encoding"] == "UTF-8"
    assert client.Contact.describe()["keyPrefix"] == "003"
    assert client.limits()["DailyApiRequests"]["Max"] == 100_000
    assert client.api_usage["api-usage"].total == 100_000


def test_the_version_that_the_client_speaks_by_itself(sandbox: Salesforce, url: str) -> None:
    session = requests.Session()
    session.mount("https://", Local(url))
    token = sandbox.credentials()["token"]
    client = Client(session_id=token, instance="acme.my.salesforce.com", session=session)
    assert client.Account.create({"Name": "By default"})["success"]
    assert client.query("SELECT COUNT() FROM Account")["totalSize"] == 4


def test_a_user_name_and_a_password_are_refused_as_in_a_new_org(url: str) -> None:
    session = requests.Session()
    session.mount("https://", Local(url))
    with pytest.raises(SalesforceAuthenticationFailed, match=r"INVALID_OPERATION.*is disabled"):
        Client(username="a", password="b", security_token="c", session=session)


def test_all_pages(client: Client, sandbox: Salesforce) -> None:
    org = sandbox.org
    for number in range(2_100):
        org.make("Task", org.integration, Subject=str(number), Status="Not Started")
    whole = client.query_all("SELECT Id FROM Task")
    assert (whole["totalSize"], len(whole["records"])) == (2_100, 2_100)


def test_upsert_and_tooling(client: Client) -> None:
    field: Mapping[str, object] = {
        "FullName": "Activity.Key__c",
        "Metadata": {
            "type": "Text",
            "label": "Key",
            "length": 80,
            "unique": True,
            "externalId": True,
        },
    }
    made = client.toolingexecute("sobjects/CustomField", method="POST", data=field)
    assert made["success"]
    assert client.Task.upsert("Key__c/a%2Fb", {"Subject": "x"}) == 201
    assert client.Task.upsert("Key__c/a%2Fb", {"Subject": "y"}) == 200
    task = client.query("SELECT Key__c, Subject FROM Task")["records"][0]
    assert (task["Key__c"], task["Subject"]) == ("a/b", "y")


def test_a_session_that_has_ended_is_renewed(client: Client, sandbox: Salesforce) -> None:
    first = client.session_id
    sandbox.options["revoke_sessions"] = True
    assert client.query("SELECT Id FROM Account")["totalSize"] == 3
    assert client.session_id != first


def test_bulk(client: Client, account: str) -> None:
    (told,) = client.bulk2.Account.insert(records=[{"Name": "B1"}, {"Name": "B2"}, {"Name": ""}])
    assert (told["numberRecordsTotal"], told["numberRecordsFailed"]) == (3, 1)
    failed = client.bulk2.Account.get_failed_records(told["job_id"])
    assert "REQUIRED_FIELD_MISSING" in failed
    (text,) = client.bulk2.Account.query("SELECT Id, Name FROM Account WHERE Name LIKE 'B_'")
    assert len(text.splitlines()) == 3


def test_signing_in_with_a_key(sandbox: Salesforce, url: str) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    sandbox.options["certificate"] = public.decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    session = requests.Session()
    session.mount("https://", Local(url))
    client = Client(
        username="integration@sandbox.example",
        consumer_key=sandbox.credentials()["client_id"],
        privatekey=private.decode(),
        domain="test",
        version="66.0",
        session=session,
    )
    assert client.query("SELECT COUNT() FROM Account")["totalSize"] == 3
    assert (
        client.restful(
            "composite/batch",
            method="POST",
            json={
                "batchRequests": [
                    {"method": "GET", "url": "v66.0/limits"},
                ]
            },
        )["hasErrors"]
        is False
    )
