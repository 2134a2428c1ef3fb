"""Act on deliveries that waited for somebody to register their sender or its WABA."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from askfirst.domain.errors import Unavailable
from askfirst.domain.ids import PhoneNumberId, WabaId
from askfirst.domain.instant import DAY, HOUR, Instant
from askfirst.ports.dead_letters import QUEUE_START, UNREAD, DeadLetter, LetterFate, Place
from askfirst.usecases.route_notices import route_notices, route_of
from askfirst.usecases.services import Services
from askfirst.usecases.take_webhook import act_on

LETTERS_KEPT: Final = 400 * DAY
"""A year and a month: nobody registers a number so late, and nothing is kept without an end."""
_PAGE: Final = 100
_ROUND: Final = HOUR

_Pages = Callable[[Place, int], Awaitable[tuple[Place, ...]]]


async def take_up_account(services: Services, waba_id: WabaId, until: Instant) -> None:
    """Take up what waits for an account, the oldest first.

    Raises:
        Unavailable: some of it still waits at `until`, or the database does not answer.
    """
    await _take_up_all(services, partial(services.dead_letters.of_account, waba_id), until)


async def take_up_number(
    services: Services, phone_number_id: PhoneNumberId, until: Instant
) -> None:
    """Take up what waits for a number; raises as `take_up_account` does."""
    await _take_up_all(services, partial(services.dead_letters.of_number, phone_number_id), until)


async def take_up_dead_letters(services: Services) -> None:
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


async def forget_dead_letters(services: Services) -> None:
    """Forget what has waited for too long."""
    before = Instant(services.clock.now() - LETTERS_KEPT)
    while count := await services.dead_letters.sweep(before, _PAGE):
        services.signals.dead_letters(LetterFate.FORGOTTEN, count)


async def _take_up_all(services: Services, pages: _Pages, until: Instant) -> None:
    """One letter after the other, so that people's acts keep their order and memory its bounds."""
    after = QUEUE_START
    while page := await pages(after, _PAGE):
        for place in page:
            if services.clock.now() > until:
                message = (
                    "deliveries that came before the registration are still being taken up; "
                    "send this again"
                )
                raise Unavailable(message, retry_after_seconds=5)
            letter = await services.dead_letters.find(place.letter_id)
            if letter is not None:
                await _take_up(services, letter)
        after = page[-1]


async def _take_up(services: Services, letter: DeadLetter) -> None:
    """Act on one letter; trouble that lies in the letter itself holds up no other.

    It goes only after what it said is durable: taken up twice it does nothing new, by the ids of
    its notices.
    """
    try:
        notices = services.read_notices(letter.body)
        waiting = [notice for notice in notices if letter.waits_for(route_of(notice))]
        owned, unowned = await route_notices(services, waiting)
        if owned:
            await act_on(services, owned, letter.body, letter.received_at)
        rest = frozenset(map(route_of, unowned))
        await services.dead_letters.settle(letter, rest)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - whatever it was, the letter stays and is told of
        services.signals.dead_letters(LetterFate.FAILED, 1, letter.routes)
        return
    if owned:
        services.signals.dead_letters(LetterFate.TAKEN_UP, 1, letter.routes - rest)
