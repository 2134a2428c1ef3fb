"""The clock never goes back, and never stands still."""

from __future__ import annotations

import time

from askfirst.bootstrap.clock import SystemClock

SECOND = 1_000_000_000


class Hands:
    """Two clocks to be set by hand, in nanoseconds."""

    def __init__(self) -> None:
        self.wall = 1_000 * SECOND
        self.steady = 5 * SECOND

    def wait(self, nanoseconds: int) -> None:
        self.wall += nanoseconds
        self.steady += nanoseconds


def clock_of(hands: Hands) -> SystemClock:
    return SystemClock(lambda: hands.wall, lambda: hands.steady)


def test_it_tells_wall_time_in_microseconds() -> None:
    assert abs(SystemClock().now() - time.time_ns() // 1_000) < 1_000_000


def test_it_follows_a_clock_that_is_set_forward() -> None:
    hands = Hands()
    clock = clock_of(hands)
    hands.wall += 3_600 * SECOND
    assert clock.now() == 4_600 * 1_000_000


def test_a_clock_set_back_makes_it_slower_but_never_turns_it_back() -> None:
    hands = Hands()
    clock = clock_of(hands)
    before = clock.now()
    hands.wall -= 10 * SECOND
    assert clock.now() == before
    hands.wait(2 * SECOND)
    assert clock.now() == before + 1_980_000


def test_it_meets_the_wall_clock_again() -> None:
    hands = Hands()
    clock = clock_of(hands)
    hands.wall -= SECOND
    for _ in range(200):
        hands.wait(SECOND)
        clock.now()
    assert clock.now() == hands.wall // 1_000
