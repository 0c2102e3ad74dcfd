"""Writing to a portal: the fewest calls, and what became of every record in them.

Sources: "Batch create", "Batch update", "Lists" and "Single-send" in HubSpot's API reference. A
multi-status answer names each failed record by the trace id that we gave it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    Task,
    Value,
    Write,
)
from integrations.errors import CrmError, Reject, Unknown
from integrations.hubspot import faults, objects
from integrations.hubspot.reader import Reader
from integrations.hubspot.values import decode, encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a call sends."""

    operation: str
    path: Mapping[str, str]
    body: Any


class Writer(Reader):
    """The verbs that write."""

    def pack(self, writes: Sequence[Write]) -> tuple[Call, ...]:
        """A hundred tasks, notes or records of one object a call; one call a list."""
        groups: dict[tuple[str, str], list[Write]] = defaultdict(list)
        for write in writes:
            groups[_group(write)].append(write)
        calls = []
        for (operation, of), some in groups.items():
            kind = {"create": "create", "update": "change", "change": "member"}.get(
                operation.rpartition(".")[2], "send"
            )
            for batch in batches(some, self.limits[kind]):
                request = self._request(operation, of, batch)
                calls.append(Call(operation=f"{operation} {of}", writes=batch, request=request))
        return tuple(calls)

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """Make the request; every write gets its receipt."""
        request = call.request
        assert isinstance(request, Request)
        try:
            answer = self._client.call(request.operation, path=request.path, body=request.body)
        except CrmError as problem:
            raise faults.divided(problem, len(call.writes)) from None
        if request.operation == "members.change":
            return tuple(_joined(call.writes, answer))
        if request.operation == "mail.send":
            return (_mailed(call.writes[0], answer),)
        return tuple(self._receipts(call, request, answer))

    def _request(self, operation: str, of: str, batch: Sequence[Write]) -> Request:
        if operation == "members.change":
            return Request(operation=operation, path={"list": of}, body=_membership(batch))
        if operation == "mail.send":
            return Request(operation=operation, path={}, body=_mail(batch[0]))
        inputs = [self._input(write) for write in batch]
        return Request(operation=operation, path={"object": of}, body={"inputs": inputs})

    def _input(self, write: Write) -> dict[str, Any]:
        if isinstance(write, Create):
            return objects.creation(write.key, write.item, self._names)
        assert isinstance(write, Change)
        if write.ref.object in (TASK, NOTE):
            properties = objects.write(write.ref.object, write.values, self._names)
        else:
            properties = {name: encode(value) for name, value in write.values.items()}
        return {"objectWriteTraceId": write.key, "id": write.ref.id, "properties": properties}

    def _receipts(
        self, call: Call, request: Request, answer: Mapping[str, Any]
    ) -> Iterator[Receipt]:
        """By trace id where one failed, by our key or the record's id where one was taken."""
        taken: dict[str, Mapping[str, Any]] = {}
        for raw in answer.get("results") or ():
            for name in (raw.get("objectWriteTraceId"), raw["id"], self._own_key(request, raw)):
                if name:
                    taken[str(name)] = raw
        failed = {
            str(trace): faults.refused(error)
            for error in answer.get("errors") or ()
            for trace in (error.get("context") or {}).get("objectWriteTraceId", ())
        }
        for write in call.writes:
            names = [write.key, write.ref.id] if isinstance(write, Change) else [write.key]
            raw = next((taken[name] for name in names if name in taken), None)
            if write.key in failed:
                yield Receipt(key=write.key, problem=failed[write.key])
            elif raw is None:
                yield Receipt(key=write.key, problem=Unknown("HubSpot's answer left this one out"))
            else:
                values = self._values(write, raw.get("properties") or {})
                yield Receipt(key=write.key, id=str(raw["id"]), values=values)

    def _own_key(self, request: Request, raw: Mapping[str, Any]) -> str | None:
        """Our key, where a created task or note comes back with it."""
        kind = {own: kind for kind, own in objects.OWN.items()}.get(request.path["object"])
        if kind is None or request.operation != "objects.create":
            return None
        return (raw.get("properties") or {}).get(self._key(kind))

    def _values(self, write: Write, raw: Mapping[str, Any]) -> dict[str, Value]:
        """What HubSpot now holds of what was written."""
        if isinstance(write, Create):
            kind = TASK if isinstance(write.item, Task) else NOTE
            read = objects.read(kind, raw, self._names)
            return {name: value for name, value in read.items() if name != "key"}
        assert isinstance(write, Change)
        if write.ref.object in (TASK, NOTE):
            read = objects.read(write.ref.object, raw, self._names)
            return {name: read[name] for name in write.values if name in read}
        types = self.types(write.ref.object)
        return {n: decode(raw[n], types[n]) for n in write.values if n in raw and n in types}


def _group(write: Write) -> tuple[str, str]:
    """The operation that carries a write, and what it is for."""
    match write:
        case Create(item=Task()):
            return "objects.create", objects.OWN[TASK]
        case Create():
            return "objects.create", objects.OWN[NOTE]
        case Change(ref=ref):
            return "objects.update", objects.plural(ref.object)
        case Member(segment=segment):
            return "members.change", segment
        case Send():
            return "mail.send", ""


def _membership(batch: Sequence[Write]) -> dict[str, list[str]]:
    members = [write for write in batch if isinstance(write, Member)]
    return {
        "recordIdsToAdd": [m.person.id for m in members if m.present],
        "recordIdsToRemove": [m.person.id for m in members if not m.present],
    }


def _joined(writes: Sequence[Write], answer: Mapping[str, Any]) -> Iterator[Receipt]:
    """Who is a member already, or is none, is passed over in silence: that is as wanted."""
    missing = {str(id) for id in answer.get("recordIdsMissing") or ()}
    for write in writes:
        assert isinstance(write, Member)
        gone = write.person.id in missing and write.present
        problem = Reject("HubSpot does not have this contact any more") if gone else None
        yield Receipt(key=write.key, problem=problem)


def _mail(write: Write) -> dict[str, Any]:
    assert isinstance(write, Send)
    mail = write.mail
    return {
        "emailId": int(mail.template or 0),
        "message": {"to": mail.address, "sendId": write.key},
        "customProperties": {"subject": mail.subject, "body": mail.body, **mail.values},
    }


def _mailed(write: Write, answer: Mapping[str, Any]) -> Receipt:
    """Taken is taken: HubSpot sends later, and only once for a sendId."""
    result = str(answer.get("sendResult") or "")
    if answer.get("status") == "CANCELED":
        return Receipt(key=write.key, problem=Reject("HubSpot did not send it", code=result))
    return Receipt(key=write.key, id=str(answer.get("statusId") or write.key))
