"""Writing to an org: the fewest calls, and what became of every record in them.

Sources: "sObject Collections" in the REST API developer guide (200 records of up to 10 kinds; the
answer is in the order of the request, and is 200 even when all of them fail) and "Email Actions" in
the Actions developer guide. More than 2,000 new tasks go as one job: ``ingest``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from integrations.batches import batches
from integrations.clip import clip
from integrations.contract import (
    DEPARTURE,
    NOTE,
    TASK,
    Call,
    Change,
    Create,
    Departure,
    Keeping,
    Member,
    Note,
    Receipt,
    Send,
    Task,
    Value,
    Write,
)
from integrations.errors import CrmError, Exists, Gone, Reject, Unknown
from integrations.salesforce import faults, soql
from integrations.salesforce.activities import TABLES
from integrations.salesforce.fit import unfit
from integrations.salesforce.ingest import FROM, Ingest
from integrations.salesforce.reader import Reader
from integrations.salesforce.values import encode

_KINDS: Final = ("create", "change", "leave", "send")
_COLLECTION: Final = "composite/sobjects"
_ACTION: Final = "actions/standard/emailSimple"
#: The version in which the action has new names for addresses.
_RENAMED: Final = 65.0
#: Characters of a message: its key stands at the end of its log, which is cut.
LONGEST: Final = 20_000

Outcome = Mapping[str, Any]


class Writer(Reader):
    """The verbs that write."""

    def pack(self, writes: Sequence[Write]) -> tuple[Call, ...]:
        """New tasks, notes and memberships travel together; so do changes of every object."""
        groups: dict[str, list[Write]] = {kind: [] for kind in _KINDS}
        for write in writes:
            groups[_kind(write)].append(write)
        calls = []
        for kind, some in groups.items():
            ordered = sorted(some, key=self._place)
            tasks = [write for write in ordered if _is_task(write)]
            if len(tasks) > FROM:
                calls.append(Call(operation="bulk.insert", writes=tuple(tasks)))
                ordered = [write for write in ordered if not _is_task(write)]
            for batch in batches(ordered, self.limits["member" if kind == "leave" else kind]):
                calls.append(Call(operation=f"collections.{kind}", writes=batch))
        return tuple(calls)

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """Make the request; every write gets its receipt."""
        refused = dict(self._unfit(call.writes))
        fit = replace(call, writes=tuple(w for w in call.writes if w.key not in refused))
        receipts = self._sent(fit) if fit.writes else ()
        return (*receipts, *(Receipt(key=key, problem=why) for key, why in refused.items()))

    def _unfit(self, writes: Sequence[Write]) -> Iterator[tuple[str, Reject]]:
        """What Salesforce would refuse, by key; an admin may have mended it since we looked."""
        looked: set[str] = set()
        for write in writes:
            match write:
                case Create(item=Departure(about=about)) if about.object not in self._keeping.about:
                    words = f"Salesforce's departures point to no {about.object}"
                    yield write.key, Reject(words)
                    continue
                case Create(item=Departure()):
                    object = self._keeping.object
                case Change(ref=ref) if ref.object not in TABLES:
                    object = ref.object
                case _:
                    continue
            why = self._why_unfit(object, write)
            if why and object not in looked:
                looked.add(object)
                self._fields.pop(object, None)
                why = self._why_unfit(object, write)
            if why:
                yield write.key, why

    def _why_unfit(self, object: str, write: Write) -> Reject | None:
        fields = self.fields(object)  # what they are read for, record types are asked for, too
        if isinstance(write, Change):
            return unfit(write.values, fields, self._types.offered(object, write.ref.id))
        assert isinstance(write, Create)
        assert isinstance(write.item, Departure)
        return unfit(write.item.values, fields)

    def _sent(self, call: Call) -> tuple[Receipt, ...]:
        kind, carries = call.operation.rpartition(".")[2], len(call.writes)
        if kind == "leave":
            return tuple(self._left(call))
        if kind == "insert":
            return tuple(self._inserted(call.writes))
        if kind == "send":
            mails = [write for write in call.writes if isinstance(write, Send)]
            inputs = [_mail(write, self._client.version) for write in mails]
            outcomes = self._client.write(
                call.operation, "POST", _ACTION, body={"inputs": inputs}, carries=carries
            )
        else:
            records = [self._record_of(write) for write in call.writes]
            outcomes = self._client.write(
                call.operation,
                "POST" if kind == "create" else "PATCH",
                _COLLECTION,
                body={"allOrNone": False, "records": records},
                carries=carries,
            )
        return tuple(self._receipts(call.writes, outcomes))

    def _record_of(self, write: Write) -> dict[str, Any]:
        match write:
            case Create(item=Departure() as item):
                return self._departure(write.key, item)
            case Create(item=Task() | Note() as item):
                return self.activities.creation(write.key, item)
            case Member():
                return {
                    "attributes": {"type": "CampaignMember"},
                    "CampaignId": write.segment,
                    "ContactId": write.person.id,
                }
            case Change(ref=ref) if ref.object in TABLES:
                fields = self.activities.write(ref.object, write.values)
                return {"attributes": {"type": "Task"}, "Id": ref.id, **fields}
            case Change(ref=ref, values=values):
                fields = self._encoded(ref.object, values)
                return {"attributes": {"type": ref.object}, "Id": ref.id, **fields}
            case _:
                raise TypeError("a message is no record")

    def _departure(self, key: str, item: Departure) -> dict[str, Any]:
        """A new record of a departure, which points to what it is about."""
        keeping = self._keeping
        values = {name: value for name, value in item.values.items() if value is not None}
        return {
            "attributes": {"type": keeping.object},
            keeping.key: key,
            keeping.about[item.about.object]: item.about.id,
            **self._encoded(keeping.object, values),
        }

    def _encoded(self, object: str, values: Mapping[str, Value]) -> dict[str, Any]:
        known = self.fields(object)
        return {
            name: encode(value, known[name].type if name in known else None)
            for name, value in values.items()
        }

    @property
    def _keeping(self) -> Keeping:
        """The object that keeps the departures."""
        assert self._names.departure
        return self._names.departure

    def _inserted(self, writes: Sequence[Write]) -> Iterator[Receipt]:
        """Create many at once; a row that no list names has an unknown fate."""
        key = self._key(TASK)
        records = [self._record_of(write) for write in writes]
        outcomes = Ingest(self._client).insert(TABLES[TASK], records, key)
        for write in writes:
            if said := outcomes.get(write.key):
                yield from self._receipts([write], [said])
            else:
                problem = Unknown("Salesforce's answer is incomplete")
                yield Receipt(key=write.key, problem=problem)

    def _left(self, call: Call) -> Iterator[Receipt]:
        """End memberships; who is none is as wanted."""
        known = self._memberships(call.writes)
        ending = [write for write in call.writes if write.key in known]
        yield from (Receipt(key=write.key) for write in call.writes if write.key not in known)
        if ending:
            ids = ",".join(known[write.key] for write in ending)
            outcomes = self._client.write(
                call.operation,
                "DELETE",
                _COLLECTION,
                params={"ids": ids, "allOrNone": "false"},
                carries=len(ending),
            )
            yield from self._receipts(ending, outcomes)

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

    def _receipts(self, writes: Sequence[Write], outcomes: Sequence[Outcome]) -> Iterator[Receipt]:
        """In the order of the request; nothing else tells which outcome is whose."""
        if len(outcomes) != len(writes):
            for write in writes:
                problem = Unknown("Salesforce's answer is incomplete")
                yield Receipt(key=write.key, problem=problem)
            return
        for write, said in zip(writes, outcomes, strict=True):
            if said.get("success") or said.get("isSuccess"):
                yield Receipt(key=write.key, id=said.get("id"))
            else:
                errors = said.get("errors") or [{}]
                yield Receipt(key=write.key, problem=self._problem(write, errors[0]))

    def _problem(self, write: Write, said: Outcome) -> CrmError | None:
        """What a refusal means for a write; None where it is as wanted already."""
        problem = faults.refused(said, _typed(write))
        match write:
            case Member(present=True) if isinstance(problem, Exists):
                return None
            case Member(present=False) if isinstance(problem, Gone):
                return None
            case Create(item=item) if isinstance(problem, Exists):
                kind = TASK if isinstance(item, Task) else NOTE
                own = self._key(DEPARTURE if isinstance(item, Departure) else kind)
                if problem.field in (None, own):
                    return problem
            case Create() | Change() if isinstance(problem, Reject) and problem.field == "OwnerId":
                if self._object(write) == TABLES[TASK]:
                    return Reject(problem.words, code=problem.code, field="owner")
        if isinstance(problem, Exists):
            words = f"another record in Salesforce has this value of {problem.field or 'a field'}"
            return Reject(words, code=problem.code, field=problem.field)
        return problem

    def _place(self, write: Write) -> tuple[str, str]:
        """Records of one kind stand together: every change of kind costs one of ten chunks.

        So do new tasks of one customer, whose row each of them locks.
        """
        return self._object(write), write.item.about.id if isinstance(write, Create) else ""

    def _object(self, write: Write) -> str:
        match write:
            case Change(ref=ref):
                return TABLES.get(ref.object, ref.object)
            case Member():
                return "CampaignMember"
            case Create(item=Departure()):
                return self._keeping.object
            case _:
                return TABLES[TASK]


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


def _is_task(write: Write) -> bool:
    return isinstance(write, Create) and isinstance(write.item, Task)


def _typed(write: Write) -> tuple[str, ...]:
    """The texts that a write carries."""
    match write:
        case Create(item=Task() as task):
            return (task.subject, task.body)
        case Create(item=Note() as note):
            return (note.body,)
        case Create(item=Departure(values=values)) | Change(values=values):
            return tuple(value for value in values.values() if isinstance(value, str))
        case _:
            return ()


def _mail(write: Send, version: str) -> dict[str, Any]:
    mail = write.mail
    return {
        "emailAddresses" if float(version) < _RENAMED else "recipientAddresses": mail.address,
        "emailSubject": mail.subject,
        "emailBody": f"{clip(mail.body.rstrip(), LONGEST)}\n\nRef. {write.key}",
        "senderType": "CurrentUser",
        "recipientId": mail.to.id,
        "relatedRecordId": mail.about.id,
        "logEmailOnSend": True,
    }
