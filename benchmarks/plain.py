"""What people write instead: the vendors' own Python clients, one record at a time.

It knows which customers leave, reads the people of each, creates the same tasks and sets the same
fields as the service has for one of them. It keeps no ledger, finds no changes, and asks nobody
about consent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
from hubspot import Client as HubSpotClient
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from benchmarks.crowd import STAGE

_STATE: Final = ("status", "case", "next_step", "opened_on", "departs_on")


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is to be written for each customer."""

    tasks: tuple[Mapping[str, Any], ...]
    fields: Mapping[str, Any] = field(default_factory=dict)


class Loop(Protocol):
    """One vendor's client, used as its documentation begins."""

    def sample(self) -> Work:
        """What stands on one of the customers that leave."""
        ...

    def leaving(self) -> list[str]:
        """The ids of all of them."""
        ...

    def write(self, id: str, work: Work) -> None:
        """Read the people of one, and write its tasks and fields, one after the other."""
        ...


class HubSpotLoop:
    """hubspot-api-client, its typed calls."""

    _TASK: Final = ("hs_task_subject", "hs_task_body", "hs_timestamp", "hubspot_owner_id")
    #: Task to company, as HubSpot defines it.
    _LINK: Final = 192

    def __init__(self, url: str, credentials: Mapping[str, str]) -> None:
        crm = HubSpotClient.create(access_token=credentials["token"], host=url).crm
        # Each access to a property would open connections of its own; kept, they serve all calls.
        self._tasks = crm.objects.tasks.basic_api
        self._companies = crm.companies.basic_api
        self._contacts = crm.contacts.basic_api
        self._search = crm.companies.search_api
        self._links = crm.associations.v4.basic_api

    def sample(self) -> Work:
        """Its tasks, and the fields of the company."""
        id = self.leaving()[0]
        linked = self._links.get_page("companies", id, "tasks").results
        tasks = [
            self._tasks.get_by_id(str(link.to_object_id), properties=list(self._TASK)).properties
            for link in linked
        ]
        names = [f"aurevoir_{name}" for name in _STATE]
        company = self._companies.get_by_id(id, properties=names).properties
        return Work(
            tasks=tuple({name: task[name] for name in self._TASK} for task in tasks),
            fields={name: company[name] for name in names if company[name]},
        )

    def leaving(self) -> list[str]:
        """By search, a page of 200 a call."""
        ids: list[str] = []
        last = "0"
        while True:
            filters = [
                {"propertyName": "customer_stage", "operator": "EQ", "value": STAGE},
                {"propertyName": "hs_object_id", "operator": "GT", "value": last},
            ]
            page = self._search.do_search(
                {
                    "filterGroups": [{"filters": filters}],
                    "sorts": ["hs_object_id"],
                    "properties": ["name"],
                    "limit": 200,
                }
            )
            ids += [one.id for one in page.results]
            if not page.results or len(page.results) < 200:
                return ids
            last = ids[-1]

    def write(self, id: str, work: Work) -> None:
        """One call each."""
        for link in self._links.get_page("companies", id, "contacts").results:
            self._contacts.get_by_id(str(link.to_object_id), properties=["email"])
        kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": self._LINK}
        for task in work.tasks:
            link = {"to": {"id": id}, "types": [kind]}
            self._tasks.create({"properties": dict(task), "associations": [link]})
        self._companies.update(id, {"properties": dict(work.fields)})


class SalesforceLoop:
    """simple-salesforce, an object at a time."""

    _TASK: Final = ("Subject", "Description", "ActivityDate", "OwnerId", "Status", "Priority")

    def __init__(self, url: str, credentials: Mapping[str, str]) -> None:
        session = requests.Session()
        session.mount("https://", _Local(url))
        self._org = Salesforce(
            consumer_key=credentials["client_id"],
            consumer_secret=credentials["client_secret"],
            domain="acme.my",
            version="62.0",
            session=session,
        )

    def sample(self) -> Work:
        """Its tasks, and the fields of the account."""
        id = self.leaving()[0]
        names = [f"Aurevoir_{name.title()}__c" for name in _STATE]
        tasks = self._org.query(f"SELECT {', '.join(self._TASK)} FROM Task WHERE WhatId = '{id}'")[
            "records"
        ]
        account = self._org.Account.get(id)
        return Work(
            tasks=tuple({name: task[name] for name in self._TASK} for task in tasks),
            fields={name: account[name] for name in names if account[name]},
        )

    def leaving(self) -> list[str]:
        """By a query, 2,000 a call."""
        query = f"SELECT Id FROM Account WHERE Customer_Stage__c = '{STAGE}'"
        return [row["Id"] for row in self._org.query_all(query)["records"]]

    def write(self, id: str, work: Work) -> None:
        """One call each."""
        self._org.query(f"SELECT Id, Email FROM Contact WHERE AccountId = '{id}'")
        for task in work.tasks:
            self._org.Task.create({**task, "WhatId": id})
        self._org.Account.update(id, dict(work.fields))


class _Local(HTTPAdapter):
    """Sends what is meant for Salesforce to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._local = urlsplit(url)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        parts = urlsplit(str(request.url))
        there = parts._replace(scheme=self._local.scheme, netloc=self._local.netloc)
        request.url = there.geturl()
        return super().send(request, *args, **kwargs)


LOOPS: Final[Mapping[str, Any]] = {"hubspot": HubSpotLoop, "salesforce": SalesforceLoop}
