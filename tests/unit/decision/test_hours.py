"""When it is day where somebody lives: windows, weeks, holidays, and clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.adapters.world_calendar import WorldCalendar, zone_named
from askfirst.decision.countries.hours import (
    ALWAYS,
    LocalHours,
    WeekHours,
    Window,
    local_hours,
    opens_at,
    parse_hours,
    parse_window,
)
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import MINUTE, Instant, from_datetime, to_datetime

CALENDAR = WorldCalendar()


def hours(**table: str) -> WeekHours:
    return parse_hours({"every_day": "08:00-20:00", **table}, "hours")


def at(text: str) -> Instant:
    """A moment in UTC."""
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=UTC))


def opening(now: str, *zones: str, area: str = "DE", **table: str) -> str | None:
    named = [(area, hours(**table))]
    found = opens_at(tuple(local_hours(zone, named) for zone in zones), CALENDAR, at(now))
    return None if found is None else f"{to_datetime(found):%Y-%m-%d %H:%M}"


BERLIN, NEW_YORK, CHICAGO = "Europe/Berlin", "America/New_York", "America/Chicago"


@pytest.mark.parametrize(
    ("now", "zones", "expected"),
    [
        # A day's edges: the window ends before its last minute is over.
        ("2026-01-14 06:59", (BERLIN,), "2026-01-14 07:00"),
        ("2026-01-14 07:00", (BERLIN,), "2026-01-14 07:00"),
        ("2026-01-14 18:59", (BERLIN,), "2026-01-14 18:59"),
        ("2026-01-14 19:00", (BERLIN,), "2026-01-15 07:00"),
        # Midnight, there and in UTC.
        ("2026-01-14 23:00", (BERLIN,), "2026-01-15 07:00"),
        ("2026-01-14 23:59", (BERLIN,), "2026-01-15 07:00"),
        ("2026-01-15 00:00", (BERLIN,), "2026-01-15 07:00"),
        # The ends of a month, of a year, of a February with a day more.
        ("2026-01-31 19:00", (BERLIN,), "2026-02-01 07:00"),
        ("2026-12-31 19:00", (BERLIN,), "2027-01-01 07:00"),
        ("2028-02-28 19:00", (BERLIN,), "2028-02-29 07:00"),
        ("2028-02-29 19:00", (BERLIN,), "2028-03-01 07:00"),
        ("2027-02-28 19:00", (BERLIN,), "2027-03-01 07:00"),
        # Clocks go forward in the night of 29 March 2026, and back on 25 October.
        ("2026-03-28 19:00", (BERLIN,), "2026-03-29 06:00"),
        ("2026-10-24 18:00", (BERLIN,), "2026-10-25 07:00"),
        ("2026-03-07 23:59", (NEW_YORK,), "2026-03-07 23:59"),
        ("2026-03-08 01:00", (NEW_YORK,), "2026-03-08 12:00"),
        ("2026-11-01 00:00", (NEW_YORK,), "2026-11-01 13:00"),
        # Far east, far west, and clocks that are off by half an hour and by three quarters.
        ("2026-01-14 12:00", ("Pacific/Kiritimati",), "2026-01-14 18:00"),
        ("2026-01-14 12:00", ("Pacific/Pago_Pago",), "2026-01-14 19:00"),
        ("2026-01-14 15:00", ("Asia/Kolkata",), "2026-01-15 02:30"),
        ("2026-01-14 15:00", ("Asia/Kathmandu",), "2026-01-15 02:15"),
        # Two zones of one area code: the later opening and the earlier end.
        ("2026-01-14 13:30", (CHICAGO, NEW_YORK), "2026-01-14 14:00"),
        ("2026-01-15 00:59", (CHICAGO, NEW_YORK), "2026-01-15 00:59"),
        ("2026-01-15 01:00", (CHICAGO, NEW_YORK), "2026-01-15 14:00"),
        # One clock changes and the other does not.
        ("2026-03-09 13:30", ("America/Phoenix", NEW_YORK), "2026-03-09 15:00"),
        # Open in no minute of any day.
        ("2026-01-14 12:00", ("Pacific/Kiritimati", "Africa/Cairo"), None),
    ],
)
def test_offers_wait_for_the_day_where_the_recipient_lives(
    now: str, zones: tuple[str, ...], expected: str | None
) -> None:
    assert opening(now, *zones) == expected


def test_a_week_has_days_of_its_own_and_a_closed_one_is_waited_out() -> None:
    week = {"saturday": "10:00-14:00", "sunday": "closed"}
    assert opening("2026-01-16 19:00", BERLIN, **week) == "2026-01-17 09:00"
    assert opening("2026-01-17 13:00", BERLIN, **week) == "2026-01-19 07:00"
    assert opening("2026-01-18 12:00", BERLIN, **week) == "2026-01-19 07:00"


def test_a_sunday_begins_by_the_clock_of_the_recipient() -> None:
    week = {"every_day": "00:00-24:00", "sunday": "closed"}
    assert opening("2026-01-17 09:59", "Pacific/Kiritimati", **week) == "2026-01-17 09:59"
    assert opening("2026-01-17 10:00", "Pacific/Kiritimati", **week) == "2026-01-18 10:00"
    assert opening("2026-01-19 10:59", "Pacific/Pago_Pago", **week) == "2026-01-19 11:00"


def test_a_public_holiday_closes_where_the_hours_say_so() -> None:
    closed = {"public_holidays": "closed"}
    assert opening("2026-12-25 12:00", BERLIN) == "2026-12-25 12:00"
    assert opening("2026-12-25 12:00", BERLIN, **closed) == "2026-12-27 07:00"
    assert opening("2026-02-17 15:00", CHICAGO, area="US", **closed) == "2026-02-17 15:00"
    assert opening("2026-02-17 15:00", CHICAGO, area="US-LA", **closed) == "2026-02-18 14:00"


def test_a_holiday_window_only_narrows_the_day() -> None:
    short = {"public_holidays": "06:00-10:00"}
    assert opening("2026-12-25 06:00", BERLIN, **short) == "2026-12-25 07:00"
    assert opening("2026-12-25 09:00", BERLIN, **short) == "2026-12-26 07:00"


def test_hours_that_clocks_skip_open_where_they_go_on() -> None:
    window = {"every_day": "02:30-04:00"}
    assert opening("2026-03-29 00:00", BERLIN, **window) == "2026-03-29 01:00"
    assert opening("2026-03-29 01:59", BERLIN, **window) == "2026-03-29 01:59"


def test_hours_that_clocks_show_twice_are_open_twice() -> None:
    window = {"every_day": "02:30-02:45"}
    assert opening("2026-10-25 00:29", BERLIN, **window) == "2026-10-25 00:30"
    assert opening("2026-10-25 00:45", BERLIN, **window) == "2026-10-25 01:30"
    assert opening("2026-10-25 01:45", BERLIN, **window) == "2026-10-26 01:30"


def test_what_is_never_open_is_said_to_be_so() -> None:
    assert opening("2026-01-14 12:00", BERLIN, every_day="closed") is None
    assert opens_at((), CALENDAR, at("2026-01-14 12:00")) == at("2026-01-14 12:00")


ZONES = st.sampled_from(
    [
        BERLIN,
        NEW_YORK,
        CHICAGO,
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/Sao_Paulo",
        "Asia/Beirut",
    ]
)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(st.integers(0, 1439))
    return (
        draw(st.sampled_from([Window(0, 0), Window(0, 1440)]))
        if draw(st.booleans())
        else Window(start, draw(st.integers(start + 1, 1440)))
    )


MOMENTS = st.one_of(
    st.integers(at("2026-03-01 00:00") // MINUTE, at("2026-04-05 00:00") // MINUTE),
    st.integers(at("2026-10-01 00:00") // MINUTE, at("2026-11-08 00:00") // MINUTE),
    st.integers(at("2024-02-27 00:00") // MINUTE, at("2024-03-02 00:00") // MINUTE),
).map(lambda minute: Instant(minute * MINUTE))


def shows_open(local: LocalHours, moment: datetime) -> bool:
    """The same question, asked of the standard library's clock."""
    there = moment.astimezone(zone_named(local.zone))
    window = local.days[there.weekday()]
    return window.start <= there.hour * 60 + there.minute < window.end


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ZONES, st.lists(windows(), min_size=7, max_size=7)), max_size=3), MOMENTS)
def test_the_first_open_minute_is_found(
    drawn: list[tuple[str, list[Window]]], now: Instant
) -> None:
    local = tuple(local_hours(zone, [("ZZ", WeekHours(tuple(days)))]) for zone, days in drawn)
    found = opens_at(local, CALENDAR, now)
    moment, by_hand = to_datetime(now), None
    for minute in range(8 * 24 * 60):
        if all(shows_open(one, moment + timedelta(minutes=minute)) for one in local):
            by_hand = Instant(now + minute * MINUTE)
            break
    if by_hand is None:
        assert found is None or found >= now + 8 * 24 * 60 * MINUTE
    else:
        assert found == by_hand


@given(st.lists(windows(), min_size=7, max_size=7), st.none() | windows())
def test_hours_are_read_as_they_are_written(days: list[Window], holidays: Window | None) -> None:
    week = WeekHours(tuple(days), holidays)
    assert parse_hours(week.table(), "hours") == week


@given(
    st.lists(windows(), min_size=7, max_size=7),
    st.lists(windows(), min_size=7, max_size=7),
    st.none() | windows(),
    st.none() | windows(),
)
def test_hours_lie_in_others_when_no_minute_of_theirs_is_outside(
    own: list[Window], law: list[Window], own_holidays: Window | None, holidays: Window | None
) -> None:
    def minutes(week: WeekHours) -> set[tuple[int, bool, int]]:
        """Every open minute: of each day of the week, as it is and as a holiday."""
        both = [(False, day) for day in week.days]
        both += [
            (True, day if week.public_holidays is None else day.common(week.public_holidays))
            for day in week.days
        ]
        return {
            (place % 7, is_holiday, minute)
            for place, (is_holiday, window) in enumerate(both)
            for minute in range(window.start, window.end)
        }

    narrow, wide = WeekHours(tuple(own), own_holidays), WeekHours(tuple(law), holidays)
    assert narrow.lies_in(wide) == (minutes(narrow) <= minutes(wide))
    assert narrow.lies_in(ALWAYS)


@pytest.mark.parametrize("text", ["8:00-20:00", "20:00-08:00", "08:00-08:00", "08:00-24:30", "", 8])
def test_a_window_that_is_none_is_refused_with_one_that_is_right(text: object) -> None:
    with pytest.raises(InvalidInput, match="08:00-20:00") as refused:
        parse_window(text, "hours.monday")
    assert refused.value.field == "hours.monday"


def test_a_week_that_is_not_whole_names_the_day_that_is_missing() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_hours({"weekdays": "08:00-20:00", "saturday": "closed"}, "hours")
    assert refused.value.field == "hours.sunday"
    with pytest.raises(InvalidInput) as refused:
        parse_hours({"holidays": "closed"}, "hours")
    assert refused.value.field == "hours.holidays"


def test_a_zone_that_is_none_has_no_clock() -> None:
    for name in ("Europe/Nowhere", "", "../zone.tab"):
        with pytest.raises(LookupError):
            CALENDAR.offset(name, at("2026-01-14 12:00"))
