"""Act on deliveries that waited for somebody to register their sender or its WABA."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from askfirst.ports.inbound.dead_letters import (
    QUEUE_START,
    UNREAD,
    DeadLetter,
    HasReadDelivery,
    LetterFate,
    Place,
    Route,
)
from askfirst.usecases.inbound.route_events import route_notices, route_of
from askfirst.usecases.inbound.take_webhook import TakeWebhookNeeds, act_on

LETTERS_KEPT: Final = 400 * DAY
"""A year and a month: nobody registers a number so late, and nothing is kept without an end."""
_PAGE: Final = 100
_MORE: Final = (
    "deliveries that came before the registration are still being taken up; send this again"
)
_ROUND: Final = HOUR

_Pages = Callable[[Place, int], Awaitable[tuple[Place, ...]]]


class ReplayDeadLettersNeeds(TakeWebhookNeeds, HasReadDelivery, Protocol):
    """What this use case needs from the world."""


async def take_up_account(
    services: ReplayDeadLettersNeeds, waba_id: WabaId, until: Instant
) -> None:
    """Take up what waits for an account, the oldest first.

    Raises:
        Unavailable: some of it still waits at `until`, or the database does not answer.
    """
    await _take_up_all(services, partial(services.dead_letters.of_account, waba_id), until)


async def take_up_number(
    services: ReplayDeadLettersNeeds, phone_number_id: PhoneNumberId, until: Instant
) -> None:
    """Take up what waits for a number; raises as `take_up_account` does."""
    await _take_up_all(services, partial(services.dead_letters.of_number, phone_number_id), until)


async def take_up_dead_letters(services: ReplayDeadLettersNeeds) -> None:
    """Take up whatever can be routed by now.

    A process that ended between a registration and the taking up has left it to the others.
    """
    until = Instant(services.clock.now() + _ROUND)
    await take_up_account(services, UNREAD, until)
    account = ""
    while found := await services.dead_letters.next_account(account):
        account = found
        if await services.directory.owner(None, found):
            await take_up_account(services, found, until)
    number = ""
    while sender := await services.dead_letters.next_number(number):
        number = sender
        if await services.directory.owner(sender, None):
            await take_up_number(services, sender, until)


async def forget_dead_letters(services: ReplayDeadLettersNeeds) -> None:
    """Forget what has waited for too long."""
    before = Instant(services.clock.now() - LETTERS_KEPT)
    while count := await services.dead_letters.sweep(before, _PAGE):
        services.signals.dead_letters(LetterFate.FORGOTTEN, count)


async def _take_up_all(services: ReplayDeadLettersNeeds, pages: _Pages, until: Instant) -> None:
    """Act on one letter after the other, so that people's acts keep their order.

    What was acted on is settled a page at a time, in one write. Where a process ends before that,
    a letter is taken up twice, and does nothing new by the ids of its notices.
    """
    after = QUEUE_START
    while page := await pages(after, _PAGE):
        acted: list[tuple[DeadLetter, frozenset[Route]]] = []
        try:
            for place in page:
                if services.clock.now() > until:
                    raise Unavailable(_MORE, retry_after_seconds=5)
                letter = await services.dead_letters.find(place.letter_id)
                rest = None if letter is None else await _act(services, letter)
                if letter is not None and rest is not None:
                    acted.append((replace(letter, body=b""), rest))  # bodies are large
        finally:
            await asyncio.gather(*(_settle(services, letter, rest) for letter, rest in acted))
        after = page[-1]


async def _act(services: ReplayDeadLettersNeeds, letter: DeadLetter) -> frozenset[Route] | None:
    """Act on one letter; gives what it still waits for.

    None where the trouble lies in the letter itself: it stays, and holds up no other.
    """
    try:
        heard = services.read_delivery(letter.body)
        notices = [notice for notice in heard.notices if letter.waits_for(route_of(notice))]
        media = [file for file in heard.media if letter.waits_for(route_of(file))]
        owned, unowned = await route_notices(services, notices, media)
        await act_on(services, owned, letter.body, letter.received_at)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - whatever it was, the letter stays and is told of
        services.signals.dead_letters(LetterFate.FAILED, 1, letter.routes)
        return None
    return frozenset(map(route_of, unowned.notices))


async def _settle(
    services: ReplayDeadLettersNeeds, letter: DeadLetter, rest: frozenset[Route]
) -> None:
    if rest == letter.routes:
        return
    await services.dead_letters.settle(letter, rest)
    if found := rest - letter.routes:  # it had not been looked into before
        services.signals.dead_letters(LetterFate.KEPT, 1, found)
    else:
        services.signals.dead_letters(LetterFate.TAKEN_UP, 1, letter.routes - rest)
