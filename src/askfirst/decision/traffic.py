"""What was sent to a person, by a sender, by a business: what the rules about frequency rest on.

The facts of a decision have it as it was when they were read. Sends hold their contact's lock
together, so it is read again in the transaction that writes the decision down, behind a lock that
nobody shares, and the same rules are asked once more: see `Counting`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from askfirst.domain.brakes.subject import Subject
from askfirst.domain.values.timestamp import DAY, HOUR, Instant

if TYPE_CHECKING:
    from askfirst.decision.decision import Decision


class SentMessage(NamedTuple):
    """One message that was sent, or may have been.

    `purpose` names what it was for; `is_outside`: no 24-hour window was open; `is_same`: it had
    the content of the message that is judged.
    """

    at: Instant
    purpose: str
    is_outside: bool = False
    is_same: bool = False


class PaceState(NamedTuple):
    """A burst: when it began, and when all that was sent in it is paid for."""

    began_at: Instant = Instant(0)
    free_at: Instant = Instant(0)


class Pace(NamedTuple):
    """One message each `interval`; up to `burst` of them `within` a time, paid for afterwards.

    All are microseconds. So Meta describes its limit for a pair ("Messaging limits", pair rate).
    """

    interval: int
    burst: int
    within: int

    def next_at(self, state: PaceState, now: Instant) -> Instant | None:
        """Return when the next message may leave; None: now."""
        if now >= state.free_at:
            return None
        owed = state.free_at - state.began_at
        if now < state.began_at + self.within and owed < self.burst * self.interval:
            return None
        return state.free_at

    def taken(self, state: PaceState, now: Instant) -> PaceState:
        """Return the state after one more message."""
        if now >= state.free_at:
            return PaceState(now, Instant(now + self.interval))
        return PaceState(state.began_at, Instant(state.free_at + self.interval))


class People(NamedTuple):
    """How many people were written to outside windows: by the hour in which they were last.

    `limit` is Meta's for the business's portfolio; None where it is not known, or there is none.
    `hours` are pairs of an hour since the epoch and a number of people.
    """

    limit: int | None = None
    hours: tuple[tuple[int, int], ...] = ()

    def counted(self, now: Instant) -> int:
        """Count those of the last 24 hours: whole hours, so rather too many than too few."""
        oldest = oldest_hour(now)
        return sum(people for hour, people in self.hours if hour >= oldest)

    def next_at(self, now: Instant) -> Instant:
        """Return when the first of them no longer count."""
        oldest = oldest_hour(now)
        hours = (hour for hour, people in self.hours if hour >= oldest and people > 0)
        return Instant((min(hours, default=oldest) + 1) * HOUR + DAY)


def oldest_hour(now: Instant) -> int:
    """Return the oldest hour of which a part lies within the last 24 hours."""
    return (now - DAY) // HOUR


class Traffic(NamedTuple):
    """What was sent before, of the contact, the pair, the sender and the business.

    `nearby` is what was sent to numbers that may be the same subscriber.
    """

    sent: tuple[SentMessage, ...] = ()
    nearby: tuple[SentMessage, ...] = ()
    pair: PaceState = PaceState()
    sender: PaceState = PaceState()
    people: People = People()

    def last_outside(self, now: Instant) -> Instant | None:
        """Return when the contact was last counted among the people of the last 24 hours."""
        oldest = oldest_hour(now)
        return max(
            (one.at for one in self.sent if one.is_outside and one.at // HOUR >= oldest),
            default=None,
        )


NO_TRAFFIC: Final = Traffic()


def pair_subject(contact_id: str, sender: str) -> str:
    """Name a sender and a person, of whose messages the pace is kept."""
    return f"{sender}:{contact_id}"


class Uses(NamedTuple):
    """What a message is counted as, if it leaves.

    `is_kept`: among what was sent to the contact; `is_outside`: no 24-hour window was open, so
    the contact is one of the people; the paces are those that it keeps. `counted_under`: what it
    is counted under to judge what people do about it; of marketing alone.
    """

    is_kept: bool
    is_outside: bool
    pair: Pace | None
    sender: Pace | None
    is_limited: bool
    counted_under: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Counting:
    """What an allowed message uses up, and whoever judges it on the traffic as it is then."""

    uses: Uses
    judge: Callable[[Traffic], Decision]
