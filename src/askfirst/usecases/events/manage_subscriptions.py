"""Keep the subscriptions of a business: servers that are told each change of consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.consent.event import EventFilter
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.events.subscription import (
    SUBSCRIPTIONS_MAX,
    TWO_SECRETS_FOR,
    Subscription,
    SubscriptionState,
)
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId, Position, SubscriptionId
from askfirst.domain.values.signing_secret import ENTROPY_BYTES, signing_secret
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.events.subscriptions import HasEndpoints, HasSubscriptions, Subscriptions
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.tenants.directory import Directory

_REMEDY: Final = (
    "Look at the reason in askfirst subscriptions list, mend the endpoint, and run askfirst "
    "subscriptions resume: nothing is lost, delivery goes on where it ended."
)


class ManageSubscriptionsNeeds(
    HasClock, HasIds, HasLedger, HasSubscriptions, HasEndpoints, Protocol
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionOrder:
    """A subscription that is wanted. `after`: from behind this position on; None: from now on."""

    business_id: BusinessId
    url: str
    wanted: EventFilter
    after: Position | None = None


async def create_subscription(
    services: ManageSubscriptionsNeeds, order: SubscriptionOrder
) -> tuple[Subscription, str]:
    """Make one; gives its secret, which is shown this once.

    Raises:
        InvalidInput: the URL is not one that may be called, or a kind cannot be subscribed to.
        Conflict: the business has as many as it may have.
    """
    url = parse_endpoint(order.url, with_loopback=services.endpoints.allows_loopback)
    head = await services.ledger.head(order.business_id)
    secret = signing_secret(services.ids.entropy(ENTROPY_BYTES))
    subscription = Subscription(
        subscription_id=services.ids.subscription(),
        business_id=order.business_id,
        url=url,
        wanted=order.wanted,
        state=SubscriptionState.LIVE,
        position=head if order.after is None else order.after,
        created_at=services.clock.now(),
    )
    made = await services.subscriptions.create(subscription, secret)
    if made is None:
        raise Conflict(f"a business has {SUBSCRIPTIONS_MAX} subscriptions at most; delete one")
    return made, secret


async def list_subscriptions(
    services: HasSubscriptions, business_id: BusinessId, after: str, limit: int
) -> tuple[Subscription, ...]:
    """Return a page of them, the oldest first."""
    return await services.subscriptions.list(business_id, after, limit)


async def find_subscription(
    services: HasSubscriptions, business_id: BusinessId, subscription_id: SubscriptionId
) -> Subscription | None:
    """Find one by its id."""
    return await services.subscriptions.find(business_id, subscription_id)


async def rotate_secret(
    services: ManageSubscriptionsNeeds, business_id: BusinessId, subscription_id: SubscriptionId
) -> tuple[str, Instant] | None:
    """Give it another secret; gives that, and until when the one of before signs, too.

    None where there is no such subscription.
    """
    secret = signing_secret(services.ids.entropy(ENTROPY_BYTES))
    until = Instant(services.clock.now() + TWO_SECRETS_FOR)
    done = await services.subscriptions.rotate(business_id, subscription_id, secret, until)
    return (secret, until) if done else None


async def set_subscription_state(
    services: ManageSubscriptionsNeeds,
    business_id: BusinessId,
    subscription_id: SubscriptionId,
    state: SubscriptionState,
) -> Subscription | None:
    """Pause it, or resume it where it ended; None where there is none."""
    now = services.clock.now()
    if not await services.subscriptions.set_state(business_id, subscription_id, state, now):
        return None
    return await find_subscription(services, business_id, subscription_id)


async def redeliver_events(
    services: ManageSubscriptionsNeeds,
    business_id: BusinessId,
    subscription_id: SubscriptionId,
    after: Position,
) -> Subscription | None:
    """Deliver again what comes after a position; None where there is no such subscription."""
    now = services.clock.now()
    if not await services.subscriptions.rewind(business_id, subscription_id, after, now):
        return None
    return await find_subscription(services, business_id, subscription_id)


async def delete_subscription(
    services: HasSubscriptions, business_id: BusinessId, subscription_id: SubscriptionId
) -> bool:
    """Forget it, with its secrets; False where there is none."""
    return await services.subscriptions.delete(business_id, subscription_id)


async def find_parked_subscriptions(
    subscriptions: Subscriptions, directory: Directory
) -> tuple[Finding, ...]:
    """Return a line for each business with endpoints that take nothing; one where all is well."""
    found = []
    for business_id in sorted(await directory.businesses()):
        all_of_it = await subscriptions.list(business_id, "", SUBSCRIPTIONS_MAX)
        parked = sum(one.state is SubscriptionState.PARKED for one in all_of_it)
        failing = sum(one.failing_since is not None for one in all_of_it) - parked
        if parked or failing > 0:
            summary = (
                f"{business_id}: {parked} subscriptions are parked, and {failing} are failing."
            )
            severity = Severity.PROBLEM if parked else Severity.WARNING
            found.append(
                Finding(check="subscriptions", severity=severity, summary=summary, remedy=_REMEDY)
            )
    if found:
        return tuple(found)
    summary = "Every subscription takes what it is told, or there is none."
    return (Finding(check="subscriptions", severity=Severity.OK, summary=summary),)
