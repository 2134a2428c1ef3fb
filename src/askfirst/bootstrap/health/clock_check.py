"""The clock of this machine, held against the ledger and against what was heard of it."""

from __future__ import annotations

import asyncio

from askfirst.adapters.clock_watch import ClockWatch
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.errors import Conflict, UnsafeStorage
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.timestamp import MINUTE, Instant, to_rfc3339
from askfirst.ports.consent.timeline import Newest, Timeline
from askfirst.ports.platform.clock import Clock
from askfirst.storage.platform.errors import StorageInUse

TOLERANCE = MINUTE
"""Machines with NTP differ by less."""

_REMEDY = (
    "set the clock (run NTP), or, where it is right and that event came from a clock that ran "
    "ahead, run: askfirst clock accept"
)


class ClockBehind(UnsafeStorage):
    """The clock is behind what it has stamped before: one of the two is wrong."""

    code = "clock_behind"


async def events_ahead(timeline: Timeline, now: Instant) -> tuple[Newest, ...]:
    """Return the newest events that the clock is behind of, but for those an operator accepted."""
    return await timeline.newest_after(Instant(now + TOLERANCE))


async def check_clock(timeline: Timeline, clock: Clock) -> None:
    """Refuse to start behind the newest event.

    Raises:
        ClockBehind: it says what to do.
    """
    now = clock.now()
    if ahead := await events_ahead(timeline, now):
        raise ClockBehind(f"{_behind(ahead, now)}; {_REMEDY}")


async def find_clock(timeline: Timeline, clock: Clock, watch: ClockWatch) -> tuple[Finding, ...]:
    """Tell all that is known of the clock; one line that says so where it is right."""
    now = clock.now()
    found = list(watch.findings())
    if ahead := await events_ahead(timeline, now):
        behind = Finding(
            check="clock_behind",
            severity=Severity.PROBLEM,
            summary=_behind(ahead, now) + ".",
            remedy=f"Stop the server; {_REMEDY}.",
        )
        found.append(behind)
    if found:
        return tuple(found)
    right = "The clock is not behind the newest event, and nothing speaks against it."
    return (Finding(check="clock", severity=Severity.OK, summary=right),)


def _behind(ahead: tuple[Newest, ...], now: Instant) -> str:
    newest = max(ahead, key=lambda one: one.recorded_at)
    return (
        f"the clock of this machine says {to_rfc3339(now)}, but the newest event of "
        f"{newest.business_id} was recorded at {to_rfc3339(newest.recorded_at)}"
    )


def accept_stamps(settings: Settings) -> tuple[Newest, ...]:
    """Accept every newest event that the clock is behind of; gives them.

    Nothing is changed about the events. They stay where they are, and a stop that comes now counts
    although its stamp is the lower one: a no ends every yes of a lower position.

    Raises:
        Conflict: a server runs, and so was not behind when it started.
        UnsafeStorage, Unavailable: the database cannot be used.
    """
    return asyncio.run(_accept(settings))


async def _accept(settings: Settings) -> tuple[Newest, ...]:
    try:
        async with open_services(settings) as wired:
            now, timeline = wired.services.clock.now(), wired.store.timeline
            ahead = await events_ahead(timeline, now)
            for newest in ahead:
                await timeline.accept(newest, now)
            return ahead
    except StorageInUse as error:
        message = "a server runs on this database, so its clock was accepted when it started"
        raise Conflict(message) from error
