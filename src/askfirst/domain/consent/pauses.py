"""Pauses and how often at most, as a standing keeps them: each only ever restricts.

A pause is a no that ends by itself, at its moment. It ends no yes, so what was allowed before is
allowed again; a yes to the same purpose lifts it sooner, as it would lift a no. Of several the
latest moment counts, so that no second pause shortens the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import Event, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.stamp import Grant, Stamp, lifts, newer_of, stamp_of
from askfirst.domain.values.purpose import chain_of
from askfirst.domain.values.timestamp import Instant


class Pause(NamedTuple):
    """The person wants nothing of a purpose before `until`; `mark` is when they said so."""

    mark: Stamp
    until: Instant


Pauses = Mapping[str, Pause]
"""By purpose, whether they are over or not."""


def with_pause(pauses: Pauses, event: Event) -> Pauses:
    """Add what a `paused` event says; one that names no moment says nothing."""
    if not isinstance(event.choice, PauseUntil):
        return pauses
    pause = Pause(stamp_of(event), event.choice.until)
    return both(pauses, dict.fromkeys(event.purposes, pause))


def both(one: Pauses, other: Pauses) -> Pauses:
    """Let the pauses of both count."""
    return {**one, **{name: _longer(one.get(name), pause) for name, pause in other.items()}}


def _longer(one: Pause | None, other: Pause) -> Pause:
    if one is None:
        return other
    return Pause(newer_of(one.mark, other.mark) or other.mark, max(one.until, other.until))


def without_pauses(pauses: Pauses, event: Event, yes: Grant) -> Pauses:
    """End the pauses that a yes speaks against: of its purposes, and of their topics."""
    if not pauses:
        return pauses
    return {
        name: pause
        for name, pause in pauses.items()
        if not lifts(yes, pause.mark) or not set(chain_of(name)) & set(event.purposes)
    }


def end_of_pause(pauses: Pauses, chain: tuple[str, ...], now: Instant) -> Instant | None:
    """Return until when one of these names is paused; None where none is, or no longer."""
    until = max((pauses[name].until for name in chain if name in pauses), default=now)
    return until if until > now else None


def rarer(one: Frequency | None, other: Frequency | None) -> Frequency | None:
    """Return the choice that lets less through; of equals, that of the shorter span."""
    chosen = [choice for choice in (one, other) if choice]
    return min(chosen, key=lambda each: (each.count / each.days, each.days), default=None)


def chosen_frequency(old: Frequency | None, event: Event) -> Frequency | None:
    """Return how often at most after a `limited` event.

    The person may choose anew on their own page, and take their choice back; what a business says
    for them only ever restricts.
    """
    chosen = event.choice if isinstance(event.choice, Frequency) else None
    return chosen if event.source is Source.FORM else rarer(old, chosen)
