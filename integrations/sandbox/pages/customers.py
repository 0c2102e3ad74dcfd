"""The customers: the list, and the record of each with its people and its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Final
from urllib.parse import quote

from integrations.sandbox.desk import Line, Sheet
from integrations.sandbox.http import Answer, Request
from integrations.sandbox.pages.card import PREVIEWS, card
from integrations.sandbox.pages.frame import Frame, Refused, number
from integrations.sandbox.pages.practising import Practising
from integrations.sandbox.seed import STAGES

#: Customers on a page of the list.
SHOWN: Final = 50


@dataclass(frozen=True)
class Editor:
    """The one field that is open for editing, and what was typed into it."""

    object: str = ""
    id: str = ""
    field: str = ""
    typed: str | None = None

    @classmethod
    def parse(cls, text: str) -> Editor:
        """From ``object:id:field``, as links have it."""
        parts = text.split(":", 2)
        return cls(*parts) if len(parts) == 3 else cls()

    @classmethod
    def posted(cls, form: Mapping[str, str]) -> Editor:
        """From the form itself."""
        return cls(*(form.get(name, "") for name in ("object", "id", "field", "value")))


class Customers:
    """The pages of customers."""

    def __init__(self, frame: Frame, practising: Practising) -> None:
        self._frame = frame
        self._practising = practising
        self._acts = {
            "edit": self._edit,
            "fill": self._fill,
            "complete": self._complete,
            "unsubscribe": self._unsubscribe,
        }

    def index(self, request: Request) -> Answer:
        """Customers by name."""
        search, first = request.query.get("search", ""), number(request, "start")
        rows = self._frame.desk.customers(search, start=first, limit=SHOWN + 1)
        return self._frame.page(
            request,
            "customers.html",
            title="Customers",
            rows=rows[:SHOWN],
            search=search,
            before=max(0, first - SHOWN) if first else None,
            after=first + SHOWN if len(rows) > SHOWN else None,
            practice="" if search or first else self._practising.name,
            practising=self._practising.id,
        )

    def show(self, request: Request) -> Answer:
        """One customer."""
        return self._sheet(request, Editor.parse(request.query.get("edit", "")))

    def act(self, request: Request) -> Answer:
        """Move the stage, edit fields, complete a task, or unsubscribe a person."""
        sheet, do = self._find(request), self._acts.get(request.form.get("do", ""))
        if do is None:
            raise Refused(400, "The form does not say what to do.")
        try:
            place, said = do(sheet, request)
        except ValueError as problem:
            editor = Editor.posted(request.form)
            return self._sheet(request, editor, problem=str(problem), status=422)
        return self._frame.back(f"/customers/{quote(sheet.id, safe='')}#{place}", said)

    def _edit(self, sheet: Sheet, request: Request) -> tuple[str, str]:
        form, desk = request.form, self._frame.desk
        edited = Editor.posted(form)
        places = {(desk.customer_object, sheet.id): ("details", sheet.lines)}
        for contact in sheet.contacts:
            places[desk.person_object, contact.id] = ("people", contact.lines)
        place, lines = places.get((edited.object, edited.id), ("", ()))
        line = next((line for line in lines if line.name == edited.field), None)
        if not line or not line.editable:
            raise Refused(400, "This record has no such field that people may edit.")
        value = form.get("value", "").replace("\r\n", "\n")
        desk.edit(edited.object, edited.id, edited.field, value, by=self._frame.by(request))
        return ("stage" if line is stage_of(sheet) else place), "saved"

    def _fill(self, sheet: Sheet, request: Request) -> tuple[str, str]:
        """Set fields in the card: ``set:field`` is the value, ``tick:field:choice`` one of many."""
        lines = {line.name: line for line in sheet.lines if line.editable}
        for name, value in request.form.items():
            if not name.startswith("set:"):
                continue
            line = lines.get(name.removeprefix("set:"))
            if line is None:
                raise Refused(400, "This record has no such field that people may edit.")
            ticked = (one for one, _ in line.options if f"tick:{line.name}:{one}" in request.form)
            typed = ";".join(ticked) if line.many else value.replace("\r\n", "\n")
            if typed != line.value:
                desk, by = self._frame.desk, self._frame.by(request)
                desk.edit(desk.customer_object, sheet.id, line.name, typed, by=by)
        return "card", "saved"

    def _complete(self, sheet: Sheet, request: Request) -> tuple[str, str]:
        task = request.form.get("task", "")
        if not any(h.kind == "task" and h.id == task for h in sheet.timeline):
            raise Refused(404, "This customer has no such task any more.")
        self._frame.desk.complete(task, by=self._frame.by(request))
        return "card" if request.form.get("place") == "card" else "tasks", "completed"

    def _unsubscribe(self, sheet: Sheet, request: Request) -> tuple[str, str]:
        person = request.form.get("person", "")
        if not any(contact.id == person for contact in sheet.contacts):
            raise Refused(404, "This customer has no such person any more.")
        self._frame.desk.unsubscribe(person)
        return "people", "unsubscribed"

    def _find(self, request: Request) -> Sheet:
        sheet = self._frame.desk.customer(request.params["id"])
        if sheet is None:
            raise Refused(404, "There is no such customer in this CRM.")
        return sheet

    def _sheet(
        self, request: Request, editor: Editor, *, problem: str = "", status: int = 200
    ) -> Answer:
        sheet, desk = self._find(request), self._frame.desk
        stage, preview = stage_of(sheet), request.query.get("card", "")
        waits = [h.kind == "task" and not h.done for h in sheet.timeline]
        tasks = compress(sheet.timeline, waits)
        return self._frame.page(
            request,
            "customer.html",
            status=status,
            title=sheet.name,
            sheet=sheet,
            card=card(sheet, self._frame.world.clock.now(), stage=stage, preview=preview),
            preview=preview if preview in PREVIEWS else "",
            stage=stage,
            lesson=self._practising.lesson(sheet, stage),
            groups=_grouped(line for line in sheet.lines if line is not stage),
            tasks=sorted(tasks, key=lambda task: task.due or task.at),
            past=[h for h, waiting in zip(sheet.timeline, waits, strict=True) if not waiting],
            editor=editor,
            problem=problem,
            objects={"customer": desk.customer_object, "person": desk.person_object},
        )


def stage_of(sheet: Sheet) -> Line | None:
    """The field that says where the customer stands: the one that offers all stages."""
    for line in sheet.lines:
        if set(STAGES) <= {value for value, _ in line.options}:
            return line
    return None


def _grouped(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The CRM's own fields and those that Aurevoir put there, which come first if filled."""
    groups: dict[str, list[Line]] = {"Details": [], "Off-boarding fields": []}
    for line in lines:
        ours = line.name.lower().startswith("aurevoir_")
        groups["Off-boarding fields" if ours else "Details"].append(line)
    leaving = any(line.value for line in groups["Off-boarding fields"])
    titles = sorted(groups, reverse=leaving)
    return {title: groups[title] for title in titles if groups[title]}
