"""What a server does unasked.

It reads templates, forgets old bodies, goes on with codes, tells, keeps the head of the ledger and
checks its past. It also takes up deliveries whose sender was registered after they came.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial

import structlog

from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import Wired
from askfirst.domain.codes.code_limits import CODES_KEPT
from askfirst.domain.tasks.retry_policy import RetryPolicy
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.codes.deliver_code import continue_codes
from askfirst.usecases.events.deliver_events import EVENT_LEASE, deliver_events
from askfirst.usecases.inbound.replay_dead_letters import forget_dead_letters, take_up_dead_letters
from askfirst.usecases.opt_out.confirm_stops import confirm_stops
from askfirst.usecases.tasks.worker import TaskHandler, Worker
from askfirst.usecases.tenants.manage_senders import refresh_templates
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.usecases.transparency.watch_ledger import scrub

_SWEEP_SECONDS = 24 * 60 * 60
_CODES_SECONDS = 1
_CLOCK_SECONDS = 1
_EVENT_RETRIES = RetryPolicy(attempts_max=100)
"""More than there are waits in the day after which an event is given up."""
_TROUBLE_SECONDS = 1.0
_HEAD_SECONDS = 0.2
"""How often the newest positions are looked at."""
_HEAD_WRITTEN_SECONDS = 1.0
"""How long the file of the head then rests: under load it is written once a second, and behind by
no more than that and one write."""
_HEAD_TROUBLE_SECONDS = 10.0
_HEADS_AGAIN_SECONDS = 60
_SCRUB_SECONDS = 1.0
"""A step of some milliseconds each: about a hundredth of a core."""
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
        _repeat(ClockChore(wired).look, _CLOCK_SECONDS),
        _repeat(lambda: watch_writes(wired), _WRITES_SECONDS),
    ]
    chores += [
        _repeat(lambda: keep_head(wired), 0),
        _repeat(lambda: look_at_heads_again(wired), _HEADS_AGAIN_SECONDS),
        _repeat(lambda: check_the_past(wired), _SCRUB_SECONDS),
    ]
    if wired.services.confirms_stops:
        chores.append(_repeat(lambda: confirm_what_was_stopped(wired), _STOPS_SECONDS))
    worker = worker_of(wired)
    chores.append(_repeat(worker.look, 0))
    tasks = [asyncio.create_task(chore) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await worker.close()


def worker_of(wired: Wired) -> Worker:
    """Return the worker of this process, with a handler for each queue it works on."""
    services = wired.services
    handlers: dict[Queue, TaskHandler] = {}
    if services.receiver.is_configured:
        run = partial(deliver_events, services)
        handlers[Queue.EVENTS] = TaskHandler(run=run, lease=EVENT_LEASE, retries=_EVENT_RETRIES)
    return Worker(wired.store.tasks, handlers, services.clock, services.signals)


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
    if _is_doubtful(wired):
        return
    before = Instant(wired.services.clock.now() - settings.body_retention_days * DAY)
    count = await wired.store.sweep(before)
    structlog.get_logger("askfirst").info("bodies_swept", count=count)


async def sweep_codes(wired: Wired) -> None:
    """Forget requests for codes whose time is over, a business after the other."""
    if _is_doubtful(wired):
        return
    services = wired.services
    before = Instant(services.clock.now() - CODES_KEPT)
    for business_id in await services.directory.businesses():
        await services.codes.sweep(business_id, before)


def _is_doubtful(wired: Wired) -> bool:
    """Forget nothing by a clock that jumped: it would be gone before its time."""
    wired.services.clock.now()  # looks at the clock, so that a jump is known
    if wired.watch.is_trusted:
        return False
    structlog.get_logger("askfirst").warning("sweep_put_off", error="the clock jumped")
    return True


class ClockChore:
    """Looks at the clock also when nobody asks for the time; says each finding once.

    A jump is said once more when the clock is right again.
    """

    def __init__(self, wired: Wired) -> None:
        self._wired = wired
        self._said: frozenset[tuple[str, bool]] = frozenset()

    async def look(self) -> None:
        """Log what has come up since the last look, with what to do about it."""
        self._wired.services.clock.now()
        watch = self._wired.watch
        found = {(one.check, watch.is_trusted): one for one in watch.findings()}
        for said, finding in found.items():
            if said not in self._said:
                log = structlog.get_logger("askfirst")
                log.warning(finding.check, error=f"{finding.summary} To do: {finding.remedy}.")
        self._said = frozenset(found)


async def go_on_with_codes(wired: Wired) -> None:
    """Try the next channel for codes that were not delivered in time."""
    await continue_codes(wired.services)


async def watch_writes(wired: Wired) -> None:
    """Say that nothing can be written also where nobody asks whether the server is ready."""
    await wired.writes.look()


async def confirm_what_was_stopped(wired: Wired) -> None:
    """Confirm the stops that were said in the chat since the last look."""
    await confirm_stops(wired.services)


async def keep_head(wired: Wired) -> None:
    """Keep the newest positions outside the database; soon after they move, seldom under load."""
    try:
        was_written = await follow_head(wired.services)
    except AskfirstError as error:
        structlog.get_logger("askfirst").error("head_not_kept", error=error.message)
        await asyncio.sleep(_HEAD_TROUBLE_SECONDS)
    else:
        await asyncio.sleep(_HEAD_WRITTEN_SECONDS if was_written else _HEAD_SECONDS)


async def look_at_heads_again(wired: Wired) -> None:
    """A database may be restored under a running server. Tell the heads, where somebody listens."""
    wired.services.watch.look_again()
    receiver = wired.services.head_receiver
    kept = await wired.services.head_file.read() if receiver.is_configured else None
    if kept is not None and not await receiver.tell(kept):
        structlog.get_logger("askfirst").warning("head_not_taken")


async def check_the_past(wired: Wired) -> None:
    """Go through the whole ledger, again and again, a step at a time."""
    async with aclosing(scrub(wired.services)) as steps:
        async for _ in steps:
            await asyncio.sleep(_SCRUB_SECONDS)


async def _repeat(chore: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await chore()
        except Exception:  # noqa: BLE001  # a chore that failed is tried again, whatever it was
            structlog.get_logger("askfirst").exception("chore_failed")
            await asyncio.sleep(_TROUBLE_SECONDS)
        await asyncio.sleep(seconds)
