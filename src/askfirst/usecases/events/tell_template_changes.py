"""Post changes of templates' categories to a subscription, in order.

They are about no contact and stand in no ledger, so a subscription has its own list of them. Only
subscriptions that want every kind of event are told: whoever named kinds asked for those.
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.subscriptions import Endpoint, Signed
from askfirst.ports.events.template_notices import HasTemplateNotices, TemplateNotice
from askfirst.usecases.events.tell_endpoint import TELL_LEASE, News, TellEndpointNeeds, post_news

_PAGE = 100


class TellTemplateChangesNeeds(HasTemplateNotices, TellEndpointNeeds, Protocol):
    """What this use case needs from the world."""


async def tell_template_changes(services: TellTemplateChangesNeeds, leased: LeasedTask) -> None:
    """Post what the subscription has not taken; forget it where that rests, or is gone.

    Raises:
        RetryLater: a notice was not taken, and it is not given up yet.
    """
    signed = await services.subscriptions.take_up(leased, services.clock.now())
    if signed is None or not await _tell_all(services, leased, signed):
        await services.template_notices.forget(leased)


async def _tell_all(services: TellTemplateChangesNeeds, leased: LeasedTask, signed: Signed) -> bool:
    """Post one after the other; False where the endpoint is parked. The lease begins anew."""
    async with services.endpoints.reach(signed.subscription.url, signed.secrets) as endpoint:
        while notices := await services.template_notices.untold(leased, _PAGE):
            for notice in notices:
                news = News(partial(_announce, notice), notice.changed_at)
                if not await post_news(services, leased, endpoint, signed.subscription, news):
                    return False
                until = Instant(services.clock.now() + TELL_LEASE)
                if not await services.template_notices.taken(leased, notice, until):
                    return True  # somebody else goes on by now
    return True


async def _announce(notice: TemplateNotice, endpoint: Endpoint) -> None:
    await endpoint.announce(notice)
