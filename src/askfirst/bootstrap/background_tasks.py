"""What a server does unasked.

It works on the queue of tasks, looks at the clock, the write path and the policy file, keeps the
head of the ledger and checks its past.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial

import structlog

from askfirst.bootstrap.exports.writer import write_scheduled
from askfirst.bootstrap.policy_watch import LOOK_SECONDS, PolicyWatch
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import Wired
from askfirst.domain.codes.code import TAKE_UP_AFTER
from askfirst.domain.consent.stop_confirmation import CONFIRMED_AGAIN_AFTER
from askfirst.domain.tasks.retry_policy import RetryPolicy
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId, numbers_task
from askfirst.domain.value import replace
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND, Instant
from askfirst.ports.brakes.brakes import watch_task
from askfirst.ports.stats.statistics import follow_task
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.brakes.tell_brakes import tell_brake
from askfirst.usecases.brakes.watch_brakes import WATCH_LEASE, watch_brakes
from askfirst.usecases.bulk.exports.run_schedule import EXPORT_LEASE
from askfirst.usecases.bulk.imports.preparations import Preparations
from askfirst.usecases.bulk.imports.run_import import IMPORT_LEASE, work_on_import
from askfirst.usecases.bulk.screens.run_screen import SCREEN_LEASE, SCREENS_AT_ONCE, work_on_screen
from askfirst.usecases.bulk.sweep_files import forget_old_imports, forget_old_screens
from askfirst.usecases.codes.deliver_code import continue_code
from askfirst.usecases.consent.erase_contact import finish_erasures
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.deliver_events import EVENT_LEASE, deliver_events
from askfirst.usecases.events.deliver_to_subscription import (
    DELIVERY_LEASE,
    deliver_to_subscription,
)
from askfirst.usecases.events.tell_endpoint import TELL_LEASE
from askfirst.usecases.events.tell_template_changes import tell_template_changes
from askfirst.usecases.held.release_held import HELD_LEASE, release_held
from askfirst.usecases.held.tell_held import tell_held
from askfirst.usecases.inbound.forward_webhooks import FORWARD_LEASE, forward_webhooks
from askfirst.usecases.inbound.replay_dead_letters import (
    REPLAY_LEASE,
    forget_dead_letters,
    replay_dead_letters,
)
from askfirst.usecases.inbound.send_link import SENT_AGAIN_AFTER, send_link
from askfirst.usecases.inbound.settle_lost_message import settle_lost_message
from askfirst.usecases.opt_out.confirm_stop import confirm_stop
from askfirst.usecases.stats.count_shown import keep_shown
from askfirst.usecases.stats.follow_ledger import FOLLOW_LEASE, follow_ledger
from askfirst.usecases.tasks.worker import AT_ONCE, TaskHandler, Worker
from askfirst.usecases.tenants.manage_senders import refresh_templates
from askfirst.usecases.tenants.manage_templates import count_flags
from askfirst.usecases.tenants.read_numbers import next_reading, read_numbers
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.usecases.transparency.watch_ledger import scrub

_CLOCK_SECONDS = 1
_EVENT_RETRIES = RetryPolicy(attempts_max=100)
"""More than there are waits in the day after which an event is given up."""
_FOR_EVER = RetryPolicy(attempts_max=None)
_EACH_MINUTE = RetryPolicy(attempts_max=None, first=MINUTE, longest=MINUTE)
"""What ends by itself: with the life of a code, five minutes after a stop, with the last letter."""
_ALL = TaskId("all")
"""One of its queue for each business."""
_ENDPOINTS_AT_ONCE = 64
_LEASE = 10 * MINUTE
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
_WRITES_SECONDS = 5
_SHOWN_SECONDS = 10


@asynccontextmanager
async def upkeep(wired: Wired, settings: Settings) -> AsyncIterator[None]:
    """Keep the chores going while the block runs; their failures are logged, never fatal."""
    chores = [
        _repeat(lambda: ensure_schedule(wired, settings), settings.template_refresh_seconds),
        _repeat(ClockChore(wired).look, _CLOCK_SECONDS),
        _repeat(lambda: watch_writes(wired), _WRITES_SECONDS),
        _repeat(lambda: keep_shown(wired.services), _SHOWN_SECONDS),
    ]
    chores += [
        _repeat(lambda: keep_head(wired), 0),
        _repeat(lambda: look_at_heads_again(wired), _HEADS_AGAIN_SECONDS),
        _repeat(lambda: check_the_past(wired), _SCRUB_SECONDS),
    ]
    if settings.policy_file is not None:
        policy = PolicyWatch(settings.policy_file, wired.services.policies, wired.metrics)
        chores.append(_repeat(policy.look, LOOK_SECONDS))
    worker = worker_of(wired, settings)
    chores.append(_repeat(worker.look, 0))
    tasks = [asyncio.create_task(chore) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await worker.close()
        await _keep_last_shown(wired)


async def _keep_last_shown(wired: Wired) -> None:
    try:
        await keep_shown(wired.services)
    except AskfirstError as error:
        structlog.get_logger("askfirst").warning("shown_not_kept", error=error.message)


def worker_of(wired: Wired, settings: Settings) -> Worker:
    """Return the worker of this process, with a handler for each queue it works on."""
    services = wired.services

    def recurring(
        run: Callable[[Wired, Settings, LeasedTask], Awaitable[Instant]], lease: int
    ) -> TaskHandler:
        return TaskHandler(run=partial(run, wired, settings), lease=lease, retries=_FOR_EVER)

    handlers = handlers_of(services) | {
        Queue.SCHEDULE: recurring(schedule, _LEASE),
        Queue.TEMPLATES: recurring(read_templates, _LEASE),
        Queue.NUMBERS: recurring(look_at_numbers, _LEASE),
        Queue.SWEEPING: recurring(sweep, HOUR),
    }
    return Worker(wired.store.tasks, handlers, services.clock, services.telemetry)


def handlers_of(services: Services) -> dict[Queue, TaskHandler]:
    """Return the handlers of what follows from what people do."""

    def each_minute(
        run: Callable[[Services, LeasedTask], Awaitable[Instant | None]],
        lease: int,
        at_once: int = AT_ONCE,
        *,
        overlaps: bool = False,
    ) -> TaskHandler:
        return TaskHandler(
            run=partial(run, services),
            lease=lease,
            retries=_EACH_MINUTE,
            at_once=at_once,
            overlaps=overlaps,
        )

    def to_others(
        run: Callable[[Services, LeasedTask], Awaitable[Instant | None]], lease: int
    ) -> TaskHandler:
        """Work that waits for servers of others; a slow one holds up no other."""
        return TaskHandler(
            run=partial(run, services),
            lease=lease,
            retries=_FOR_EVER,
            at_once=_ENDPOINTS_AT_ONCE,
            overlaps=True,
        )

    preparations = Preparations()
    handlers = {
        Queue.CODES: each_minute(continue_code, TAKE_UP_AFTER),
        Queue.STOPS: each_minute(confirm_stop, CONFIRMED_AGAIN_AFTER),
        Queue.LINKS: each_minute(send_link, SENT_AGAIN_AFTER),
        Queue.LOST: each_minute(settle_lost_message, _LEASE),
        Queue.DEAD_LETTERS: each_minute(replay_dead_letters, REPLAY_LEASE),
        Queue.SUBSCRIPTIONS: to_others(deliver_to_subscription, DELIVERY_LEASE),
        Queue.TEMPLATE_NOTICES: to_others(tell_template_changes, TELL_LEASE),
        Queue.HELD: each_minute(release_held, HELD_LEASE),
        Queue.HELD_NEWS: to_others(tell_held, TELL_LEASE),
        Queue.FORWARDING: to_others(forward_webhooks, FORWARD_LEASE),
        Queue.ERASURES: each_minute(finish_erasures, _LEASE),
        Queue.STATISTICS: each_minute(follow_ledger, FOLLOW_LEASE),
        Queue.BRAKES: each_minute(watch_brakes, WATCH_LEASE),
        Queue.BRAKE_NEWS: to_others(tell_brake, TELL_LEASE),
        Queue.IMPORTS: replace(
            each_minute(partial(work_on_import, preparations), IMPORT_LEASE, 1),
            close=preparations.close,
        ),
        Queue.SCREENS: each_minute(work_on_screen, SCREEN_LEASE, SCREENS_AT_ONCE, overlaps=True),
    }
    handlers[Queue.EXPORTS] = TaskHandler(
        run=partial(write_scheduled, services), lease=EXPORT_LEASE, retries=_FOR_EVER, at_once=1
    )
    if services.receiver.is_configured:
        run = partial(deliver_events, services)
        handlers[Queue.EVENTS] = TaskHandler(run=run, lease=EVENT_LEASE, retries=_EVENT_RETRIES)
    return handlers


async def ensure_schedule(wired: Wired, settings: Settings) -> None:
    """See that there is a task that sees to the others."""
    now = wired.services.clock.now()
    task = Task(UNROUTED, Queue.SCHEDULE, _ALL)
    await wired.store.tasks.ensure(task, now, _next_refresh(now, settings))


async def schedule(wired: Wired, settings: Settings, _: LeasedTask) -> Instant:
    """See that each business has its recurring tasks; those of a new one are due at once."""
    now, tasks = wired.services.clock.now(), wired.store.tasks
    again = _next_refresh(now, settings)
    for business_id in {UNROUTED, *await wired.services.directory.businesses()}:
        await tasks.ensure(Task(business_id, Queue.SWEEPING, _ALL), now, Instant(now + DAY))
        if business_id != UNROUTED:
            await tasks.ensure(Task(business_id, Queue.TEMPLATES, _ALL), now, again)
            reading = next_reading(business_id, now)
            await tasks.ensure(numbers_task(business_id), now, reading)
            await tasks.ensure(watch_task(business_id), now, again)
            await tasks.ensure(follow_task(business_id), now, again)
    return again


async def read_templates(wired: Wired, settings: Settings, leased: LeasedTask) -> Instant:
    """Read Meta's lists for a business; where that fails, it is tried again as often as ever."""
    log, business_id = structlog.get_logger("askfirst"), leased.task.business_id
    try:
        count = await refresh_templates(wired.services, business_id)
        await count_flags(wired.services, business_id)
        log.info("templates_read", business=business_id, count=count)
    except AskfirstError as error:
        log.warning("templates_not_read", business=business_id, error=error.message)
    return _next_refresh(wired.services.clock.now(), settings)


async def look_at_numbers(wired: Wired, _: Settings, leased: LeasedTask) -> Instant:
    """Read what Meta says of a business's numbers; what could not be read is read the next time."""
    business_id = leased.task.business_id
    read = await read_numbers(wired.services, business_id)
    count = len(read)
    structlog.get_logger("askfirst").info("numbers_read", business=business_id, count=count)
    return next_reading(business_id, wired.services.clock.now())


async def sweep(wired: Wired, settings: Settings, leased: LeasedTask) -> Instant:
    """Forget raw bodies, requests for codes and dead letters of a business whose time is over."""
    services, business_id = wired.services, leased.task.business_id
    now = services.clock.now()  # looks at the clock, so that a jump is known
    log = structlog.get_logger("askfirst")
    if not wired.watch.is_trusted:  # what was forgotten by a wrong clock would be gone too early
        log.warning("sweep_put_off", business=business_id, error="the clock jumped")
        return Instant(now + HOUR)
    before = Instant(now - settings.body_retention_days * DAY)
    count = await wired.store.sweep(business_id, before)
    await wired.store.sweep_traffic(business_id, now)
    log.info("bodies_swept", business=business_id, count=count)
    codes_before = Instant(now - settings.code_retention_days * DAY)
    await services.codes.sweep(business_id, codes_before)
    await forget_old_imports(services, business_id)
    await forget_old_screens(services, business_id)
    await services.operators.sweep(business_id, now)
    await services.passkeys.sweep(business_id, now)
    if business_id == UNROUTED:
        await forget_dead_letters(services, settings.dead_letter_retention_days * DAY)
    return Instant(now + DAY)


def _next_refresh(now: Instant, settings: Settings) -> Instant:
    return Instant(now + settings.template_refresh_seconds * SECOND)


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


async def watch_writes(wired: Wired) -> None:
    """Say that nothing can be written also where nobody asks whether the server is ready."""
    await wired.writes.look()


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
