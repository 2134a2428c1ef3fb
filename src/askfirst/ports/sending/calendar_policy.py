"""The clocks of countries that the policy goes by, and nothing of how it decides."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.countries.place import Calendar


class CalendarLaw(Protocol):
    """The part of what countries ask that tells the time there."""

    @property
    def calendar(self) -> Calendar | None:
        """The clocks and holidays; None in tests alone, without any hours."""
        ...


class CalendarPolicy(Protocol):
    """The part of the policy that is looked at for local time."""

    @property
    def law(self) -> CalendarLaw:
        """What countries ask."""
        ...


class HasCalendarPolicy(Protocol):
    """Whatever brings along the clocks that the policy goes by."""

    @property
    def policy(self) -> CalendarPolicy:
        """The policy that is followed."""
        ...
