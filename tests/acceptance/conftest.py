from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.office import CRMS, Office, office


@pytest.fixture(params=CRMS)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office on each CRM; the service has taken its baseline."""
    with office(request.param, tmp_path) as opened:
        opened.run()
        yield opened
