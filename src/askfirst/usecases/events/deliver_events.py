"""Tell the operator's own server what happened to codes: at least once, in order, until it took it.

A line is noted as told after it was taken: who hears it twice knows it by its id.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.codes.code_event import TOLD_FOR, EventFate, code_event, wait_to_tell_again
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.events.outbox import HasHappenings, HasReceiver, NotTaken, Telling
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry

EVENT_LEASE = MINUTE
"""For one line; the lease begins anew with each."""


class DeliverEventsNeeds(HasClock, HasHappenings, HasReceiver, HasTelemetry, Protocol):
    """What this use case needs from the world."""


async def deliver_events(services: DeliverEventsNeeds, leased: LeasedTask) -> None:
    """Tell all that is to be told of one request, one after the other, up to the first failure.

    Raises:
        RetryLater: a line was not taken. No later line overtakes it.
    """
    telling = await services.happenings.untold(leased)
    while telling is not None:
        fate = await _tell(services, telling)
        services.telemetry.told(telling.code.business_id, fate)
        now = services.clock.now()
        if fate is EventFate.NOT_TAKEN:
            age = now - telling.code.history[telling.told].at
            raise RetryLater(Instant(now + wait_to_tell_again(age)))
        telling = await services.happenings.told(telling, Instant(now + EVENT_LEASE))


async def _tell(services: DeliverEventsNeeds, telling: Telling) -> EventFate:
    event = code_event(telling.code, telling.told)
    if services.clock.now() - event.at >= TOLD_FOR:
        return EventFate.GIVEN_UP
    try:
        await services.receiver.tell(event)
    except NotTaken:
        return EventFate.NOT_TAKEN
    return EventFate.TAKEN
