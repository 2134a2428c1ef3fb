"""Events about codes."""

from __future__ import annotations

import dataclasses

import pytest

from askfirst.domain.codes.code import Channel, StatusKind
from askfirst.domain.codes.code_event import TOLD_FOR, code_event, wait_to_tell_again
from askfirst.domain.value import replace
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND
from tests.support.builders import ANA, BUSINESS
from tests.support.clocks import at
from tests.support.codes import code, line

SENT, DELIVERED, APPROVED = StatusKind.SENT, StatusKind.DELIVERED, StatusKind.APPROVED
CANCELLED, FAILED, FALLBACK = StatusKind.CANCELLED, StatusKind.FAILED, StatusKind.FALLBACK_USED


def test_an_event_says_what_its_line_and_its_request_say() -> None:
    lines = (
        line(FAILED, 2, reason="131026"),
        line(FALLBACK, 3, channel=Channel.SMS, number=2),
    )
    made = code(history=lines, reference="session 4711", purpose="payment")
    failed, fallback = code_event(made, 0), code_event(made, 1)
    assert (failed.business_id, failed.code_id) == (BUSINESS, made.code_id)
    assert (failed.what, failed.channel, failed.number) == (FAILED, Channel.WHATSAPP, 1)
    assert (failed.at, failed.reason) == (at(2), "131026")
    assert (failed.purpose, failed.reference) == ("payment", "session 4711")
    assert (fallback.what, fallback.channel, fallback.number) == (FALLBACK, Channel.SMS, 2)
    assert (fallback.at, fallback.reason) == (at(3), "")


def test_an_event_says_the_same_whatever_happens_after_it() -> None:
    first = code(history=(line(SENT), line(DELIVERED, 2)))
    later = replace(first, history=(*first.history, line(APPROVED, 9)), made=2, tries=1, step=1)
    assert code_event(first, 1) == code_event(later, 1)


def test_two_lines_of_a_kind_are_two_events() -> None:
    made = code(history=(line(FAILED), line(FAILED)))
    names = [code_event(made, place).event_id for place in (0, 1)]
    assert names == [f"{made.code_id}:1:failed", f"{made.code_id}:2:failed"]


@pytest.mark.parametrize(
    ("history", "states"),
    [
        ((SENT, DELIVERED, APPROVED), ["waiting", "waiting", "approved"]),
        ((SENT, APPROVED, DELIVERED), ["waiting", "approved", "approved"]),
        ((CANCELLED, SENT), ["cancelled", "cancelled"]),
        ((SENT, FAILED, FALLBACK), ["waiting"] * 3),
    ],
)
def test_the_state_is_that_after_the_line(
    history: tuple[StatusKind, ...], states: list[str]
) -> None:
    made = code(history=tuple(line(what) for what in history))
    assert [code_event(made, place).state for place in range(len(history))] == states


def test_nothing_in_an_event_is_about_the_person() -> None:
    made = code(history=(line(SENT),), address=NetworkAddress("203.0.113.47"), token="1.abc.def")
    told = str(dataclasses.asdict(code_event(made, 0)))
    for secret in (ANA.value, ANA.value[-4:], "203.0.113.47", "1.abc.def"):
        assert secret not in told


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (0, 5 * SECOND),
        (5 * SECOND, 5 * SECOND),
        (10 * SECOND, 10 * SECOND),
        (10 * MINUTE, 10 * MINUTE),
        (HOUR, HOUR),
        (20 * HOUR, HOUR),
    ],
)
def test_each_wait_is_as_long_as_all_before_it_within_bounds(age: int, wait: int) -> None:
    assert wait_to_tell_again(age) == wait


def test_a_day_of_failures_is_some_thirty_tries() -> None:
    age, tries = 0, 0
    while age < TOLD_FOR:
        tries, age = tries + 1, age + wait_to_tell_again(age)
    assert (tries, TOLD_FOR) == (34, DAY)
