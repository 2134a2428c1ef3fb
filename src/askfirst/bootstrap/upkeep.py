"""What a server does unasked: reads templates, forgets old bodies, goes on with codes, tells.

It also takes up deliveries whose sender was registered after they came.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import Wired
from askfirst.domain.code_limits import CODES_KEPT
from askfirst.domain.errors import AskfirstError
from askfirst.domain.instant import DAY, Instant
from askfirst.ports.directory import UNROUTED
from askfirst.usecases.confirm_stops import confirm_stops
from askfirst.usecases.deliver_code import continue_codes
from askfirst.usecases.manage_senders import refresh_templates
from askfirst.usecases.take_up_dead_letters import forget_dead_letters, take_up_dead_letters
from askfirst.usecases.tell_happenings import tell_happenings

_SWEEP_SECONDS = 24 * 60 * 60
_CODES_SECONDS = 1
_EVENTS_SECONDS = 0.5
_DEAD_LETTER_SECONDS = 60
_WRITES_SECONDS = 5
_STOPS_SECONDS = 0.5


@asynccontextmanager
async def upkeep(wired: Wired, settings: Settings) -> AsyncIterator[None]:
    """Keep the chores going while the block runs; their failures are logged, never fatal."""
    chores = [
        _repeat(lambda: read_templates(wired), settings.template_refresh_seconds),
        _repeat(lambda: sweep_bodies(wired, settings), _SWEEP_SECONDS),
        _repeat(lambda: sweep_codes(wired), _SWEEP_SECONDS),
        _repeat(lambda: take_up_dead_letters(wired.services), _DEAD_LETTER_SECONDS),
        _repeat(lambda: forget_dead_letters(wired.services), _SWEEP_SECONDS),
        _repeat(lambda: go_on_with_codes(wired), _CODES_SECONDS),
        _repeat(lambda: watch_writes(wired), _WRITES_SECONDS),
    ]
    if wired.services.confirms_stops:
        chores.append(_repeat(lambda: confirm_what_was_stopped(wired), _STOPS_SECONDS))
    if wired.services.receiver.is_configured:
        chores.append(_repeat(lambda: tell_events(wired), _EVENTS_SECONDS))
    tasks = [asyncio.create_task(chore) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_templates(wired: Wired) -> None:
    """Read Meta's lists for every business; one that fails does not cost the others."""
    log = structlog.get_logger("askfirst")
    for business_id in await wired.services.directory.businesses():
        if business_id == UNROUTED:
            continue
        try:
            count = await refresh_templates(wired.services, business_id)
            log.info("templates_read", business=business_id, count=count)
        except AskfirstError as error:
            log.warning("templates_not_read", business=business_id, error=error.message)


async def sweep_bodies(wired: Wired, settings: Settings) -> None:
    """Forget the raw bodies whose time is over."""
    before = Instant(wired.services.clock.now() - settings.body_retention_days * DAY)
    count = await wired.store.sweep(before)
    structlog.get_logger("askfirst").info("bodies_swept", count=count)


async def sweep_codes(wired: Wired) -> None:
    """Forget requests for codes whose time is over, a business after the other."""
    services = wired.services
    before = Instant(services.clock.now() - CODES_KEPT)
    for business_id in await services.directory.businesses():
        await services.codes.sweep(business_id, before)


async def go_on_with_codes(wired: Wired) -> None:
    """Try the next channel for codes that were not delivered in time."""
    await continue_codes(wired.services)


async def watch_writes(wired: Wired) -> None:
    """Say that nothing can be written also where nobody asks whether the server is ready."""
    await wired.writes.look()


async def confirm_what_was_stopped(wired: Wired) -> None:
    """Confirm the stops that were said in the chat since the last look."""
    await confirm_stops(wired.services)


async def tell_events(wired: Wired) -> None:
    """Tell what has happened to codes; a receiver that takes nothing is logged once a round."""
    if count := await tell_happenings(wired.services):
        structlog.get_logger("askfirst").warning("code_events_not_taken", count=count)


async def _repeat(chore: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await chore()
        except Exception:  # noqa: BLE001  # a chore that failed is tried again, whatever it was
            structlog.get_logger("askfirst").exception("chore_failed")
        await asyncio.sleep(seconds)
