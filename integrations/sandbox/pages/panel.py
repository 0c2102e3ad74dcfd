"""The switches for people: clock, faults, options of the CRM, and a fresh start."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from integrations.sandbox.desk import Keeper
from integrations.sandbox.http import Answer, Request
from integrations.sandbox.pages.frame import Frame, Refused
from integrations.sandbox.switches import ClockWish, FaultWish, RecordWish, ResetWish

Form = Mapping[str, str]


class Panel:
    """The page of switches."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._switches = frame.switches
        #: What each form does, and the word that says so afterwards.
        self._acts: Mapping[str, tuple[Callable[[Form], object], str]] = {
            "clock": (self._move_clock, "clock"),
            "fault": (lambda form: self._switches.arm(FaultWish.read(form)), "armed"),
            "disarm": (lambda form: frame.world.faults.clear(), "disarmed"),
            "options": (self._set_options, "options"),
            "record": (self._keep, "record"),
            "reset": (lambda form: self._switches.reset(ResetWish.read(form)), "reset"),
        }

    def show(self, request: Request, *, problem: str = "", status: int = 200) -> Answer:
        """How everything stands."""
        world, dialect = self._frame.world, self._switches.dialect
        return self._frame.page(
            request,
            "switches.html",
            status=status,
            title="Switches",
            problem=problem,
            typed=request.form,
            faults=world.faults.active,
            options=dialect.options,
            keeper=isinstance(dialect.desk, Keeper),
            objects=(dialect.desk.customer_object, dialect.desk.person_object),
            operations=dialect.routes.operations(),
            world=world.seed.name,
        )

    def act(self, request: Request) -> Answer:
        """Turn one of them."""
        form = {name: value.strip() for name, value in request.form.items() if value.strip()}
        act = self._acts.get(form.pop("do", ""))
        if act is None:
            raise Refused(400, "The form does not say what to do.")
        do, said = act
        try:
            do(form)
        except ValueError as problem:
            return self.show(request, problem=str(problem), status=422)
        return self._frame.back("/switches", said)

    def _move_clock(self, form: Form) -> None:
        """A field for date and time sends no zone; the page says that it means UTC."""
        utc = {name: value + "Z" for name, value in form.items() if name == "now"}
        self._switches.move_clock(ClockWish.read({**form, **utc}))

    def _keep(self, form: Form) -> None:
        """What shall be done with the record is in a field of its own: ``do`` names the form."""
        rest = {name: value for name, value in form.items() if name != "deed"}
        self._switches.keep(RecordWish.read({**rest, "do": form.get("deed", "")}))

    def _set_options(self, form: Form) -> None:
        """A box that is not ticked is not sent; an empty field leaves a number as it is."""
        wanted: dict[str, object] = {}
        for name, now in self._switches.dialect.options.items():
            if isinstance(now, bool):
                wanted[name] = name in form
            elif isinstance(now, int):
                wanted[name] = _whole(name, form.get(name, str(now)))
            else:
                wanted[name] = form.get(name, "")
        self._switches.set_options(wanted)


def _whole(name: str, text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{name}: say a whole number")
    return int(text)
