"""Looking at what is: ``status``, ``cases``, ``explain`` and ``verify``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, get_args

import typer
from rich.console import Console

from mappings.findings import did_you_mean
from sync import verify as verifying
from sync.app import App
from sync.cli import learn
from sync.cli.failures import FOUND, UsageError, about
from sync.cli.named import case_named
from sync.cli.options import DEFAULT, Config, Json, One, heading, opened, show, table
from sync.explain import Explained, explain, kept
from sync.model import Status
from sync.outbox import State
from sync.place import called, counted, kind
from sync.store.connections import Standing

#: How long a merge of customers is told.
MERGES: Final = timedelta(days=7)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(status)
    app.command()(cases)
    app.command("explain")(explained)
    app.command()(verify)


def status(config: Config = DEFAULT, connection: One = None, as_json: Json = False) -> None:
    """Say how each connection fares, and what went wrong."""
    service = opened(config, signs_in=False)
    found = {name: _status(service, name) for name in service.names(connection)}

    def text(console: Console) -> None:
        for name, one in found.items():
            console.print(f"[bold]{name}[/bold]: {one['words']}")
            if one["cases"]:
                states = ", ".join(f"{number} {what}" for what, number in one["cases"].items())
                console.print(f"  cases: {states}")
            waiting = ", ".join(f"{number} {what}" for what, number in one["writes"].items())
            console.print(f"  writes: {waiting or 'none yet'}")
            if calls := one["calls"]:
                everybody = "" if calls["used"] is None else f"{calls['used']:,} of "
                console.print(
                    f"  calls: {calls['ours']:,} of our {calls['budget']:,} on {calls['day']}; "
                    f"{everybody}{calls['limit']:,} are "
                    + ("used by everybody" if everybody else "allowed to all of the app")
                )
            for problem in one["refused"]:
                console.print(f"  refused: {problem['key']}: {problem['words']}")

    show(found, as_json=as_json, text=text)


def _status(service: App, name: str) -> dict[str, Any]:
    with service.store.reading() as tables:
        standing = tables.connections.fares(name)
        states = tables.cases.count(name)
        ledger = tables.ledger.count(name)
        refused = tables.ledger.in_state(name, State.REJECTED, State.MAYBE_SENT, limit=20)
        customers = tables.watches.customers(name)
        ended = standing.cycle_at if standing else None
        joined = tables.cases.merged(name, ended - MERGES) if ended else 0
    writes: dict[str, int] = {}
    for (_, state), number in sorted(ledger.items()):
        writes[state] = writes.get(state, 0) + number
    return {
        "words": _words(standing, service.service.connections[name].crm, joined),
        "crm": service.service.connections[name].crm,
        "org": (standing.org or None) if standing else None,
        "kind": kind(standing),
        "held": standing.held if standing else None,
        "paused": standing.paused if standing else None,
        "shadow": standing.shadow if standing else False,
        "parked_until": standing.parked_until if standing else None,
        "trouble": standing.trouble if standing else None,
        "drift": standing.drift.splitlines() if standing and standing.drift else [],
        "notes": standing.notes.splitlines() if standing and standing.notes else [],
        "joined": joined,
        "calls": _calls(service, standing) if standing else None,
        "cycle_at": standing.cycle_at if standing else None,
        "customers": customers,
        "cases": states,
        "writes": writes,
        "refused": [{"key": e.key, "step": e.step, "words": e.words} for e in refused],
    }


def _calls(service: App, standing: Standing) -> dict[str, Any] | None:
    """Ours of today, and everybody's where the CRM tells; None where nobody names a limit."""
    if standing.allowed is None:
        return None
    share = service.service.connections[standing.name].quota.share
    return {
        "day": standing.calls_on,
        "ours": standing.calls,
        "budget": int(standing.allowed * share / 100),
        "used": standing.used,
        "limit": standing.allowed,
    }


def _words(standing: Standing | None, crm: str, joined: int) -> str:
    """One sentence; ``joined``: cases whose customers were merged lately."""
    if standing is None:
        return f"has not signed in to {crm} yet; `aurevoir run` does"
    org = "" if standing.org in standing.title else f"{standing.org}, "
    place = f"{crm} {standing.title} ({org}{standing.kind})"
    if not standing.org:
        place = f"has not signed in to {crm} yet;"
        if not standing.trouble:
            paused = " it is paused;" if standing.paused else ""
            return f"{place}{paused} `aurevoir run` does"
        place += " it"
    if standing.trouble and standing.parked_until:
        return f"{place} is parked until {_moment(standing.parked_until)}: {standing.trouble}"
    if standing.trouble:
        return f"{place} stands still: {standing.trouble}"
    if standing.held:
        return f"{place} is held: {standing.held}; `aurevoir release` lets it go on"
    if standing.paused:
        what = "mail to customers is paused" if standing.paused == "outward" else "is paused"
        return f"{place}: {what}; `aurevoir release` lets it go on"
    if standing.cycle_at is None:
        return f"{place} has signed in; no cycle has ended yet"
    if standing.shadow:
        return f"{place} is in shadow mode: it looks and plans, and writes nothing"
    if standing.drift:
        first, *more = standing.drift.splitlines()
        others = f" ({len(more)} more: `aurevoir check`)" if more else ""
        return f"{place} works, but for what needs this: {first}{others}"
    worth = [*(standing.notes or "").splitlines(), *([_joined(joined)] if joined else [])]
    ended = f"works; its last cycle ended at {_moment(standing.cycle_at)}"
    return "; ".join((f"{place} {ended}", *worth))


def _joined(many: int) -> str:
    subject = "1 case follows its customer" if many == 1 else f"{many} cases follow their customers"
    return f"{subject} through a merge of the last {MERGES.days} days"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def cases(
    config: Config = DEFAULT,
    connection: One = None,
    state: Annotated[
        str | None, typer.Option("--status", help="Only cases in this status.")
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 50,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="Count the reasons by month and playbook instead.")
    ] = False,
    features: Annotated[
        bool, typer.Option("--features", help="List what customers asked for instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the cases, newest first."""
    service = opened(config, signs_in=features)
    if state is not None and state not in get_args(Status):
        meant = did_you_mean(state, get_args(Status))
        raise UsageError(f"--status {state}: there is no such status{meant}")
    if reasons or features:
        tell = learn.reasons if reasons else learn.features
        tell(service, service.names(connection), state, as_json=as_json)
        return
    found = []
    kinds = {name: service.kind(name) for name in service.names(connection)}
    for name in kinds:
        loaded = service.mapping(name)
        with service.store.reading() as tables:
            rows = list(tables.cases.list(name, status=state, limit=limit))
            for row in rows:
                known = tables.people.customers(name, row.object, [row.record])
                fields = known[row.record].fields if row.record in known else {}
                found.append(
                    {
                        "case": row.key,
                        "connection": name,
                        "org_kind": kinds[name],
                        "customer": fields.get(loaded.programme.customer.name),
                        "object": row.object,
                        "record": row.record,
                        "number": row.number,
                        "status": row.status,
                        "opened_on": row.opened_at.date(),
                        "departs_on": row.departs_on,
                        "progress": row.progress,
                        "next_step": row.next_step,
                    }
                )

    def text(console: Console) -> None:
        columns = ("case", "customer", "status", "opened_on", "departs_on", "progress", "next_step")
        titles = ("case", "customer", "status", "opened", "departs", "%", "next step")
        console.print(", ".join(called(name, of) for name, of in kinds.items()))
        if found:
            console.print(table(titles, [[one[c] for c in columns] for one in found]))
        else:
            console.print("There are no cases.")

    show(found, as_json=as_json, text=text)


def explained(
    case: Annotated[str, typer.Argument(help="The key of a case, or a customer by id or name.")],
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Tell one case: what happened, what waits, and why.

    What is in the CRM, what was promised, what was withheld, and what comes next.
    """
    service = opened(config)
    row = case_named(service, case)
    with about(row.connection), service.store.rehearsal() as store:
        connection = service.connection(row.connection, store=store)
        found = explain(connection, row)
    org_kind = connection.identity.kind
    place = called(row.connection, org_kind)
    show(
        {"connection": row.connection, "org_kind": org_kind, **found.as_json},
        as_json=as_json,
        text=lambda console: _explained(console, found, place),
    )


def _explained(console: Console, found: Explained, place: str) -> None:
    console.print(
        f"[bold]{found.customer}[/bold] in {place}, case {found.case} "
        f"(departure {found.number}): "
        f"{found.status}, departs on {found.departs_on}, {found.progress} % done"
    )
    console.print("Times are in UTC.")
    for title, lines in (
        ("Why they leave", found.reasons),
        (f"How open the door is: {found.door_open} of 100", found.door),
        ("What happened", found.history),
        ("What is in the CRM", found.there),
        ("What waits", found.waiting),
        ("What was withheld, and why", _together(found.withheld)),
        ("What was promised", [kept(one) for one in found.promises]),
        ("Who has what, and why", found.owners),
        ("What comes next", found.coming),
    ):
        if lines:
            console.print(f"\n{title}")
            for line in lines:
                console.print(f"  {line}")
    following = f"{found.wake_at:%Y-%m-%d %H:%M} UTC" if found.wake_at else "something happens"
    console.print(f"\nNothing changes by itself before {following}.")


def _together(withheld: list[str]) -> list[str]:
    """Steps that wait for the same thing, on one line."""
    steps: dict[str, list[str]] = {}
    for line in withheld:
        step, _, why = line.partition(": ")
        steps.setdefault(why, []).append(step)
    return [f"{', '.join(some)}: {why}" for why, some in steps.items()]


def verify(config: Config = DEFAULT, connection: One = None, as_json: Json = False) -> None:
    """Count in the CRM what is missing, or there twice."""
    service = opened(config)
    found, kinds = {}, {}
    for name in service.names(connection):
        with about(name):
            signed_in = service.connection(name)
            found[name], kinds[name] = verifying.verify(signed_in), signed_in.identity.kind

    def text(console: Console) -> None:
        for name, one in found.items():
            console.print(
                f"{heading(name, kinds[name])}: {one.checked} checked, {len(one.missing)} missing, "
                f"{len(one.extra)} extra, {counted(len(one.edited), 'field')} changed by people"
            )
            for what, listed in (
                ("missing", one.missing),
                ("extra", one.extra),
                ("not on its customer", one.unlinked),
            ):
                for line in listed:
                    console.print(f"  {what}: {line}")

    result = {name: {"kind": kinds[name], **one.as_json} for name, one in found.items()}
    show(result, as_json=as_json, text=text)
    if any(one.missing or one.extra or one.unlinked for one in found.values()):
        raise typer.Exit(FOUND)
