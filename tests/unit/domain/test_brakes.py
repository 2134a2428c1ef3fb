"""What people did, as a colour; and how a brake comes and goes."""

from __future__ import annotations

from itertools import pairwise
from math import comb

import pytest

from askfirst.domain.brakes.brake import PROBATION, Brake, BrakeStep, Cause, Colour, Hold
from askfirst.domain.brakes.course import begin, follow_signal, hand_signal, settle
from askfirst.domain.brakes.posterior import chance_above
from askfirst.domain.brakes.signal import (
    Signal,
    alert_signal,
    disabled_signal,
    quality_signal,
    restriction_signal,
    signals_of_codes,
    violation_signal,
)
from askfirst.domain.brakes.subject import BrakeScope, Subject, check_subject
from askfirst.domain.brakes.verdicts import Counts, Mark, Verdict, judge
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BrakeId
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from tests.support.builders import BUSINESS
from tests.support.clocks import NOON

TEMPLATE = Subject(BrakeScope.TEMPLATE, "offer")
WABA = "300"


def worst(scope: BrakeScope, delivered: int, **marks: int) -> Colour | None:
    found = {Mark.DELIVERED: delivered} | {Mark(name): count for name, count in marks.items()}
    verdicts = judge(scope, Counts(found, {}))
    return max((one.colour for one in verdicts), key=lambda one: one.rank, default=None)


def exactly(bound: float, hits: int, misses: int) -> float:
    """Sum the binomial: what the Beta's tail is for whole numbers."""
    tries = hits + misses - 1
    return sum(comb(tries, k) * bound**k * (1 - bound) ** (tries - k) for k in range(hits))


@pytest.mark.parametrize("bound", [0.001, 0.02, 0.04, 0.5, 0.97])
@pytest.mark.parametrize(("hits", "misses"), [(1, 1), (2, 3), (3, 98), (17, 234), (150, 4_000)])
def test_the_tail_of_the_posterior_is_that_of_the_binomial(
    bound: float, hits: int, misses: int
) -> None:
    assert chance_above(bound, hits, misses) == pytest.approx(
        exactly(bound, hits, misses), abs=1e-9
    )


def test_more_stops_make_a_high_rate_more_likely() -> None:
    chances = [chance_above(0.04, 0.25 + hits, 249.75 - hits) for hits in range(40)]
    assert all(one < other for one, other in pairwise(chances))


@pytest.mark.parametrize(
    ("delivered", "stopped", "colour"),
    [
        (1, 1, None),
        (5, 1, None),
        (10, 2, None),
        (10, 3, Colour.YELLOW),
        (200, 2, None),
        (200, 12, Colour.YELLOW),
        (200, 16, Colour.RED),
        (100_000, 1_000, None),
    ],
)
def test_few_messages_are_no_verdict_and_many_are(
    delivered: int, stopped: int, colour: Colour | None
) -> None:
    assert worst(BrakeScope.TEMPLATE, delivered, stopped=stopped) is colour


def test_a_sender_is_moved_less_by_one_campaign_than_the_campaign_itself() -> None:
    assert worst(BrakeScope.CAMPAIGN, 200, stopped=16) is Colour.RED
    assert worst(BrakeScope.SENDER, 200, stopped=16) is Colour.YELLOW


def test_complaints_weigh_more_than_stops() -> None:
    assert worst(BrakeScope.TEMPLATE, 100, stopped=5) is not Colour.RED
    assert worst(BrakeScope.TEMPLATE, 100, complained=5) is Colour.RED


def test_stops_without_a_known_delivery_count_too() -> None:
    assert worst(BrakeScope.TEMPLATE, 0, stopped=10) is Colour.RED


def test_reads_count_once_they_had_time_and_only_where_they_are_told() -> None:
    def judged(read: int) -> list[Colour]:
        counts = {Mark.DELIVERED: 2_000, Mark.READ: read}
        return [one.colour for one in judge(BrakeScope.TEMPLATE, Counts({}, counts))]

    assert judged(1_000) == []
    assert judged(100) == [Colour.YELLOW]
    assert judged(0) == []


@pytest.mark.parametrize(
    ("code", "scope", "holds"),
    [
        (131048, BrakeScope.SENDER, Hold.MARKETING),
        (131064, BrakeScope.WABA, Hold.STARTED),
        (368, BrakeScope.WABA, Hold.EVERYTHING),
        (131031, BrakeScope.WABA, Hold.EVERYTHING),
        (131042, BrakeScope.WABA, Hold.EVERYTHING),
    ],
)
def test_an_error_code_brakes_what_it_is_about(code: int, scope: BrakeScope, holds: Hold) -> None:
    (signal,) = signals_of_codes((code, 131026), "200", WABA, NOON)
    assert (signal.subject.scope, signal.holds) == (scope, holds)


def test_an_account_that_is_not_known_is_not_guessed() -> None:
    assert signals_of_codes((368, 131049, 131050), "200", None, NOON) == ()


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("RESTRICTED_BIZ_INITIATED_MESSAGING", Hold.STARTED),
        ("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", Hold.REPLIES),
        ("RESTRICTED_UTILITY_TEMPLATES", Hold.UTILITY),
        ("RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES", Hold.DIRECT_UTILITY),
        ("RESTRICTED_USER_INITIATED_CALLING", None),
        ("RESTRICTED_ADD_PHONE_NUMBER_ACTION", None),
    ],
)
def test_a_restriction_holds_what_it_names(kind: str, holds: Hold | None) -> None:
    signal = restriction_signal(WABA, kind, None)
    assert (signal.holds if signal else None) is holds


def test_warnings_halve_and_bans_hold() -> None:
    assert violation_signal(WABA, "SPAM", NOON).colour is Colour.YELLOW
    banned, warned, back = (
        disabled_signal(WABA, word) for word in ("DISABLE", "SCHEDULE_FOR_DISABLE", "REINSTATE")
    )
    assert banned is not None
    assert (banned.colour, banned.holds) == (Colour.RESTRICTED, Hold.EVERYTHING)
    assert warned is not None
    assert warned.colour is Colour.RED
    assert back is not None
    assert back.colour is None
    assert disabled_signal(WABA, "") is None
    critical = alert_signal(TEMPLATE, "CRITICAL", "ACTIVE", "X")
    assert critical is not None
    assert critical.colour is Colour.YELLOW
    assert alert_signal(TEMPLATE, "WARNING", "ACTIVE", "X") is None


def on(signal: Signal) -> Brake:
    return begin(BUSINESS, BrakeId("brk_1"), signal, NOON).brake


def rated(word: str) -> Signal:
    signal = quality_signal(TEMPLATE, word)
    assert signal is not None
    return signal


def test_metas_rating_is_followed_both_ways() -> None:
    red = on(rated("RED"))
    better = follow_signal(red, rated("YELLOW"), NOON)
    assert better is not None
    assert (better.step, better.brake.colour) == (BrakeStep.EASED, Colour.YELLOW)
    well = follow_signal(red, rated("GREEN"), NOON)
    assert well is not None
    assert well.step is BrakeStep.LIFTED
    assert quality_signal(TEMPLATE, "UNKNOWN") is None


def counted(colour: Colour, until: int = NOON + DAY) -> Brake:
    return on(Signal(TEMPLATE, Cause.STOPS, colour, until=Instant(until)))


def test_what_is_weaker_or_the_same_changes_nothing() -> None:
    red = counted(Colour.RED)
    assert follow_signal(red, Signal(TEMPLATE, Cause.STOPS, Colour.YELLOW), NOON) is None
    same = Signal(TEMPLATE, Cause.STOPS, Colour.RED, until=red.lifts_at)
    assert follow_signal(red, same, NOON) is None


def test_what_lasts_longer_renews() -> None:
    longer = Signal(TEMPLATE, Cause.STOPS, Colour.RED, until=Instant(NOON + 2 * DAY))
    move = follow_signal(counted(Colour.RED), longer, NOON)
    assert move is not None
    assert move.brake.lifts_at == NOON + 2 * DAY


def test_nothing_lifts_before_its_time() -> None:
    assert settle(counted(Colour.RED), (), Instant(NOON + DAY - 1)) is None


def test_red_eases_before_it_lifts_and_objections_renew_it() -> None:
    later = Instant(NOON + DAY)
    eased = settle(counted(Colour.RED), (), later)
    assert eased is not None
    assert (eased.step, eased.brake.colour) == (BrakeStep.EASED, Colour.YELLOW)
    assert eased.brake.lifts_at == later + PROBATION
    lifted = settle(counted(Colour.YELLOW), (), later)
    assert lifted is not None
    assert lifted.brake.lifted_at == later
    again = settle(counted(Colour.YELLOW), (Verdict(Cause.STOPS, Colour.RED, "10 of 20"),), later)
    assert again is not None
    assert (again.step, again.brake.colour) == (BrakeStep.RAISED, Colour.RED)


def test_a_red_brake_that_nobody_has_settled_yet_is_yellow_not_gone() -> None:
    assert counted(Colour.RED).colour_at(Instant(NOON + DAY)) is Colour.YELLOW


def test_a_pause_by_hand_holds_until_its_end_and_not_longer() -> None:
    until = Instant(NOON + HOUR)
    brake = on(hand_signal(TEMPLATE, Hold.EVERYTHING, until, "Kim", "wrong prices"))
    assert brake.colour_at(Instant(until - 1)) is Colour.RED
    assert brake.colour_at(until) is None


def test_yellow_is_about_marketing_alone() -> None:
    with pytest.raises(InvalidInput):
        on(Signal(TEMPLATE, Cause.ALERT, Colour.YELLOW, Hold.EVERYTHING))


def test_a_subject_that_names_nothing_is_refused() -> None:
    assert check_subject(BrakeScope.BUSINESS, "").key == "business:"
    for scope, name in ((BrakeScope.BUSINESS, "x"), (BrakeScope.TEMPLATE, "")):
        with pytest.raises(InvalidInput):
            check_subject(scope, name)
