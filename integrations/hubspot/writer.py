"""Writing to a portal: the fewest calls, and what became of every record in them.

Sources: "Batch create", "Batch update", "Lists" and "Single-send" in HubSpot's API reference. A
multi-status answer names each failed record by the trace id that we gave it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from integrations.batches import batches
from integrations.contract import (
    DEPARTURE,
    NOTE,
    TASK,
    Call,
    Change,
    Create,
    Departure,
    Member,
    Note,
    Receipt,
    Send,
    Task,
    Value,
    Write,
)
from integrations.errors import Drift, Exists, Reject, Retry, Unknown
from integrations.hubspot import faults, objects
from integrations.hubspot.reader import Reader
from integrations.hubspot.values import decode, encode, holds, takes

_LIMITS: Final = {
    "objects.create": "create",
    "objects.update": "change",
    "members.change": "member",
    "mail.send": "send",
}
#: What HubSpot says of a message that it takes, and of one that it took before.
_SENT: Final = frozenset({"", "SENT", "QUEUED", "IDEMPOTENT_IGNORE"})


class Writer(Reader):
    """The verbs that write."""

    def pack(self, writes: Sequence[Write]) -> tuple[Call, ...]:
        """A hundred tasks, notes or records of one object a call; one call a list."""
        groups: dict[tuple[str, str], list[Write]] = defaultdict(list)
        for write in writes:
            groups[self._group(write)].append(write)
        return tuple(
            Call(operation=f"{operation} {of}".rstrip(), writes=batch)
            for (operation, of), some in groups.items()
            for batch in batches(some, self.limits[_LIMITS[operation]])
        )

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """Make the request; every write gets its receipt."""
        operation, _, of = call.operation.partition(" ")
        refused = self._impossible(call.writes)
        writes = [write for write in call.writes if write.key not in refused]
        said = [Receipt(key=key, problem=problem) for key, problem in refused.items()]
        if not writes:
            return tuple(said)
        if operation == "members.change":
            answer = self._call(operation, {"list": of}, _membership(writes), writes)
            return (*said, *_joined(writes, answer))
        if operation == "mail.send":
            answer = self._call(operation, {}, _mail(writes[0]), writes)
            return (*said, _mailed(writes[0], answer))
        inputs = [self._input(write) for write in writes]
        answer = self._call(operation, {"object": self.place(of)}, {"inputs": inputs}, writes)
        return (*said, *self._receipts(writes, answer))

    def _impossible(self, writes: Sequence[Write]) -> dict[str, Reject]:
        """Those that HubSpot would refuse, and with them the whole batch, and why."""
        found = {w.key: why for w in writes if (why := self._refusal(w))}
        stale = {self._object(w) for w in writes if w.key in found} - {""}
        if not stale:
            return found
        # An option may have been added since we looked.
        for object in stale:
            self._fields.pop(object, None)
        return {w.key: why for w in writes if (why := self._refusal(w))}

    def _refusal(self, write: Write) -> Reject | None:
        match write:
            case Create(item=Departure(about=about)) if not self._link(about.object):
                words = f"HubSpot's departures are not associated with {about.object}"
                return Reject(f"{words}; add that association in Settings > Objects")
            case Create(item=Task() | Note() as item) if not objects.can_be_about(item):
                return Reject(f"HubSpot has no tasks and notes about {item.about.object}")
            case Send(mail=mail) if not (mail.template or "").isdecimal():
                return Reject("HubSpot sends only its own e-mails; name one's id as the template")
            case Create(item=Departure(values=values)) | Change(values=values) if object := (
                self._object(write)
            ):
                known = self.fields(object)
                for name, value in values.items():
                    if name in known and not takes(known[name], value):
                        words = f"HubSpot's property {name} has no such option"
                        return Reject(words, code="INVALID_OPTION", field=name)
                    if name in known and not holds(known[name], value):
                        words = f"the text is too long for HubSpot's property {name}"
                        most = f"it holds {known[name].length:,} characters"
                        return Reject(f"{words}: {most}", code="INVALID_LENGTH", field=name)
        return None

    def _object(self, write: Write) -> str:
        """The object whose own properties a write sets, if it does."""
        match write:
            case Create(item=Departure()):
                return self._names.departure.object if self._names.departure else ""
            case Change(ref=ref) if ref.object not in objects.OWN:
                return ref.object
        return ""

    def _link(self, about: str) -> Mapping[str, Any]:
        """The unlabelled type of association from a departure to what it is about, if any."""
        if not self._links_known.get(about):
            path = {"object": self.place(DEPARTURE), "to": self.place(about)}
            types = self._client.call("labels.list", path=path)["results"]
            types = sorted(types, key=lambda one: one.get("label") is not None)
            self._links_known[about] = (
                {
                    "associationCategory": types[0]["category"],
                    "associationTypeId": types[0]["typeId"],
                }
                if types
                else {}
            )
        return self._links_known[about]

    def _properties(self, object: str, values: Mapping[str, Value]) -> dict[str, str]:
        known = self.fields(object)
        return {
            name: encode(value, known[name].type if name in known else None)
            for name, value in values.items()
        }

    def _call(
        self, operation: str, path: Mapping[str, str], body: Any, writes: Sequence[Write]
    ) -> Mapping[str, Any]:
        return self._client.call(operation, path=path, body=body, carries=len(writes))

    def _input(self, write: Write) -> dict[str, Any]:
        match write:
            case Create(key=key, item=Departure(about=about, values=values)):
                given = {**values, self._key(DEPARTURE): key}
                held = self._properties(self._object(write), given)
                link = {"to": {"id": about.id}, "types": [self._link(about.object)]}
                return {
                    "objectWriteTraceId": key,
                    "properties": {name: value for name, value in held.items() if value},
                    "associations": [link],
                }
            case Create(item=Task() | Note() as item):
                return objects.creation(write.key, item, self._names)
        assert isinstance(write, Change)
        if write.ref.object in objects.OWN:
            properties = objects.write(write.ref.object, write.values, self._names)
        else:
            properties = self._properties(write.ref.object, write.values)
        return {"objectWriteTraceId": write.key, "id": write.ref.id, "properties": properties}

    def _receipts(self, writes: Sequence[Write], answer: Mapping[str, Any]) -> Iterator[Receipt]:
        """By trace id; where an answer has none, by our key or the record's id."""
        taken: dict[str, Mapping[str, Any]] = {}
        for raw in answer.get("results") or ():
            properties = raw.get("properties") or {}
            keys = {properties.get(self._key(kind)) for kind in (*objects.OWN, DEPARTURE)}
            for name in (raw.get("objectWriteTraceId"), raw["id"], *keys):
                if name:
                    taken[str(name)] = raw
        failed = {
            trace: faults.refused(error)
            for error in answer.get("errors") or ()
            for trace in faults.traces(error)
        }
        for write in writes:
            names = (write.key, write.ref.id) if isinstance(write, Change) else (write.key,)
            problem = next((failed[name] for name in names if name in failed), None)
            raw = next((taken[name] for name in names if name in taken), None)
            if problem is None and raw is None:
                problem = Unknown("HubSpot's answer left this one out")
            if problem is None or isinstance(problem, Reject):
                problem = self._ignored(write, (raw or {}).get("properties") or {}) or problem
            if isinstance(problem, Exists) and not self._own(write, problem):
                words = f"another record in HubSpot has this value of {problem.field or 'a field'}"
                problem = Reject(words, code=problem.code, field=problem.field)
            if isinstance(problem, Reject):
                problem = _in_our_words(problem, write)
            if problem is not None or raw is None:
                yield Receipt(key=write.key, problem=problem)
            else:
                yield Receipt(key=write.key, id=str(raw["id"]), values=self._values(write, raw))

    def _own(self, write: Write, problem: Exists) -> bool:
        """Whether what is there already is there under our key."""
        if not isinstance(write, Create):
            return False
        return problem.field in (None, self._key(_kind(write)))

    def _ignored(self, write: Write, said: Mapping[str, Any]) -> Drift | None:
        """Tasks and notes pass over properties that are not there, without a word."""
        if not isinstance(write, Change) or write.ref.object not in objects.OWN:
            return None
        known = objects.properties(write.ref.object, self._names)
        silent = {known[name] for name in write.values if name in known} - said.keys()
        if silent:
            self._fields.pop(write.ref.object, None)
        try:
            self.fields(write.ref.object, silent)
        except Drift as drift:
            return drift
        return None

    def _values(self, write: Write, raw: Mapping[str, Any]) -> dict[str, Value]:
        """What HubSpot now holds of what was written."""
        held = raw.get("properties") or {}
        if isinstance(write, Create) and not isinstance(write.item, Departure):
            read = objects.read(_kind(write), held, self._names)
            return {name: value for name, value in read.items() if name != "key"}
        if isinstance(write, Change) and write.ref.object in objects.OWN:
            read = objects.read(write.ref.object, held, self._names)
            return {name: read[name] for name in write.values if name in read}
        values = write.values if isinstance(write, Change) else _departure(write).values
        known = self.fields(self._object(write))
        names = [name for name in values if name in held and name in known]
        return {name: decode(held[name], known[name].type) for name in names}

    def _group(self, write: Write) -> tuple[str, str]:
        """The operation that carries a write, and what it is for."""
        match write:
            case Create(item=Departure()):
                return "objects.create", self._object(write)
            case Create():
                return "objects.create", objects.OWN[_kind(write)]
            case Change(ref=ref):
                return "objects.update", objects.plural(ref.object)
            case Member(segment=segment):
                return "members.change", segment
            case Send():
                return "mail.send", ""


def _kind(write: Create) -> str:
    """What is created, by the contract's word for it."""
    match write.item:
        case Task():
            return TASK
        case Departure():
            return DEPARTURE
    return NOTE


def _departure(write: Write) -> Departure:
    assert isinstance(write, Create)
    assert isinstance(write.item, Departure)
    return write.item


def _in_our_words(problem: Reject, write: Write) -> Reject:
    """A refused field of a task or note by the contract's name for it: the owner, say."""
    match write:
        case Create():
            object = _kind(write)
        case Change(ref=ref):
            object = ref.object
        case _:
            return problem
    if object not in objects.OWN or not problem.field:
        return problem
    field = objects.word(object, problem.field)
    return Reject(problem.words, code=problem.code, field=field)


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
    if result == "THROTTLED":
        return Receipt(key=write.key, problem=Retry("HubSpot mails too much already", after=60))
    if answer["status"] == "CANCELED" or result not in _SENT:
        return Receipt(key=write.key, problem=Reject("HubSpot did not send it", code=result))
    return Receipt(key=write.key, id=str(answer.get("statusId") or write.key))
