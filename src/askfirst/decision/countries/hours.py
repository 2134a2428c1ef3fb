"""The hours of a week in which marketing may be sent, by the clocks of whoever gets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from askfirst.decision.countries.place import Calendar
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import DAY, MINUTE, SECOND, Instant

_WINDOW: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_CLOSED: Final = "closed"
_DAY_MINUTES: Final = 24 * 60
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GROUPS: Final = {"every_day": _WEEK, "weekdays": _WEEK[:5]}
_HOLIDAYS: Final = "public_holidays"
HOURS_KEYS: Final = (*_GROUPS, *_WEEK, _HOLIDAYS)
_EPOCH: Final = date(1970, 1, 1)
_AHEAD_DAYS_MAX: Final = 31
"""No week and no row of holidays is closed for longer; what is, is never open."""


class Window(NamedTuple):
    """Part of a day, in minutes since its midnight: from `start` until just before `end`.

    Where both are equal, nothing of the day is open.
    """

    start: int
    end: int

    def common(self, other: Window) -> Window:
        """Return what lies in both."""
        start = max(self.start, other.start)
        return Window(start, max(start, min(self.end, other.end)))

    def lies_in(self, other: Window) -> bool:
        """Return whether no minute of it is outside the other."""
        return self.start == self.end or (other.start <= self.start and self.end <= other.end)

    def __str__(self) -> str:
        """Write it as it is read."""
        if self.start == self.end:
            return _CLOSED
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self)


CLOSED: Final = Window(0, 0)
WHOLE_DAY: Final = Window(0, _DAY_MINUTES)


def parse_window(given: Any, where: str) -> Window:
    """Read `08:00-20:00` or `closed`; else InvalidInput names `where`."""
    found = _WINDOW.fullmatch(given) if isinstance(given, str) else None
    if given == _CLOSED:
        return CLOSED
    if found:
        hours = [int(part) for part in found.groups()]
        window = Window(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])
        if window.start < window.end <= _DAY_MINUTES:
            return window
    raise InvalidInput(where, 'must be hours of one day such as "08:00-20:00", or "closed"')


@dataclass(frozen=True, slots=True)
class WeekHours:
    """What is open on each day, Monday first. `public_holidays` None: as on any other day."""

    days: tuple[Window, ...]
    public_holidays: Window | None = None

    def __post_init__(self) -> None:
        if len(self.days) != len(_WEEK):
            raise InvalidInput("hours", "must have seven days")

    def lies_in(self, other: WeekHours) -> bool:
        """Return whether it opens at no time at which the other is closed."""
        if not all(map(Window.lies_in, self.days, other.days)):
            return False
        if other.public_holidays is None:
            return True
        limits = [day.common(other.public_holidays) for day in other.days]
        own = self.public_holidays or WHOLE_DAY
        return all(
            day.common(own).lies_in(limit) for day, limit in zip(self.days, limits, strict=True)
        )

    def table(self) -> dict[str, str]:
        """Write it as it is read, in few words."""
        texts = [str(day) for day in self.days]
        if len(set(texts)) == 1:
            found = {"every_day": texts[0]}
        elif len(set(texts[:5])) == 1:
            found = {"weekdays": texts[0], "saturday": texts[5], "sunday": texts[6]}
        else:
            found = dict(zip(_WEEK, texts, strict=True))
        if self.public_holidays is not None:
            found[_HOLIDAYS] = str(self.public_holidays)
        return found


ALWAYS: Final = WeekHours((WHOLE_DAY,) * 7)


def parse_hours(table: Mapping[str, Any], where: str, base: WeekHours | None = None) -> WeekHours:
    """Read the hours of a week; a single day's word wins over `weekdays` and `every_day`.

    Raises:
        InvalidInput: a key is not known, a window is none, or a day is missing and `base` is None.
    """
    for key in table:
        if key not in HOURS_KEYS:
            raise InvalidInput(f"{where}.{key}", f"must be one of {', '.join(HOURS_KEYS)}")
    windows = {key: parse_window(value, f"{where}.{key}") for key, value in table.items()}
    days = dict(zip(_WEEK, base.days, strict=True)) if base else {}
    for group, names in _GROUPS.items():
        if group in windows:
            days |= dict.fromkeys(names, windows[group])
    days |= {key: window for key, window in windows.items() if key in _WEEK}
    if missing := [name for name in _WEEK if name not in days]:
        raise InvalidInput(f"{where}.{missing[0]}", "must be said: hours, or closed")
    holidays = windows.get(_HOLIDAYS, base.public_holidays if base else None)
    return WeekHours(tuple(days[name] for name in _WEEK), holidays)


class LocalHours(NamedTuple):
    """Hours by the clocks of one zone. On public holidays of an area its window holds, too."""

    zone: str
    days: tuple[Window, ...]
    public_holidays: tuple[tuple[str, Window], ...] = ()


def local_hours(zone: str, named: Iterable[tuple[str, WeekHours]]) -> LocalHours:
    """Put the hours of several areas together: open is what is open in all."""
    days = ALWAYS.days
    holidays: dict[str, Window] = {}
    for area, hours in named:
        days = tuple(map(Window.common, days, hours.days))
        if hours.public_holidays is not None:
            holidays[area] = hours.public_holidays.common(holidays.get(area, WHOLE_DAY))
    return LocalHours(zone, days, tuple(holidays.items()))


def opens_at(hours: tuple[LocalHours, ...], calendar: Calendar, now: Instant) -> Instant | None:
    """Return when all of them are open at once, `now` where they are; None where they never are.

    Source of what is never: a month ahead has each weekday, and no holidays last that long.
    """
    at = now
    while at - now < _AHEAD_DAYS_MAX * DAY:
        later = at
        for one in hours:
            opening = _opening(one, calendar, later)
            if opening is None:
                return None
            later = opening
        if later == at:
            return at
        at = later
    return None


def _opening(local: LocalHours, calendar: Calendar, at: Instant) -> Instant | None:
    """Return when one of them is open next: `at` where it is open then."""
    day, minute = _local(calendar, local.zone, at)
    if _holds(local, calendar, day, minute):
        return at
    for ahead in range(_AHEAD_DAYS_MAX + 1):
        date_ahead = day + timedelta(days=ahead)
        window = _window(local, calendar, date_ahead)
        if window.start == window.end:
            continue
        for found in _moments(calendar, local.zone, date_ahead, window.start):
            if found > at and _holds(local, calendar, *_local(calendar, local.zone, found)):
                return found
    return None


def _window(local: LocalHours, calendar: Calendar, day: date) -> Window:
    window = local.days[day.weekday()]
    for area, on_holidays in local.public_holidays:
        if calendar.is_public_holiday(area, day):
            window = window.common(on_holidays)
    return window


def _holds(local: LocalHours, calendar: Calendar, day: date, minute: int) -> bool:
    window = _window(local, calendar, day)
    return window.start <= minute < window.end


def _local(calendar: Calendar, zone: str, at: Instant) -> tuple[date, int]:
    """Return the date and the minute of the day that clocks show."""
    days, rest = divmod(at + calendar.offset(zone, at), DAY)
    return _EPOCH + timedelta(days=days), rest // MINUTE


def _moments(calendar: Calendar, zone: str, day: date, minute: int) -> tuple[Instant, ...]:
    """Return when clocks show a time of a day, in order: twice where they go back over it.

    A time that they skip when they go forward is reached at the moment at which they do.
    """
    target = (day - _EPOCH).days * DAY + minute * MINUTE
    around = (calendar.offset(zone, Instant(target + by)) for by in (-DAY, DAY))
    low, high = sorted(Instant(target - offset) for offset in around)
    if low + calendar.offset(zone, low) >= target:
        return low, high
    while high - low > SECOND:
        middle = Instant((low + high) // 2 // SECOND * SECOND)
        if middle + calendar.offset(zone, middle) >= target:
            high = middle
        else:
            low = middle
    return (high,)
