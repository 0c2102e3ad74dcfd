"""Writing to an org: the fewest calls, and what became of every record in them.

Sources: "sObject Collections" in the REST API developer guide (200 records of up to 10 kinds; the
answer is in the order of the request, and is 200 even when all of them fail) and "Email Actions" in
the Actions developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from integrations.batches import batches
from integrations.contract import (
    NOTE,
    TASK,
    Call,
    Change,
    Create,
    Member,
    Receipt,
    Send,
    Write,
)
from integrations.errors import Exists, Reject, Unknown
from integrations.salesforce import faults, soql
from integrations.salesforce.reader import Reader
from integrations.salesforce.values import encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a call sends."""

    method: str
    path: str
    body: Any = None
    params: Mapping[str, str] | None = None


_KINDS: Final = ("create", "change", "leave", "send")


class Writer(Reader):
    """The verbs that write."""

    def pack(self, writes: Sequence[Write]) -> tuple[Call, ...]:
        """New tasks, notes and memberships travel together; so do changes of every object."""
        groups: dict[str, list[Write]] = {kind: [] for kind in _KINDS}
        for write in writes:
            groups[_kind(write)].append(write)
        calls = []
        for kind, some in groups.items():
            ordered = sorted(some, key=_object)
            for batch in batches(ordered, self.limits["member" if kind == "leave" else kind]):
                calls.append(Call(operation=f"collections.{kind}", writes=batch))
        return tuple(calls)

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """Make the request; every write gets its receipt."""
        kind = call.operation.rpartition(".")[2]
        if kind == "send":
            return tuple(self._mailed(call))
        writes = list(call.writes)
        if kind == "leave":
            known = self._memberships(writes)
            gone = [Receipt(key=write.key) for write in writes if write.key not in known]
            writes = [write for write in writes if write.key in known]
            if not writes:
                return tuple(gone)
            request = Request(
                method="DELETE",
                path="composite/sobjects",
                params={"ids": ",".join(known[w.key] for w in writes), "allOrNone": "false"},
            )
        else:
            gone = []
            request = self._request(kind, writes)
        answer = self._client.rest(
            call.operation, request.method, request.path, body=request.body, params=request.params
        )
        return (*gone, *_receipts(writes, answer or ()))

    def _request(self, kind: str, writes: Sequence[Write]) -> Request:
        records = [self._record_of(write) for write in writes]
        return Request(
            method="POST" if kind == "create" else "PATCH",
            path="composite/sobjects",
            body={"allOrNone": False, "records": records},
        )

    def _record_of(self, write: Write) -> dict[str, Any]:
        match write:
            case Create():
                return self.activities.creation(write.key, write.item)
            case Member():
                return {
                    "attributes": {"type": "CampaignMember"},
                    "CampaignId": write.segment,
                    "ContactId": write.person.id,
                }
            case Change(ref=ref) if ref.object in (TASK, NOTE):
                fields = self.activities.write(ref.object, write.values)
                return {"attributes": {"type": "Task"}, "Id": ref.id, **fields}
            case Change(ref=ref):
                fields = {name: encode(value) for name, value in write.values.items()}
                return {"attributes": {"type": ref.object}, "Id": ref.id, **fields}
            case Send():
                raise TypeError("a message is no record")

    def _memberships(self, writes: Sequence[Write]) -> dict[str, str]:
        """The ids of the memberships that are to end; asked for where we were not told them."""
        members = [write for write in writes if isinstance(write, Member)]
        known = {write.key: write.id for write in members if write.id}
        asked = {(w.segment, w.person.id): w.key for w in members if not w.id}
        if asked:
            query = soql.select(
                ("Id", "CampaignId", "ContactId"),
                "CampaignMember",
                soql.within("CampaignId", sorted({segment for segment, _ in asked})),
                soql.within("ContactId", sorted({person for _, person in asked})),
            )
            for raw in self._rows("members.query", query):
                if key := asked.get((raw["CampaignId"], raw["ContactId"])):
                    known[key] = raw["Id"]
        return known

    def _mailed(self, call: Call) -> Iterator[Receipt]:
        inputs = [_mail(write) for write in call.writes if isinstance(write, Send)]
        answer = self._client.rest(
            call.operation, "POST", "actions/standard/emailSimple", body={"inputs": inputs}
        )
        for write, said in zip(call.writes, answer or (), strict=False):
            if said["isSuccess"]:
                yield Receipt(key=write.key)
            else:
                code = str(((said.get("errors") or [{}])[0]).get("statusCode") or "")
                yield Receipt(
                    key=write.key, problem=Reject("Salesforce did not send it", code=code)
                )


def _kind(write: Write) -> str:
    match write:
        case Member(present=False):
            return "leave"
        case Create() | Member():
            return "create"
        case Change():
            return "change"
        case Send():
            return "send"


def _object(write: Write) -> str:
    """Records of one kind stand together: every change of kind costs one of ten chunks."""
    match write:
        case Change(ref=ref):
            return "Task" if ref.object in (TASK, NOTE) else ref.object
        case Member():
            return "CampaignMember"
        case _:
            return "Task"


def _receipts(writes: Sequence[Write], answer: Sequence[Mapping[str, Any]]) -> Iterator[Receipt]:
    if len(answer) != len(writes):
        for write in writes:
            yield Receipt(key=write.key, problem=Unknown("Salesforce's answer is incomplete"))
        return
    for write, said in zip(writes, answer, strict=True):
        if said["success"]:
            yield Receipt(key=write.key, id=said.get("id"))
            continue
        error = said["errors"][0]
        problem = faults.refused(error["statusCode"], error.get("fields") or ())
        if isinstance(write, Member) and (isinstance(problem, Exists) or not write.present):
            # Already in, or already out: as wanted.
            yield Receipt(key=write.key)
        else:
            yield Receipt(key=write.key, problem=problem)


def _mail(write: Send) -> dict[str, Any]:
    mail = write.mail
    return {
        "emailAddresses": mail.address,
        "emailSubject": mail.subject,
        "emailBody": f"{mail.body.rstrip()}\n\nRef. {write.key}",
        "senderType": "CurrentUser",
        "recipientId": mail.to.id,
        "relatedRecordId": mail.about.id,
        "logEmailOnSend": True,
    }
