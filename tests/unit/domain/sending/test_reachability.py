"""Whatever order statuses come in, and however often, what is known in the end is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.sending.reachability import (
    Reachability,
    read_days,
    unreachable_until,
    write_days,
)
from askfirst.domain.values.timestamp import DAY, Instant

_STEPS = st.tuples(st.booleans(), st.integers(0, 9 * DAY).map(Instant))


def fold(steps: list[tuple[bool, Instant]]) -> Reachability:
    known = Reachability()
    for is_arrival, at in steps:
        known = known.reached(at) if is_arrival else known.failed(at)
    return known


@given(
    st.lists(_STEPS, max_size=9).flatmap(
        lambda steps: st.tuples(st.just(steps), st.permutations(steps))
    )
)
def test_any_order_of_statuses_has_the_same_end(
    orders: tuple[list[tuple[bool, Instant]], list[tuple[bool, Instant]]],
) -> None:
    one, other = orders
    assert fold(one) == fold(other) == fold(one + other)


@given(st.lists(_STEPS, max_size=6), st.lists(_STEPS, max_size=6))
def test_two_contacts_that_are_one_know_what_both_knew(
    one: list[tuple[bool, Instant]], other: list[tuple[bool, Instant]]
) -> None:
    assert fold(one).merged(fold(other)) == fold(other).merged(fold(one)) == fold(one + other)


@pytest.mark.parametrize(
    ("days", "until"),
    [((), None), ((4, 3), None), ((5, 4, 3), 12 * DAY), ((9, 4, 3), 16 * DAY)],
)
def test_three_days_of_failure_make_unreachable_for_a_week_after_the_last(
    days: tuple[int, ...], until: int | None
) -> None:
    assert unreachable_until(days) == until


def test_many_failures_of_one_day_are_one_day() -> None:
    steps = [(False, Instant(DAY + hour)) for hour in range(50)]
    assert fold(steps).failed_days == (1,)


@pytest.mark.parametrize("days", [(), (3,), (20000, 19999)])
def test_days_are_read_as_they_were_written(days: tuple[int, ...]) -> None:
    assert read_days(write_days(days)) == days
