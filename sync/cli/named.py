"""Which case is meant: by its key, or by the id or the name of its customer."""

from __future__ import annotations

from mappings.findings import did_you_mean
from sync.app import App
from sync.cli.failures import UsageError
from sync.store.cases import CaseRow


def case_named(service: App, word: str) -> CaseRow:
    """The case, the newest of a customer; raises UsageError where none or several are meant."""
    with service.store.reading() as tables:
        if row := tables.cases.get(word.lower()):
            return row
        rows = list(tables.cases.list())
        names: dict[tuple[str, str], str] = {}
        for connection in service.service.connections:
            field = service.mapping(connection).programme.customer.name
            for known in tables.people.all(connection):
                names[connection, known.ref.id] = str(known.fields.get(field) or "")
    found = {
        row.record: row
        for row in reversed(rows)
        if word == row.record
        or word.casefold() == names.get((row.connection, row.record), "").casefold()
    }
    if len(found) > 1:
        raise UsageError(f'several customers are called "{word}": say which, {" or ".join(found)}')
    for row in found.values():
        return row
    meant = did_you_mean(word, [*names.values()], listing=False)
    raise UsageError(f'there is no case "{word}"{meant or "; `aurevoir cases` lists them"}')
