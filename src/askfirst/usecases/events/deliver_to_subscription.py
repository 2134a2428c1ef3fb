"""Post the events of the ledger to the endpoint of a subscription: at least once, in order.

Up to eight events are out at once, never two of one contact, and the next go out once all of these
were taken. The position moves over what was taken: a process that dies in between posts those
once more, and who hears an event twice knows it by its id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, fold_all
from askfirst.domain.events.subscription import (
    FAILING_FOR,
    TOLD_KINDS,
    Subscription,
)
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.events.subscriptions import (
    ConsentChange,
    Endpoint,
    EndpointRefused,
    HasEndpoints,
    HasSubscriptions,
)
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.events.read_feed import read_feed
from askfirst.usecases.tasks.endpoint_retries import tried_again_at

DELIVERY_LEASE: Final = MINUTE
"""For one wave; the lease begins anew with each."""
WAVE_MAX: Final = 8
_PAGE: Final = 100
_TURN: Final = 5 * SECOND
"""How long an endpoint is posted to before others have their turn."""


class DeliverToSubscriptionNeeds(
    HasClock, HasLedger, HasSubscriptions, HasEndpoints, HasTelemetry, Protocol
):
    """What this use case needs from the world."""


async def deliver_to_subscription(
    services: DeliverToSubscriptionNeeds, leased: LeasedTask
) -> Instant | None:
    """Post what the endpoint has not taken yet; returns when to go on, None: there is no more.

    Raises:
        RetryLater: an event was not taken. After three days of that the subscription is parked; at
            once, where the endpoint says that it is gone.
    """
    now = services.clock.now()
    signed = await services.subscriptions.take_up(leased, now)
    if signed is None:
        return None
    delivery = _Delivery(services, leased, signed.subscription)
    async with services.endpoints.reach(signed.subscription.url, signed.secrets) as endpoint:
        try:
            return await delivery.run(endpoint)
        except EndpointRefused as refused:
            await delivery.fail(refused)
    return None


class _Delivery:
    """One turn of one subscription."""

    def __init__(
        self, services: DeliverToSubscriptionNeeds, leased: LeasedTask, subscription: Subscription
    ) -> None:
        self._services = services
        self._leased = leased
        self._business_id = subscription.business_id
        self._subscription_id = subscription.subscription_id
        self._wanted = replace(subscription.wanted, kinds=subscription.wanted.kinds or TOLD_KINDS)
        self._through = subscription.position
        self._has_moved = False

    async def run(self, endpoint: Endpoint) -> Instant | None:
        clock = self._services.clock
        end = clock.steady() + _TURN
        while True:
            page = await read_feed(
                self._services, self._business_id, self._wanted, self._through, _PAGE
            )
            for wave in waves(page.events):
                if not await self._post(endpoint, wave):
                    return None
                if clock.steady() >= end:
                    return clock.now()
            if page.through > self._through and not await self._move(page.through):
                return None
            if not page.has_more:
                return None

    async def fail(self, refused: EndpointRefused) -> None:
        """Try again later; park it where that has gone on for too long, or nobody is there."""
        services, now = self._services, self._services.clock.now()
        services.telemetry.posted(EventFate.NOT_TAKEN)
        since = await services.subscriptions.fail(self._leased, now, str(refused))
        is_over = refused.is_gone or (since is not None and now - since >= FAILING_FOR)
        if since is not None and is_over:
            if await services.subscriptions.park(self._business_id, self._subscription_id):
                services.telemetry.parked(self._business_id)
            return
        attempts = 1 if self._has_moved else self._leased.attempts
        raise RetryLater(tried_again_at(refused, attempts, now, self._subscription_id))

    async def _post(self, endpoint: Endpoint, wave: Sequence[Event]) -> bool:
        """Post a wave and note what was taken; False where somebody else goes on by now."""
        outcomes = await asyncio.gather(
            *(self._post_one(endpoint, event) for event in wave), return_exceptions=True
        )
        failures = [outcome is not None for outcome in outcomes]
        taken = failures.index(True) if any(failures) else len(wave)
        if taken:
            self._services.telemetry.posted(EventFate.TAKEN, taken)
            if not await self._move(wave[taken - 1].position):
                return False
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        return True

    async def _post_one(self, endpoint: Endpoint, event: Event) -> None:
        standing = await self._standing_after(event)
        await endpoint.post(ConsentChange(event=event, standing=standing))

    async def _standing_after(self, event: Event) -> Standing:
        """Fold what the contact had said by then: the same at each try, whatever came later."""
        said: list[Event] = []
        async for act in all_acts(self._services, event.business_id, event.contact_id):
            if act.position > event.position:
                break
            said.append(act)
        return fold_all(said).get(event.contact_id, NOTHING_SAID)

    async def _move(self, position: Position) -> bool:
        until = Instant(self._services.clock.now() + DELIVERY_LEASE)
        self._through, self._has_moved = position, True
        return await self._services.subscriptions.move(self._leased, position, until)


def waves(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Cut events into runs that may be out at once: no two are about one contact."""
    wave: list[Event] = []
    about: set[ContactId] = set()
    for event in events:
        whom = {event.contact_id, event.absorbed or event.contact_id}
        if len(wave) == WAVE_MAX or about & whom:
            yield wave
            wave, about = [], set()
        wave.append(event)
        about |= whom
    if wave:
        yield wave
