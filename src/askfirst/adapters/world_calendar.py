"""The world's clocks and public holidays.

Clocks come from the package `tzdata`, never from the system: a server whose own data is old would
decide by it, and no two servers have the same. Holidays come from `holidays`.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo

from askfirst.domain.values.timestamp import SECOND, Instant, to_datetime


class WorldCalendar:
    """See decision.countries.place.Calendar."""

    @property
    def version(self) -> str:
        """Name the data that answers rest on."""
        return f"tzdata {version('tzdata')}, holidays {version('holidays')}"

    def offset(self, zone: str, at: Instant) -> int:
        """Read a zone's clock; a zone that is none raises LookupError."""
        ahead = zone_named(zone).utcoffset(to_datetime(at).astimezone(zone_named(zone)))
        if ahead is None:
            message = f"the zone {zone} has no clock"
            raise LookupError(message)
        return round(ahead.total_seconds()) * SECOND

    def is_public_holiday(self, area: str, day: date) -> bool:
        """Look a day up; where nothing is known of a country, no day is a holiday there."""
        return day in _holidays_of(area, day.year)


@cache
def zone_named(name: str) -> ZoneInfo:
    """Read a zone from the package of its data."""
    place = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not name or not place.is_file():
        message = f"{name} is no time zone"
        raise LookupError(message)
    with place.open("rb") as content:
        return ZoneInfo.from_file(content, key=name)


@cache
def _holidays_of(area: str, year: int) -> frozenset[date]:
    import holidays  # takes a tenth of a second, and most countries close on none

    country, _, state = area.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        return frozenset()
    subdivision = state if state in known[country] else None
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
