"""How a brake comes and goes: by what is said, by what is counted, by time. Pure.

* A signal sets a brake, or raises or renews the one that is there; it never makes one weaker, but
  for Meta's rating, which is as Meta says it.
* A verdict sets or raises one for a day. What is counted afterwards begins anew.
* After its day, red eases to yellow: half of the people may be written to, and what they do is
  counted from then on. Yellow ends after a day in which nothing spoke against it, or is renewed.
* What is new rests for an hour after its first 200 sends. It goes on once half of them are known
  to have arrived and nothing speaks against it; after a day at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from askfirst.domain.brakes.brake import (
    PROBATION,
    WATCH_DELIVERED_MIN,
    WATCH_REST,
    WATCH_REST_MAX,
    Brake,
    BrakeStep,
    Cause,
    Colour,
    Hold,
)
from askfirst.domain.brakes.signal import Signal
from askfirst.domain.brakes.subject import Subject
from askfirst.domain.brakes.verdicts import Verdict
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BrakeId, BusinessId
from askfirst.domain.values.timestamp import Instant


class Move(NamedTuple):
    """What happens to a brake next, and why."""

    brake: Brake
    step: BrakeStep
    reason: str = ""


def begin(business_id: BusinessId, brake_id: BrakeId, signal: Signal, now: Instant) -> Move:
    """Set a brake; the signal has a colour."""
    if signal.colour is None:
        message = "a signal that lifts sets no brake"
        raise ValueError(message)
    brake = Brake(
        business_id=business_id,
        brake_id=brake_id,
        subject=signal.subject,
        holds=signal.holds,
        colour=signal.colour,
        cause=signal.cause,
        since=now,
        lifts_at=signal.until,
        detail=signal.detail,
        set_by=signal.by,
        reason=signal.reason,
    )
    return Move(brake, BrakeStep.SET)


def follow_signal(brake: Brake, signal: Signal, now: Instant) -> Move | None:
    """Take a signal where its brake is on already; None: it says nothing new."""
    if signal.colour is None:
        return lift(brake, now, signal.detail)
    ranks = signal.colour.rank, brake.colour.rank
    if ranks[0] < ranks[1] and signal.cause is not Cause.QUALITY:
        return None
    until = signal.until
    if ranks[0] == ranks[1] and signal.cause is not Cause.HAND:
        until = _later(brake.lifts_at, signal.until)
        if until == brake.lifts_at:
            return None
    step = BrakeStep.EASED if ranks[0] < ranks[1] else BrakeStep.RAISED
    changed = replace(
        brake,
        colour=signal.colour,
        lifts_at=until,
        detail=signal.detail,
        set_by=signal.by,
        reason=signal.reason,
    )
    return Move(changed, step)


def verdict_signal(subject: Subject, verdict: Verdict, now: Instant) -> Signal:
    """Turn a verdict on what people do into what sets its brake."""
    return Signal(
        subject,
        verdict.cause,
        verdict.colour,
        until=Instant(now + PROBATION),
        detail=verdict.detail,
    )


def watch_signal(subject: Subject, now: Instant) -> Signal:
    """Say that something new has had its first sends."""
    return Signal(
        subject,
        Cause.NEW,
        Colour.RED,
        until=Instant(now + WATCH_REST_MAX),
        detail="the first 200 messages are out; people have an hour to answer",
    )


def is_watch_over(brake: Brake, delivered: int, *, is_well: bool, now: Instant) -> bool:
    """Return whether what rested because it is new may go on."""
    if brake.lifts_at is not None and now >= brake.lifts_at:
        return True
    rested = now - brake.since >= WATCH_REST
    return rested and is_well and delivered >= WATCH_DELIVERED_MIN


def judged_after(brake: Brake) -> Instant | None:
    """Return after which moment's day messages are judged, once its time is over; None: all.

    What set a yellow brake does not renew it. Where it was red, that was forgotten then.
    """
    if brake.colour is not Colour.YELLOW or brake.lifts_at is None:
        return None
    return Instant(brake.lifts_at - PROBATION)


def settle(brake: Brake, verdicts: Sequence[Verdict], now: Instant) -> Move | None:
    """Say what time makes of a brake; `verdicts` are on what was counted since it changed last."""
    if brake.lifts_at is None or now < brake.lifts_at:
        return None
    if not brake.cause.is_counted:
        return lift(brake, now, "its time is over")
    again = next((one for one in verdicts if one.cause is brake.cause), None)
    if again is not None:
        until = Instant(now + PROBATION)
        changed = replace(brake, colour=again.colour, lifts_at=until, detail=again.detail)
        return Move(changed, BrakeStep.RAISED, "people still object")
    if brake.colour is Colour.RED:
        eased = replace(brake, colour=Colour.YELLOW, lifts_at=Instant(now + PROBATION))
        return Move(eased, BrakeStep.EASED, "a day without marketing is over")
    return lift(brake, now, "a day of half the marketing passed without new objections")


def lift(brake: Brake, now: Instant, reason: str) -> Move:
    """Lift a brake."""
    return Move(replace(brake, lifted_at=now), BrakeStep.LIFTED, reason)


def hand_signal(
    subject: Subject, holds: Hold, until: Instant | None, by: str, reason: str
) -> Signal:
    """Pause by hand."""
    return Signal(subject, Cause.HAND, Colour.RED, holds, until, "", by, reason)


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    """Return the later of two ends; none is the latest."""
    if one is None or other is None:
        return None
    return max(one, other)
