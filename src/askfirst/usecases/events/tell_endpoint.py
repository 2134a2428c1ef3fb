"""Tell the endpoint of a subscription what is no event of the ledger: at least once, for 3 days.

All such news are told in this one manner: signed, counted, tried again with growing waits or when
the endpoint asks for it, given up after three days. An endpoint that says that it is gone is parked
at once, as for events of the ledger.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, Protocol

from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.events.subscription import FAILING_FOR, Subscription
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.ids import SubscriptionId
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.events.subscriptions import (
    Endpoint,
    EndpointRefused,
    HasEndpoints,
    HasSubscriptions,
)
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.tasks.endpoint_retries import tried_again_at

TELL_LEASE: Final = MINUTE
"""For one piece of news."""


class TellEndpointNeeds(HasClock, HasEndpoints, HasSubscriptions, HasTelemetry, Protocol):
    """What this use case needs from the world."""


class News(NamedTuple):
    """What is told: how it is posted, and when it happened."""

    post: Callable[[Endpoint], Awaitable[None]]
    happened_at: Instant


async def tell_endpoint(
    services: TellEndpointNeeds,
    leased: LeasedTask,
    to: SubscriptionId,
    news: News,
    wants: Callable[[Subscription], bool],
) -> None:
    """Tell one subscription, where it is live and wants to hear of it.

    Raises:
        RetryLater: it was not taken, and it is not given up yet.
    """
    business_id, now = leased.task.business_id, services.clock.now()
    signed = await services.subscriptions.sign_for(business_id, to, now)
    if signed is None or not wants(signed.subscription):
        return
    async with services.endpoints.reach(signed.subscription.url, signed.secrets) as endpoint:
        await post_news(services, leased, endpoint, signed.subscription, news)


async def post_news(
    services: TellEndpointNeeds,
    leased: LeasedTask,
    endpoint: Endpoint,
    subscription: Subscription,
    news: News,
) -> bool:
    """Post to an endpoint that is open; False where it is parked, and hears of nothing more.

    Raises:
        RetryLater: it was not taken, and it is not given up yet.
    """
    try:
        await news.post(endpoint)
    except EndpointRefused as refused:
        now = services.clock.now()
        services.telemetry.posted(EventFate.NOT_TAKEN)
        if refused.is_gone:
            await _park(services, subscription)
            return False
        if now - news.happened_at < FAILING_FOR:
            again = tried_again_at(refused, leased.attempts, now, leased.task.task_id)
            raise RetryLater(again) from refused
        services.telemetry.posted(EventFate.GIVEN_UP)
        return True
    services.telemetry.posted(EventFate.TAKEN)
    return True


async def _park(services: TellEndpointNeeds, subscription: Subscription) -> None:
    place = subscription.business_id, subscription.subscription_id
    if await services.subscriptions.park(*place):
        services.telemetry.parked(subscription.business_id)
