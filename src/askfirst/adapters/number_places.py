"""Where in a country a number may be: its state, and the time zones that its first digits name.

In North America, where people keep a number when they move within the area, libphonenumber knows
single prefixes and one zone for the rest of an area code. So all of its prefixes count together.
What it does not know is in `country_rules/area_codes.toml`.
"""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Final

from phonenumbers.tzdata import TIMEZONE_DATA

from askfirst.adapters.country_rule_files import AREA_CODES, FOLDER, read_toml
from askfirst.adapters.number_zones import zones_of
from askfirst.decision.countries.place import Place

_UNITED_STATES: Final = "US"
_AREA_CODE_DIGITS: Final = len("1305")
_REMEMBERED: Final = 32_768


class NumberPlaces:
    """Tells the place of a number. Source: libphonenumber, `timezones`; IANA, `zone.tab`."""

    def __init__(self) -> None:
        self._of = lru_cache(maxsize=_REMEMBERED)(self._find)

    def place(self, digits: str, country: str) -> Place:
        """Return where somebody may be, by their number if it is known, and its country."""
        return self._of(digits, country)

    def digits_that_tell(self, known: str) -> int:
        """Return how many first digits the tables look at in numbers that begin with these."""
        listed = (*self._states, *self._corrections, *TIMEZONE_DATA)
        longest = (len(prefix) for prefix in listed if prefix.startswith(known))
        return max(_AREA_CODE_DIGITS, *longest, 0)

    def _find(self, digits: str, country: str) -> Place:
        state = self._states.get(digits[:_AREA_CODE_DIGITS], "")
        areas = (f"{_UNITED_STATES}-{state}",) if country == _UNITED_STATES and state else ()
        return Place(areas, self._zones(digits) or _zones_of_country(country))

    def _zones(self, digits: str) -> tuple[str, ...]:
        for length in self._corrected_lengths:
            corrected = self._corrections.get(digits[:length])
            if corrected is not None:
                return corrected
        if digits.startswith("1"):
            return _united(digits[:_AREA_CODE_DIGITS])
        return zones_of(digits)

    @cached_property
    def _states(self) -> dict[str, str]:
        states = read_toml(FOLDER / AREA_CODES)["states"]
        return {f"1{code}": state for state, codes in states.items() for code in codes}

    @cached_property
    def _corrected_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(prefix) for prefix in self._corrections}, reverse=True))

    @cached_property
    def _corrections(self) -> dict[str, tuple[str, ...]]:
        zones = read_toml(FOLDER / AREA_CODES)["zones"]
        return {prefix: tuple(names) for prefix, names in zones.items()}


@cache
def _united(area_code: str) -> tuple[str, ...]:
    """Return the zones of all prefixes of an area code; none where it is not known."""
    found = [zones for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(area_code)]
    return tuple(sorted({zone for zones in found for zone in zones}))


@cache
def _zones_of_country(country: str) -> tuple[str, ...]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return tuple(sorted(row[2] for row in rows if row[0] == country))
