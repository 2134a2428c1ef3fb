"""The clock follows the machine's, keeps nothing of a wrong time, and tells when it jumped."""

from __future__ import annotations

import time

import pytest

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.ids import SystemIds

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MICROSECONDS = 1_000


class Hands:
    """Two clocks to be set by hand, in nanoseconds."""

    def __init__(self) -> None:
        self.wall = 1_000_000 * SECOND
        self.steady = 5 * SECOND

    def wait(self, nanoseconds: int) -> None:
        self.wall += nanoseconds
        self.steady += nanoseconds


def watched(hands: Hands) -> tuple[SystemClock, list[int]]:
    """A clock, and the jumps it told of, in seconds."""
    clock, jumps = SystemClock(lambda: hands.wall, lambda: hands.steady), []
    clock.on_jump = lambda by: jumps.append(round(by / 1_000_000))
    return clock, jumps


def test_it_tells_wall_time_in_microseconds() -> None:
    assert abs(SystemClock().now() - time.time_ns() // 1_000) < 1_000_000


def test_steady_time_goes_on_as_wall_time_does() -> None:
    clock = SystemClock()
    before, began = clock.steady(), time.monotonic_ns()
    time.sleep(0.02)
    lasted = clock.steady() - before
    assert 20_000 <= lasted <= (time.monotonic_ns() - began) // 1_000 + 1_000


@pytest.mark.parametrize("seconds", [3_600, -3_600])
def test_it_follows_a_clock_that_is_set(seconds: int) -> None:
    hands = Hands()
    clock, _ = watched(hands)
    hands.wall += seconds * SECOND
    assert clock.now() == hands.wall // MICROSECONDS


def test_a_clock_that_was_a_day_ahead_for_a_moment_is_right_again_at_once() -> None:
    hands = Hands()
    clock, jumps = watched(hands)
    hands.wall += DAY
    ahead = clock.now()
    hands.wait(SECOND // 3)
    assert clock.now() - ahead == 333_333
    hands.wall -= DAY
    for _ in range(5):
        hands.wait(SECOND)
        assert clock.now() == hands.wall // MICROSECONDS
    assert jumps == [86_400, -86_400]


def test_ids_are_stamped_right_after_a_jump_was_mended() -> None:
    hands = Hands()
    clock, _ = watched(hands)
    ids = SystemIds(clock)
    before = ids.event()
    hands.wall += DAY
    ahead = ids.event()
    hands.wall -= DAY
    hands.wait(2 * SECOND)
    after = ids.event()
    assert before < after < ahead


def test_no_stamp_is_given_by_a_clock_that_jumped_without_a_word() -> None:
    """However short the jump was: whoever asked for the time while it lasted has told of it."""
    hands = Hands()
    clock, jumps = watched(hands)
    hands.wall += DAY
    clock.now()
    assert jumps == [86_400]
    hands.wall -= DAY
    clock.now()
    assert jumps == [86_400, -86_400]


def test_a_clock_that_is_put_right_little_by_little_has_not_jumped() -> None:
    hands = Hands()
    clock, jumps = watched(hands)
    for _ in range(100):
        hands.wait(SECOND)
        hands.wall += SECOND // 2
        clock.now()
    assert jumps == []


def test_steady_time_is_nothing_to_a_jump() -> None:
    hands = Hands()
    clock, _ = watched(hands)
    began = clock.steady()
    hands.wall -= DAY
    hands.wait(3 * SECOND)
    assert clock.steady() - began == 3_000_000


def test_a_process_that_was_held_up_between_two_looks_has_seen_no_jump() -> None:
    hands = Hands()
    pauses = [0, 0, 0, 10 * SECOND]

    def wall() -> int:
        told = hands.wall
        hands.wait(pauses.pop() if pauses else 0)
        return told

    jumps: list[int] = []
    clock = SystemClock(wall, lambda: hands.steady)
    clock.on_jump = jumps.append
    pauses.append(10 * SECOND)
    clock.now()
    clock.now()
    assert jumps == []
