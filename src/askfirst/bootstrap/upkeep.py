"""What a server does without being asked: reads templates, forgets old bodies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import Wired
from askfirst.domain.errors import AskfirstError
from askfirst.domain.instant import DAY, Instant
from askfirst.ports.directory import UNROUTED
from askfirst.usecases.manage_senders import refresh_templates

_SWEEP_SECONDS = 24 * 60 * 60


@asynccontextmanager
async def upkeep(wired: Wired, settings: Settings) -> AsyncIterator[None]:
    """Keep both chores going while the block runs; their failures are logged, never fatal."""
    chores = (
        _repeat(lambda: read_templates(wired), settings.template_refresh_seconds),
        _repeat(lambda: sweep_bodies(wired, settings), _SWEEP_SECONDS),
    )
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


async def _repeat(chore: Callable[[], Awaitable[None]], seconds: int) -> None:
    while True:
        try:
            await chore()
        except Exception:  # noqa: BLE001  # a chore that failed is tried again, whatever it was
            structlog.get_logger("askfirst").exception("chore_failed")
        await asyncio.sleep(seconds)
