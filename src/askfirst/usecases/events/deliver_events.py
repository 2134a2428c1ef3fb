"""Tell the operator's own server what happened to codes: at least once, in order, until it took it.

What is to be told stands in the request's own row, so nothing is lost with a process, and any may
take it up. A line is noted as told after it was taken: who hears it twice knows it by its id.
"""

from __future__ import annotations

from functools import partial

from askfirst.domain.codes.code import TAKE_UP_AFTER
from askfirst.domain.codes.code_event import TOLD_FOR, EventFate, code_event, wait_to_tell_again
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.outbox import NotTaken, Telling, Untold
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.leased_worker import LOOKED_AT, take_up_each


async def tell_happenings(services: Services) -> int:
    """Tell what there is to tell now; gives for how many requests it was not taken.

    Any number of processes may do this at once: a request is taken up by one of them.
    """
    untold = await services.happenings.untold(services.clock.now(), LOOKED_AT)
    fates = await take_up_each(untold, partial(_take_up, services))
    return sum(fate is EventFate.NOT_TAKEN for fate in fates)


async def _take_up(services: Services, untold: Untold) -> EventFate | None:
    """Tell all that is to be told of one request, one after the other, up to the first failure."""
    telling = await services.happenings.take_up(untold, _lease(services))
    fate = None
    while telling is not None:
        fate = await _tell(services, telling)
        services.signals.told(untold.business_id, fate)
        if fate is EventFate.NOT_TAKEN:
            await _put_off(services, telling)
            break
        telling = await services.happenings.told(telling, _lease(services))
    return fate


async def _tell(services: Services, telling: Telling) -> EventFate:
    event = code_event(telling.code, telling.told)
    if services.clock.now() - event.at >= TOLD_FOR:
        return EventFate.GIVEN_UP
    try:
        await services.receiver.tell(event)
    except NotTaken:
        return EventFate.NOT_TAKEN
    return EventFate.TAKEN


async def _put_off(services: Services, telling: Telling) -> None:
    """Let it wait: no later line overtakes the one that was not taken."""
    now = services.clock.now()
    age = now - telling.code.history[telling.told].at
    await services.happenings.postpone(telling, Instant(now + wait_to_tell_again(age)))


def _lease(services: Services) -> Instant:
    return Instant(services.clock.now() + TAKE_UP_AFTER)
