from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from mappings.countries import NAMES, alpha2, zone_named, zone_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        (" de ", "DE"),
        ("Germany", "DE"),
        ("UK", "GB"),
        ("United Kingdom", "GB"),
        ("united states of america", "US"),
        ("Côte d'Ivoire", "CI"),
        ("Côte d\u2019Ivoire", "CI"),
        ("Saint Lucia", "LC"),
        ("Trinidad and Tobago", "TT"),
        ("Türkiye", "TR"),
        ("Narnia", None),
        ("", None),
        (None, None),
    ],
)
def test_codes_and_english_names(text: str | None, code: str | None) -> None:
    assert alpha2(text) == code


def test_every_name_leads_to_its_code() -> None:
    assert len(NAMES) == 249
    for code, name in NAMES.items():
        assert alpha2(name) == code


def test_a_country_with_several_clocks_has_no_zone() -> None:
    assert zone_of("DE") == "Europe/Berlin"
    assert zone_of("IN") == "Asia/Kolkata"
    for code in ("US", "CA", "AU", "BR", "ES", None, "XX"):
        assert zone_of(code) is None


def test_zones_are_those_of_the_tz_database() -> None:
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    zones: dict[str, list[str]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    noons = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=7 * week) for week in range(53)]

    def clocks(zone: str) -> tuple[timedelta | None, ...]:
        return tuple(noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons)

    for code in NAMES:
        if zone := zone_of(code):
            assert zone in zones[code]
            assert len({clocks(other) for other in zones[code]}) == 1, code


def test_a_zone_that_nobody_knows() -> None:
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    for name in ("Europe/Berlim", "", "../etc/passwd", "/etc/passwd"):
        assert zone_named(name) is None
