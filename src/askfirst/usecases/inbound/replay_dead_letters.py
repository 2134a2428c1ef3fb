"""Act on deliveries that waited for somebody to register their sender or its WABA."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Final, NamedTuple, Protocol

from askfirst.domain.inbound.dead_letter import LetterFate, Route
from askfirst.domain.inbound.delivery import Envelope
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.inbound.dead_letters import (
    QUEUE_START,
    UNREAD,
    DeadLetter,
    HasDeadLetters,
    HasReadDelivery,
    Place,
    route_of_task,
)
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.inbound.route_events import Share, route_notices, route_of

_PAGE: Final = 100
_MORE: Final = (
    "deliveries that came before the registration are still being taken up; send this again"
)
_TURN: Final = 20 * SECOND
"""How long one turn goes on; then the others of the queue have theirs."""
REPLAY_LEASE: Final = MINUTE
"""For a turn, and the letter that it is at; also how long a letter rests that brought trouble."""


class _TakenUp(NamedTuple):
    """Whether that was all, and whether some stay because of trouble that lies in themselves."""

    is_all: bool
    has_trouble: bool


class ActsOnDeliveries(Protocol):
    """Whatever acts on what Meta delivered (`take_webhook.act_on`)."""

    def act_on(
        self,
        owned: Mapping[BusinessId, Share],
        body: bytes,
        heard_at: Instant,
        envelope: Envelope,
        /,
    ) -> Awaitable[object]:
        """Act on what came at a moment; when it returns, all is durable and each stop in force."""
        ...


class ReplayDeadLettersNeeds(
    ActsOnDeliveries,
    HasClock,
    HasDeadLetters,
    HasDirectory,
    HasReadDelivery,
    HasTelemetry,
    Protocol,
):
    """What this use case needs from the world."""


async def take_up_account(
    services: ReplayDeadLettersNeeds, waba_id: WabaId, until: Instant
) -> None:
    """Take up what waits for an account, the oldest first.

    Raises:
        Unavailable: some of it still waits at `until`, or the database does not answer.
    """
    await _take_up_in_time(services, Route(waba_id, None), until)


async def take_up_number(
    services: ReplayDeadLettersNeeds, phone_number_id: PhoneNumberId, until: Instant
) -> None:
    """Take up what waits for a number; raises as `take_up_account` does."""
    await _take_up_in_time(services, Route(None, phone_number_id), until)


async def replay_dead_letters(
    services: ReplayDeadLettersNeeds, leased: LeasedTask
) -> Instant | None:
    """Take up what a registration left: the task of `Queue.DEAD_LETTERS` for its account or number.

    Gives when to go on: at once where more waits, in a minute where a letter brought trouble.
    """
    route = route_of_task(leased.task)
    now = services.clock.now()
    if route.waba_id != UNREAD and not await services.directory.owner(
        route.phone_number_id, route.waba_id
    ):
        return None
    found = await _take_up(services, route, Instant(now + _TURN))
    if not found.is_all:
        return now
    return Instant(now + REPLAY_LEASE) if found.has_trouble else None


async def forget_dead_letters(services: ReplayDeadLettersNeeds, kept: int) -> None:
    """Forget what has waited for longer than so many microseconds."""
    before = Instant(services.clock.now() - kept)
    while count := await services.dead_letters.sweep(before, _PAGE):
        services.telemetry.dead_letters(LetterFate.FORGOTTEN, count)


async def _take_up_in_time(services: ReplayDeadLettersNeeds, route: Route, until: Instant) -> None:
    if not (await _take_up(services, route, until)).is_all:
        raise Unavailable(_MORE, retry_after_seconds=5)


async def _take_up(services: ReplayDeadLettersNeeds, route: Route, until: Instant) -> _TakenUp:
    """Act on one letter after the other, so that people's acts keep their order.

    What was acted on is settled a page at a time, in one write. Where a process ends before that,
    a letter is taken up twice, and does nothing new by the ids of its notices.
    """
    after, has_trouble = QUEUE_START, False
    while page := await _page(services, route, after):
        acted: list[tuple[DeadLetter, frozenset[Route]]] = []
        try:
            for place in page:
                if services.clock.now() > until:
                    return _TakenUp(is_all=False, has_trouble=has_trouble)
                letter = await services.dead_letters.find(place.letter_id)
                rest = None if letter is None else await _act(services, letter)
                if letter is not None and rest is not None:
                    acted.append((replace(letter, body=b""), rest))  # bodies are large
                has_trouble = has_trouble or (letter is not None and rest is None)
        finally:
            await asyncio.gather(*(_settle(services, letter, rest) for letter, rest in acted))
        after = page[-1]
    return _TakenUp(is_all=True, has_trouble=has_trouble)


async def _page(services: ReplayDeadLettersNeeds, route: Route, after: Place) -> tuple[Place, ...]:
    letters = services.dead_letters
    if route.phone_number_id is not None:
        return await letters.of_number(route.phone_number_id, after, _PAGE)
    return await letters.of_account(route.waba_id or UNREAD, after, _PAGE)


async def _act(services: ReplayDeadLettersNeeds, letter: DeadLetter) -> frozenset[Route] | None:
    """Act on one letter; gives what it still waits for.

    None where the trouble lies in the letter itself: it stays, and holds up no other.
    """
    try:
        heard = services.read_delivery(letter.body)
        notices = [notice for notice in heard.notices if letter.waits_for(route_of(notice))]
        media = [file for file in heard.media if letter.waits_for(route_of(file))]
        owned, unowned = await route_notices(services, notices, media)
        envelope = Envelope(heard.places)  # its signatures were not kept: it is signed anew
        await services.act_on(owned, letter.body, letter.received_at, envelope)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - whatever it was, the letter stays and is told of
        services.telemetry.dead_letters(LetterFate.FAILED, 1, letter.routes)
        return None
    return frozenset(map(route_of, unowned.notices))


async def _settle(
    services: ReplayDeadLettersNeeds, letter: DeadLetter, rest: frozenset[Route]
) -> None:
    if rest == letter.routes:
        return
    await services.dead_letters.settle(letter, rest)
    if found := rest - letter.routes:  # it had not been looked into before
        services.telemetry.dead_letters(LetterFate.KEPT, 1, found)
    else:
        services.telemetry.dead_letters(LetterFate.TAKEN_UP, 1, letter.routes - rest)
