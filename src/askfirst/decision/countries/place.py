"""Where a recipient may be, and the clocks and holidays of places."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple, Protocol

from askfirst.domain.values.timestamp import Instant


class Place(NamedTuple):
    """Where somebody may be, by what their number tells.

    `areas` are states whose rules may hold, by their codes of ISO 3166-2 (US-FL); empty where the
    country has none of its own. `zones` are the time zones that they may live in, by their names
    in the IANA database. None is known where both are empty.
    """

    areas: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


NOWHERE: Final = Place()


class Calendar(Protocol):
    """The world's clocks and public holidays. Equal versions give equal answers."""

    @property
    def version(self) -> str:
        """What it knows, by the versions of its data."""
        ...

    def offset(self, zone: str, at: Instant) -> int:
        """Return how far a zone's clocks are ahead of UTC at a moment, in microseconds."""
        ...

    def is_public_holiday(self, area: str, day: date) -> bool:
        """Return whether a day is a public holiday in a whole country (US) or state (US-FL)."""
        ...
