"""Salesforce on the bench."""

from __future__ import annotations

from typing import Any, ClassVar

from integrations.contract import NOTE, TASK, Option, Ref
from integrations.sandbox.salesforce import Salesforce
from tests.contract.crm.bench import Bench, Words

DIALECT = Salesforce
_OBJECTS = {TASK: "Task", NOTE: "Task"}


class SalesforceBench(Bench):
    """An org."""

    name = "salesforce"
    words = Words(
        customer="Account",
        person="Contact",
        name="Name",
        stage="Customer_Stage__c",
        seats="Seats__c",
        ends="Contract_End_Date__c",
        csm="Csm__c",
        email="Email",
    )
    operations: ClassVar = {
        "changes": "query*",
        "read": "collections.read",
        "history": "query",
        "related": "query",
        "create": "collections.create",
        "change": "collections.update",
        "member": "collections.create",
        "leave": "collections.delete",
        "opt_out": "collections.read",
        "send": "email.send",
        "schema": "sobjects.describe",
        "owners": "query",
        "count": "query",
    }

    said: ClassVar = {
        "nothing": [],
        "refused": [{"errorCode": "JSON_PARSER_ERROR", "message": "No."}],
        "labels": {
            "done": True,
            "records": [
                {
                    "AccountId": "001000000000001AAA",
                    "NewValue": "At risk",
                    "CreatedDate": "2031-03-03T09:00:00.000+0000",
                    "CreatedById": "005000000000001AAA",
                }
            ],
        },
        "blind": {"label": "Contact", "fields": []},
        "locked": [
            {
                "success": False,
                "errors": [
                    {
                        "statusCode": "UNABLE_TO_LOCK_ROW",
                        "message": "unable to obtain exclusive access to this record",
                        "fields": [],
                    }
                ],
            }
        ],
    }

    busy: ClassVar = {
        "status": 403,
        "body": [
            {
                "message": "ConcurrentPerOrgLongTxn Limit exceeded.",
                "errorCode": "REQUEST_LIMIT_EXCEEDED",
            }
        ],
    }
    exhausted: ClassVar = {"status": 403}
    wrong: ClassVar = {"client_secret": "not-the-secret"}

    def installed(self) -> dict[str, str]:
        return {}

    def expire(self) -> None:
        self.dialect.options["revoke_sessions"] = True

    def mailing(self) -> None:
        pass

    def our(self, word: str) -> str:
        return f"Our_{word.title()}__c"

    def api(self, method: str, ref: Ref, fields: tuple[str, ...] = ()) -> Any:
        place = f"sobjects/{_OBJECTS.get(ref.object, ref.object)}/{ref.id}"
        params = {"fields": ",".join(fields)} if fields else None
        answer = self._ask(method, place, params=params)
        return answer[fields[0]] if fields else None

    def segments(self, name: str) -> int:
        soql = f"SELECT Id FROM Campaign WHERE Name = '{name}'"
        return int(self._ask("GET", "query", params={"q": soql})["totalSize"])

    def deal(self, number: int = 1) -> Ref:
        body = {
            "Name": "Renewal",
            "StageName": "Prospecting",
            "CloseDate": "2031-06-01",
            "AccountId": self.customer(number).id,
        }
        made = self._ask("POST", "sobjects/Opportunity", json=body)
        return Ref(object="Opportunity", id=made["id"])

    def role(self, customer: Ref, person: Ref, *roles: str) -> None:
        self.dialect.options["several_accounts"] = True
        between = f"AccountId = '{customer.id}' AND ContactId = '{person.id}'"
        body = {"Roles": ";".join(roles)}
        found = self.query(f"SELECT Id FROM AccountContactRelation WHERE {between}")
        if found:
            self.write("PATCH", f"sobjects/AccountContactRelation/{found[0]['Id']}", body)
        else:
            ends = {"AccountId": customer.id, "ContactId": person.id}
            self.write("POST", "sobjects/AccountContactRelation", {**ends, **body})

    def drop(self, object: str, field: str) -> None:
        soql = f"SELECT Id FROM CustomField WHERE DeveloperName = '{field.removesuffix('__c')}'"
        (found,) = self._ask("GET", "tooling/query", params={"q": soql})["records"]
        self._ask("DELETE", f"tooling/sobjects/CustomField/{found['Id']}")

    def choices(self, object: str, field: str, options: tuple[Option, ...]) -> None:
        soql = f"SELECT Id, Metadata FROM CustomField WHERE DeveloperName = '{field[:-3]}'"
        (found,) = self._ask("GET", "tooling/query", params={"q": soql})["records"]
        said, values = (
            found["Metadata"],
            [{"valueName": o.value, "label": o.label} for o in options],
        )
        said["valueSet"]["valueSetDefinition"]["value"] = values
        place = f"tooling/sobjects/CustomField/{found['Id']}"
        self._ask("PATCH", place, json={"Metadata": said})

    def write(self, method: str, place: str, body: Any) -> Any:
        """Another client of the org writes something."""
        return self._ask(method, place, json=body)

    def query(self, soql: str) -> list[dict[str, Any]]:
        """Records, as another client of the org asks for them."""
        records: list[dict[str, Any]] = self._ask("GET", "query", params={"q": soql})["records"]
        return records

    def record_type(self, name: str, **values: list[str]) -> str:
        """An admin makes a type of account that offers only these values; its id."""
        picklists = [
            {"picklist": field, "values": [{"fullName": value} for value in some]}
            for field, some in values.items()
        ]
        metadata = {"label": name, "active": True, "picklistValues": picklists}
        body = {"FullName": f"Account.{name}", "Metadata": metadata}
        return str(self.write("POST", "tooling/sobjects/RecordType", body)["id"])

    def _ask(self, method: str, place: str, **more: Any) -> Any:
        return self.ask(method, f"/services/data/v62.0/{place}", self.token, **more)
