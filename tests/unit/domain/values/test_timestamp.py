"""Points in time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import (
    SECOND,
    Instant,
    from_datetime,
    from_unix_seconds,
    parse_rfc3339,
    to_datetime,
    to_rfc3339,
)

NEW_YEAR = Instant(1_767_225_600 * SECOND)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00.000000999Z",
        "2026-01-01 00:00:00+00:00",
        "2026-01-01T05:30:00+05:30",
        "2025-12-31T19:00:00-05:00",
    ],
)
def test_a_time_is_read_with_its_zone(text: str) -> None:
    assert parse_rfc3339(text, "at") == NEW_YEAR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00Z",
        "2026-W01-4T00:00:00Z",
        "20260101T000000Z",
        "2026-01-01T00:00:00,5Z",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+01:00:30",
        "2026-02-30T00:00:00Z",
        "2026-01-01T24:00:01Z",
        "2026-01-01T00:00:00Z ",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "\u0662026-01-01T00:00:00Z",
    ],
)
def test_anything_else_is_refused_by_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_rfc3339(text, "occurred_at")
    assert refused.value.field == "occurred_at"


@given(st.integers(0, 253_402_300_799 * SECOND).map(Instant))
def test_what_is_written_is_read_back(instant: Instant) -> None:
    assert parse_rfc3339(to_rfc3339(instant), "at") == instant
    assert from_datetime(to_datetime(instant)) == instant


@given(*[st.integers(0, 253_402_300_799 * SECOND).map(Instant)] * 2)
def test_written_times_sort_as_times_do(one: Instant, other: Instant) -> None:
    assert (to_rfc3339(one) < to_rfc3339(other)) == (one < other)


def test_a_time_without_a_zone_is_a_guess() -> None:
    with pytest.raises(ValueError, match="zone"):
        from_datetime(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    assert from_datetime(datetime(2026, 1, 1, tzinfo=UTC)) == NEW_YEAR


def test_metas_seconds_are_read() -> None:
    assert from_unix_seconds(1_767_225_600) == NEW_YEAR


@pytest.mark.parametrize("seconds", [-1, 253_402_300_800, 1_767_225_600_000])
def test_seconds_out_of_range_are_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="Unix"):
        from_unix_seconds(seconds)
