"""Forward Meta's webhooks to a receiver of the business's: at least once, in order per sender.

Deliveries about one sender are out one after the other, those about different senders side by side.
The position moves over what was taken, once for a page: a process that dies in between forwards
those once more. What a receiver refuses is tried again for seven days, less and less often, and
all that follows waits for it; but where it takes the next, that one delivery is set aside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from askfirst.domain.inbound.delivery import ForwardFate
from askfirst.domain.inbound.webhook_receiver import FAILING_FOR, WebhookReceiver
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.events.subscriptions import EndpointRefused
from askfirst.ports.inbound.receivers import (
    HasReceiverLines,
    HasReceivers,
    KeptWebhook,
    ReceiverLine,
)
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.tasks.endpoint_retries import tried_again_at

FORWARD_LEASE: Final = MINUTE
"""For one page; the lease begins anew with each."""
PAGE_MAX: Final = 32
LANES_MAX: Final = 8
"""Requests that are out at once to one receiver."""
SET_ASIDE_AFTER: Final = 12
"""Attempts, within two hours or so, after which a delivery that is refused holds up no other."""
_TURN: Final = 5 * SECOND
"""How long a receiver is forwarded to before others have their turn."""


class ForwardWebhooksNeeds(HasClock, HasReceivers, HasReceiverLines, HasTelemetry, Protocol):
    """What this use case needs from the world."""


async def forward_webhooks(services: ForwardWebhooksNeeds, leased: LeasedTask) -> Instant | None:
    """Forward what the receiver has not taken yet; returns when to go on, None: there is no more.

    Raises:
        RetryLater: a delivery was not taken. After seven days of that the receiver is parked; at
            once, where it says that it is gone.
    """
    receiver = await services.receivers.take_up(leased)
    if receiver is None:
        return None
    turn = _Turn(services, leased, receiver)
    async with services.receiver_lines.reach(receiver.url) as line:
        try:
            return await turn.run(line)
        except EndpointRefused as refused:
            await turn.fail(refused)
    return None


class _Turn:
    """One turn of one receiver."""

    def __init__(
        self, services: ForwardWebhooksNeeds, leased: LeasedTask, receiver: WebhookReceiver
    ) -> None:
        self._services = services
        self._leased = leased
        self._receiver = receiver
        self._position = receiver.position
        self._has_moved = False
        self._end = services.clock.steady() + _TURN

    async def run(self, line: ReceiverLine) -> Instant | None:
        receivers, clock = self._services.receivers, self._services.clock
        while True:
            page = await receivers.pending(self._receiver.business_id, self._position, PAGE_MAX)
            if not page.webhooks:
                await self._pass_over()
                return None
            if not await self._forward(line, self._tried(page.webhooks)):
                return None
            if clock.steady() >= self._end:
                return clock.now()
            if not page.has_more and self._position >= page.webhooks[-1].number:
                return None

    async def fail(self, refused: EndpointRefused) -> None:
        """Try again later; park it where that has gone on for too long, or nobody is there."""
        services, now = self._services, self._services.clock.now()
        services.telemetry.forwarded(ForwardFate.NOT_TAKEN)
        since = await services.receivers.fail(self._leased, now, str(refused))
        is_over = refused.is_gone or (since is not None and now - since >= FAILING_FOR)
        if since is not None and is_over:
            if await services.receivers.park(self._leased):
                services.telemetry.receiver_parked(self._receiver.business_id)
            return
        attempts = 1 if self._has_moved else self._leased.attempts
        raise RetryLater(tried_again_at(refused, attempts, now, self._receiver.receiver_id))

    async def _pass_over(self) -> None:
        """What was numbered when the turn began and is not there was forgotten: nobody waits."""
        if self._position < self._receiver.newest:
            await self._move(self._receiver.newest)

    def _tried(self, webhooks: Sequence[KeptWebhook]) -> Sequence[KeptWebhook]:
        """After a failure the first one is tried alone: what others took is not posted again."""
        if self._has_moved or self._leased.attempts == 1:
            return webhooks
        wants = self._receiver.wants
        first = next((n for n, one in enumerate(webhooks, 1) if wants(one.places)), len(webhooks))
        return webhooks[:first]

    async def _forward(self, line: ReceiverLine, webhooks: Sequence[KeptWebhook]) -> bool:
        """Forward a page and note what was taken; False where somebody else goes on by now."""
        wanted = [one for one in webhooks if self._receiver.wants(one.places)]
        taken, refusals = await self._post(line, wanted)
        if taken:
            self._services.telemetry.forwarded(ForwardFate.TAKEN, len(taken))
        left = [one.number for one in wanted if one.number not in taken]
        done = left[0] - 1 if left else webhooks[-1].number
        if done > self._position and not await self._move(done):
            return False
        if not refusals:
            return True
        first = min(refusals)
        if first == left[0] and await self._is_alone(line, refusals[first], first):
            return await self._set_aside(first)
        raise refusals[first]

    async def _post(
        self, line: ReceiverLine, wanted: Sequence[KeptWebhook]
    ) -> tuple[set[int], dict[int, EndpointRefused]]:
        """Post what there is time for; returns the numbers of what was taken, and what was not."""
        taken: set[int] = set()
        refusals: dict[int, EndpointRefused] = {}

        async def run(lane: Sequence[KeptWebhook]) -> None:
            for webhook in lane:
                try:
                    await line.post(webhook)
                except EndpointRefused as refused:
                    refusals[webhook.number] = refused
                    return
                taken.add(webhook.number)
                if self._services.clock.steady() >= self._end:
                    return

        async with asyncio.TaskGroup() as group:
            for lane in lanes(wanted):
                group.create_task(run(lane))
        return taken, refusals

    async def _is_alone(self, line: ReceiverLine, refused: EndpointRefused, number: int) -> bool:
        """Whether a receiver that refuses a delivery again and again does take the next."""
        if self._has_moved or self._leased.attempts < SET_ASIDE_AFTER or not refused.is_answer:
            return False
        business_id = self._receiver.business_id
        page = await self._services.receivers.pending(business_id, number, PAGE_MAX)
        for other in page.webhooks:
            if self._receiver.wants(other.places):
                try:
                    await line.post(other)
                except EndpointRefused:
                    return False
                return True
        return False

    async def _set_aside(self, number: int) -> bool:
        self._services.telemetry.forwarded(ForwardFate.SET_ASIDE)
        self._services.telemetry.webhook_set_aside(self._receiver.business_id)
        self._position, self._has_moved = number, True
        until = Instant(self._services.clock.now() + FORWARD_LEASE)
        return await self._services.receivers.set_aside(self._leased, number, until)

    async def _move(self, number: int) -> bool:
        until = Instant(self._services.clock.now() + FORWARD_LEASE)
        self._position, self._has_moved = number, True
        return await self._services.receivers.move(self._leased, number, until)


def lanes(webhooks: Sequence[KeptWebhook]) -> Iterator[Sequence[KeptWebhook]]:
    """Share out deliveries so that all about one sender are in one lane, in their order.

    One about several senders joins their lanes.
    """
    names = {place.lane for webhook in webhooks for place in webhook.places}
    if len(names) == 1 and all(webhook.places for webhook in webhooks):
        yield webhooks  # they came in their order
        return
    found: dict[str, list[KeptWebhook]] = {}
    for webhook in webhooks:
        own = sorted({place.lane for place in webhook.places})
        joined = {id(lane): lane for name in own if (lane := found.get(name))}
        merged = sorted((one for lane in joined.values() for one in lane), key=_number)
        merged.append(webhook)
        for name in [*(name for name, lane in found.items() if id(lane) in joined), *own]:
            found[name] = merged
    whole = list({id(lane): lane for lane in found.values()}.values())
    for first in range(min(LANES_MAX, len(whole))):
        yield [one for lane in whole[first::LANES_MAX] for one in lane]


def _number(webhook: KeptWebhook) -> int:
    return webhook.number
