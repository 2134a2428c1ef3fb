"""When a cell says that something was said: the earliest and the latest moment that it can mean."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from askfirst.domain.bulk.cell_times import read_time
from askfirst.domain.bulk.import_settings import DateOrder
from askfirst.domain.values.timestamp import to_rfc3339

LONDON = ZoneInfo("Europe/London")


def span(text: str, order: DateOrder | None = None) -> tuple[str, str] | None:
    found = read_time(text, LONDON, order)
    if found is None:
        return None
    return to_rfc3339(found.earliest)[:16], to_rfc3339(found.latest)[:16]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-05-02T09:30:00Z", "2025-05-02T09:30"),
        ("2025-05-02 10:30", "2025-05-02T09:30"),
        ("2025-05-02T11:30:00.000+0200", "2025-05-02T09:30"),
        ("2025-05-02T09:30:00+14:00", "2025-05-01T19:30"),
        ("1746178200", "2025-05-02T09:30"),
        ("1746178200000", "2025-05-02T09:30"),
        ("45779.3958333333", "2025-05-02T08:30"),
        ("20250502T103000", "2025-05-02T09:30"),
        ("02.05.2025 10:30", "2025-05-02T09:30"),
        ("May 2, 2025 10:30 am", "2025-05-02T09:30"),
    ],
)
def test_one_moment_is_read_however_it_is_written(text: str, moment: str) -> None:
    assert span(text) == (moment, moment)


@pytest.mark.parametrize(
    "text", ["2025-05-02", "45779", "٢٠٢٥-٠٥-٠٢", "May 2nd, 2025", "02.05.2025"]
)
def test_a_day_lasts_from_its_start_to_its_end(text: str) -> None:
    assert span(text) == ("2025-05-01T23:00", "2025-05-02T22:59")


def test_day_and_month_that_can_be_swapped_are_read_both_ways_until_somebody_says() -> None:
    found = read_time("03/04/2025", LONDON, None)
    assert found is not None
    assert found.swaps
    assert span("03/04/2025") == ("2025-03-04T00:00", "2025-04-03T22:59")
    assert span("03/04/2025", DateOrder.DAY_FIRST) == ("2025-04-02T23:00", "2025-04-03T22:59")
    assert span("03/04/2025", DateOrder.MONTH_FIRST) == ("2025-03-04T00:00", "2025-03-04T23:59")


def test_a_number_above_twelve_is_the_day() -> None:
    found = read_time("25/12/2025", LONDON, None)
    assert found is not None
    assert (found.swaps, found.first_is_day, found.second_is_day) == (False, True, False)


def test_an_hour_that_came_twice_or_never_is_read_both_ways() -> None:
    assert span("2025-10-26 01:30") == ("2025-10-26T00:30", "2025-10-26T01:30")
    assert span("2025-03-30 01:30") == ("2025-03-30T00:30", "2025-03-30T01:30")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "00/00/0000",
        "0000-00-00 00:00:00",
        "1970-01-01",
        "2025-02-30",
        "31/04/2025",
        "2025-05-02 25:99",
        "9" * 300,
        "false",
    ],
)
def test_what_no_calendar_has_is_no_time(text: str) -> None:
    assert span(text) is None
