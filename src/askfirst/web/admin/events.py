"""Commands about subscriptions: servers of a business's that are told each change of consent."""

from __future__ import annotations

from enum import StrEnum

from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.subscription import Subscription, SubscriptionState
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, Position, Prefix, SubscriptionId, parse_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.manage_subscriptions import (
    SubscriptionOrder,
    create_subscription,
    delete_subscription,
    list_subscriptions,
    redeliver_events,
    rotate_secret,
    set_subscription_state,
)
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class CreateSubscription(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Make one. `after` None: only events from now on."""

    url: str
    kinds: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    after: int | None = None

    async def run(self, services: Services) -> Answer:
        order = SubscriptionOrder(
            business_id=await business_of(services, self.business),
            url=self.url,
            wanted=EventFilter(
                kinds=frozenset(_kind(kind) for kind in self.kinds),
                purposes=frozenset(self.purposes),
            ),
            after=None if self.after is None else Position(self.after),
        )
        made, secret = await create_subscription(services, order)
        return {**_row(made), "secret": secret}


class ListSubscriptions(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of them; `after` is the id of the last one seen."""

    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        after = parse_id(Prefix.SUBSCRIPTION, self.after, "after") if self.after else ""
        found = await list_subscriptions(services, business_id, after, self.limit)
        return {"subscriptions": [_row(one) for one in found]}


class SubscriptionDeed(StrEnum):
    """What is done to one."""

    PAUSE = "pause"
    RESUME = "resume"
    ROTATE = "rotate"
    DELETE = "delete"


class ChangeSubscription(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Pause, resume, rotate or delete one."""

    subscription_id: str
    deed: SubscriptionDeed

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        name = _id(self.subscription_id)
        match self.deed:
            case SubscriptionDeed.PAUSE:
                state = SubscriptionState.PAUSED
                return _known(await set_subscription_state(services, business_id, name, state))
            case SubscriptionDeed.RESUME:
                state = SubscriptionState.LIVE
                return _known(await set_subscription_state(services, business_id, name, state))
            case SubscriptionDeed.ROTATE:
                return await _rotate(services, business_id, name)
            case SubscriptionDeed.DELETE:
                if not await delete_subscription(services, business_id, name):
                    raise _unknown()
                return {"id": name}


class RedeliverEvents(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Deliver again what comes after a position of the ledger."""

    subscription_id: str
    after: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        name, after = _id(self.subscription_id), Position(self.after)
        return _known(await redeliver_events(services, business_id, name, after))


async def _rotate(services: Services, business_id: BusinessId, name: SubscriptionId) -> Answer:
    rotated = await rotate_secret(services, business_id, name)
    if rotated is None:
        raise _unknown()
    secret, until = rotated
    return {"id": name, "secret": secret, "previous_until": to_rfc3339(until)}


def _kind(text: str) -> EventKind:
    try:
        return EventKind(text)
    except ValueError as error:
        kinds = ", ".join(kind.value for kind in EventKind)
        raise InvalidInput("kinds", f"must be of: {kinds}") from error


def _id(text: str) -> SubscriptionId:
    return SubscriptionId(parse_id(Prefix.SUBSCRIPTION, text, "subscription_id"))


def _known(found: Subscription | None) -> Answer:
    if found is None:
        raise _unknown()
    return _row(found)


def _unknown() -> UnknownReference:
    message = "no subscription of that id; askfirst subscriptions list shows them"
    return UnknownReference("subscription_id", message)


def _row(one: Subscription) -> Answer:
    """A subscription, without its secret."""
    return {
        "id": one.subscription_id,
        "url": one.url.value,
        "kinds": sorted(one.wanted.kinds),
        "purposes": sorted(one.wanted.purposes),
        "state": one.state.value,
        "position": one.position,
        "failing_since": None if one.failing_since is None else to_rfc3339(one.failing_since),
        "reason": one.reason or None,
        "created_at": to_rfc3339(one.created_at),
    }
