"""What is said of the clock: that it jumped, and that it differs from Meta's."""

from __future__ import annotations

import pytest

from askfirst.adapters.clock_watch import DELIVERIES, ClockWatch
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND, Instant


class Desk:
    """A watch, and the time that passes."""

    def __init__(self) -> None:
        self.now = 0
        self.watch = ClockWatch(lambda: self.now)

    def deliver(self, difference: int, count: int = DELIVERIES) -> None:
        for _ in range(count):
            self.watch.delivered(Instant(DAY), Instant(DAY + difference))
            self.now += SECOND

    def checks(self) -> list[str]:
        return [finding.check for finding in self.watch.findings()]

    def told(self) -> str:
        (finding,) = self.watch.findings()
        assert finding.severity is Severity.WARNING
        assert "NTP" in finding.remedy
        return finding.summary


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_of_a_clock_that_goes_nothing_is_said(desk: Desk) -> None:
    desk.deliver(2 * SECOND)
    assert desk.checks() == []
    assert desk.watch.is_trusted


def test_a_jump_is_said_until_something_confirms_the_clock(desk: Desk) -> None:
    desk.watch.jumped(DAY)
    desk.now += 10 * DAY
    assert "jumped 24 hours ahead and nothing has confirmed it since" in desk.told()
    assert not desk.watch.is_trusted


def test_a_jump_that_was_mended_is_said_for_an_hour(desk: Desk) -> None:
    desk.watch.jumped(DAY)
    desk.watch.jumped(-DAY + SECOND // 3)
    assert desk.watch.is_trusted
    assert "jumped 24 hours back and is right again" in desk.told()
    desk.now += HOUR
    assert desk.checks() == []


def test_metas_time_stamps_confirm_a_clock_that_jumped(desk: Desk) -> None:
    """A machine that starts with a wrong clock and then asks for the time jumps, too."""
    desk.watch.jumped(DAY)
    desk.deliver(SECOND, DELIVERIES - 1)
    assert not desk.watch.is_trusted
    desk.deliver(SECOND, 1)
    assert desk.watch.is_trusted


@pytest.mark.parametrize("difference", [31 * SECOND, -6 * SECOND, DAY])
def test_time_stamps_that_differ_confirm_nothing(desk: Desk, difference: int) -> None:
    desk.watch.jumped(DAY)
    desk.deliver(difference)
    assert not desk.watch.is_trusted


def test_what_was_compared_before_a_jump_confirms_nothing_after_it(desk: Desk) -> None:
    desk.deliver(SECOND, 50)
    desk.watch.jumped(DAY)
    desk.deliver(SECOND, 1)
    assert not desk.watch.is_trusted


def test_a_clock_ahead_of_metas_is_said_once_enough_has_come_in(desk: Desk) -> None:
    desk.deliver(90 * SECOND, DELIVERIES - 1)
    assert desk.checks() == []
    desk.deliver(90 * SECOND, 1)
    assert "up to 90 seconds ahead of Meta's" in desk.told()


def test_deliveries_that_are_late_among_others_say_nothing(desk: Desk) -> None:
    desk.deliver(HOUR, 50)
    desk.deliver(2 * SECOND, 1)
    assert desk.checks() == []


def test_one_delivery_from_the_future_tells_that_the_clock_is_behind(desk: Desk) -> None:
    desk.deliver(-5 * SECOND, 1)
    assert desk.checks() == []
    desk.deliver(-90 * SECOND, 1)
    assert "90 seconds behind Meta's" in desk.told()


def test_a_clock_that_came_to_differ_is_noticed_although_it_was_right_before(desk: Desk) -> None:
    desk.deliver(SECOND, 10)
    for _ in range(12):
        desk.now += MINUTE
        desk.deliver(90 * SECOND, 1)
    assert desk.checks() == ["clock_differs"]


def test_a_difference_is_said_until_deliveries_are_as_they_should_be(desk: Desk) -> None:
    desk.deliver(90 * SECOND)
    desk.now += DAY
    assert desk.checks() == ["clock_differs"]
    desk.deliver(SECOND, 1)
    assert desk.checks() == []
