"""Tell an endpoint of a subscription how a held message ended.

Events of the ledger have an order to keep; these have none, so each is a task of its own.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.event import EventFilter
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.purpose import chain_of
from askfirst.ports.held.held_messages import HasHeldMessages, news_of
from askfirst.usecases.events.tell_endpoint import News, TellEndpointNeeds, tell_endpoint


class TellHeldNeeds(HasHeldMessages, TellEndpointNeeds, Protocol):
    """What this use case needs from the world."""


async def tell_held(services: TellHeldNeeds, leased: LeasedTask) -> None:
    """Post the end that a task of `Queue.HELD_NEWS` is about, where the endpoint wants it.

    Raises:
        RetryLater: it was not taken, and it is not given up yet.
    """
    business_id, (held_id, to) = leased.task.business_id, news_of(leased.task)
    message = await services.held_messages.find(business_id, held_id)
    if message is None or message.ended_at is None:  # erased
        return
    news = News(lambda endpoint: endpoint.tell(message), message.ended_at)
    await tell_endpoint(services, leased, to, news, lambda one: is_wanted(one.wanted, message))


def is_wanted(wanted: EventFilter, message: HeldMessage) -> bool:
    """Return whether a subscription hears of it: one that names kinds of events wants only those.

    A purpose stands for its topics, and a topic for what is said of its parent.
    """
    if wanted.kinds:
        return False
    return not wanted.purposes or any(
        name in chain_of(message.purpose) or message.purpose in chain_of(name)
        for name in wanted.purposes
    )
