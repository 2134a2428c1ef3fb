"""Taking the stamps of a clock that ran ahead as they are: an operator's word, written down."""

from __future__ import annotations

import asyncio

from askfirst.bootstrap.health.clock_check import events_ahead
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.errors import Conflict
from askfirst.ports.consent.timeline import Newest
from askfirst.storage.platform.errors import StorageInUse


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
