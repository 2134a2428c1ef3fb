"""Tell what happened to a brake: metric and log once, and each subscription to everything.

A subscription that asked for some kinds or purposes only asked for consent, and hears of none.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.brakes.brake import BrakeChange
from askfirst.domain.events.subscription import SUBSCRIPTIONS_MAX, Subscription, SubscriptionState
from askfirst.domain.tasks.task import LeasedTask
from askfirst.ports.brakes.brakes import HasBrakes, change_task, told_by
from askfirst.ports.tasks.tasks import HasTasks
from askfirst.usecases.events.tell_endpoint import News, TellEndpointNeeds, tell_endpoint


class TellBrakesNeeds(HasBrakes, HasTasks, TellEndpointNeeds, Protocol):
    """What this use case needs from the world."""


async def tell_brake(services: TellBrakesNeeds, leased: LeasedTask) -> None:
    """Tell a change: to all, by a task for each, or to the one that the task names.

    Raises:
        RetryLater: it was not taken, and it is not given up yet.
    """
    change_id, to = told_by(leased.task)
    change = await services.brakes.change(leased.task.business_id, change_id)
    if change is None:
        return
    if to is None:
        await _fan_out(services, change)
    else:
        news = News(lambda endpoint: endpoint.post_brake(change), change.at)
        await tell_endpoint(services, leased, to, news, _wants)


async def _fan_out(services: TellBrakesNeeds, change: BrakeChange) -> None:
    business_id = change.brake.business_id
    for one in await services.subscriptions.list(business_id, "", SUBSCRIPTIONS_MAX):
        if one.state is SubscriptionState.LIVE and _wants(one):
            task = change_task(business_id, change.change_id, one.subscription_id)
            await services.tasks.enqueue(task, services.clock.now())
    services.telemetry.brake(change)


def _wants(subscription: Subscription) -> bool:
    return not subscription.wanted.kinds and not subscription.wanted.purposes
