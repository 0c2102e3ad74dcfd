"""A mapping as it was read: programme, fields, survey, letters, and where each line stands."""

from __future__ import annotations

from dataclasses import dataclass

from mappings.document import Node, Path
from mappings.findings import Finding, Severity, Spot
from mappings.letters import Letterbook
from mappings.programme import Programme
from mappings.rows import Rows
from mappings.survey import Questionnaire


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What ``loader.load`` gives back."""

    programme: Programme
    rows: Rows
    questionnaire: Questionnaire
    letters: Letterbook
    #: The mapping file over its defaults; a playbook stands under ``books`` and its name.
    tree: Node

    def spot(self, path: Path) -> Spot:
        """Where a value of the programme is written; ``own`` is False for a default."""
        return self.tree.spot_at(path)

    def finding(self, path: Path, words: str, *, severity: Severity = "error") -> Finding:
        """A finding about a value of the programme."""
        return Finding.at(self.spot(path), words, severity=severity)

    def judged(
        self, path: Path, words: str, *, severity: Severity = "error", default: Severity = "hint"
    ) -> Finding:
        """The same; ``severity`` for the admin's own line, ``default`` for one of ours."""
        own = self.spot(path).own
        return self.finding(path, words, severity=severity if own else default)
