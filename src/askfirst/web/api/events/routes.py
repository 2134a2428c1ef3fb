"""Make, list, pause, resume and delete subscriptions."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import Field

from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.endpoint import URL_MAX
from askfirst.domain.events.subscription import Subscription, SubscriptionState
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import Position, Prefix, SubscriptionId, parse_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.manage_subscriptions import (
    SubscriptionOrder,
    create_subscription,
    delete_subscription,
    find_subscription,
    list_subscriptions,
    redeliver_events,
    rotate_secret,
    set_subscription_state,
)
from askfirst.web.api.platform.cursor import POSITION_MAX, read_cursor, write_cursor
from askfirst.web.api.platform.models import PURPOSES_MAX, Asked, PageQuery, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

PositionNumber = Annotated[int, Field(ge=0, le=POSITION_MAX)]


class SubscriptionRequest(Asked):
    """A server of yours that is to hear of each change of consent."""

    url: str = Field(
        max_length=URL_MAX,
        description="Where events are posted: https, and on the public internet.",
        examples=["https://shop.example/askfirst"],
    )
    kinds: Annotated[list[Annotated[EventKind, Field(strict=False)]], Field(max_length=16)] = Field(
        [], description="Only events of these kinds. Empty: all that change a standing."
    )
    purposes: Annotated[list[str], Field(max_length=PURPOSES_MAX)] = Field(
        [],
        description="Only events that concern one of these purposes, one of its topics, or its "
        "parent. Events that concern everything are always delivered.",
        examples=[["marketing"]],
    )
    after: PositionNumber | None = Field(
        None,
        description="Begin behind this ledger position; 0 for all that there is. Default: only "
        "events from now on.",
    )


class RedeliverRequest(Asked):
    """From where on to deliver again."""

    after: PositionNumber = Field(description="The ledger position behind which to begin.")


class SubscriptionAnswer(Told):
    """A subscription, without its secret."""

    id: str = Field(description="The id of the subscription.")
    url: str = Field(description="Where events are posted.")
    kinds: list[EventKind] = Field(description="The kinds that are delivered. Empty: all.")
    purposes: list[str] = Field(description="The purposes that events must concern. Empty: all.")
    state: SubscriptionState = Field(
        description="`live`; `paused` by you; `parked` after three days of failures."
    )
    position: int = Field(description="Every event up to this ledger position was taken.")
    failing_since: Time | None = Field(description="Since when deliveries fail. Null: they do not.")
    reason: str | None = Field(description="Why the last delivery failed.")
    created_at: Time = Field(description="When it was created.")


class NewSubscriptionAnswer(SubscriptionAnswer):
    """A subscription, and its secret."""

    secret: str = Field(
        description="The secret that signs what is posted. It is shown this once: keep it now."
    )


class SecretAnswer(Told):
    """Another secret."""

    id: str = Field(description="The id of the subscription.")
    secret: str = Field(
        description="The secret that signs from now on. It is shown this once: keep it now."
    )
    previous_until: Time = Field(description="Until then the secret of before signs, too.")


class SubscriptionPage(Told):
    """A part of the subscriptions."""

    data: list[SubscriptionAnswer] = Field(description="The subscriptions.")
    next_cursor: str | None = Field(description="Send it as `after`. Null: this was the last page.")


IdPath = Annotated[
    str,
    Path(
        alias="id",
        description="The `id` of the subscription.",
        examples=["sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def post_subscription(
    body: SubscriptionRequest, services: World, caller: Caller
) -> NewSubscriptionAnswer:
    """Have each change of consent posted to a server of yours.

    Keep the `secret`: it signs each request (Standard Webhooks), and is not shown again.
    """
    order = SubscriptionOrder(
        business_id=caller.business_id,
        url=body.url,
        wanted=EventFilter(kinds=frozenset(body.kinds), purposes=frozenset(body.purposes)),
        after=None if body.after is None else Position(body.after),
    )
    made, secret = await create_subscription(services, order)
    return NewSubscriptionAnswer(**_answer(made).model_dump(), secret=secret)


async def get_subscriptions(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> SubscriptionPage:
    """Return the subscriptions, the oldest first."""
    after = read_cursor(page.after)
    found = await list_subscriptions(services, caller.business_id, after, page.limit + 1)
    shown = found[: page.limit]
    return SubscriptionPage(
        data=[_answer(one) for one in shown],
        next_cursor=write_cursor(shown[-1].subscription_id) if len(found) > page.limit else None,
    )


async def get_subscription(name: IdPath, services: World, caller: Caller) -> SubscriptionAnswer:
    """Return a subscription: its state, how far it has come, and why it fails if it does."""
    return _known(await find_subscription(services, caller.business_id, _id(name)))


async def rotate_subscription(name: IdPath, services: World, caller: Caller) -> SecretAnswer:
    """Give a subscription a new secret.

    For a day each request is signed with both, so you can change yours without missing an event.
    """
    rotated = await rotate_secret(services, caller.business_id, _id(name))
    if rotated is None:
        raise _unknown()
    secret, until = rotated
    return SecretAnswer(id=name, secret=secret, previous_until=to_rfc3339(until))


async def pause_subscription(name: IdPath, services: World, caller: Caller) -> SubscriptionAnswer:
    """Stop posting to a subscription until it is resumed. Nothing is lost meanwhile."""
    return await _set(services, caller, name, SubscriptionState.PAUSED)


async def resume_subscription(name: IdPath, services: World, caller: Caller) -> SubscriptionAnswer:
    """Go on posting where a subscription ended, whether it was paused or parked."""
    return await _set(services, caller, name, SubscriptionState.LIVE)


async def redeliver_subscription(
    name: IdPath, body: RedeliverRequest, services: World, caller: Caller
) -> SubscriptionAnswer:
    """Post events again, from a ledger position on. Each has the id that it had before."""
    after = Position(body.after)
    return _known(await redeliver_events(services, caller.business_id, _id(name), after))


async def remove_subscription(name: IdPath, services: World, caller: Caller) -> None:
    """Delete a subscription, with its secrets."""
    if not await delete_subscription(services, caller.business_id, _id(name)):
        raise _unknown()


async def _set(
    services: Services, caller: Caller, name: str, state: SubscriptionState
) -> SubscriptionAnswer:
    business_id = caller.business_id
    return _known(await set_subscription_state(services, business_id, _id(name), state))


def _id(text: str) -> SubscriptionId:
    return SubscriptionId(parse_id(Prefix.SUBSCRIPTION, text, "id"))


def _known(found: Subscription | None) -> SubscriptionAnswer:
    if found is None:
        raise _unknown()
    return _answer(found)


def _unknown() -> NotFound:
    return NotFound("there is no such subscription")


def _answer(one: Subscription) -> SubscriptionAnswer:
    return SubscriptionAnswer(
        id=one.subscription_id,
        url=one.url.value,
        kinds=sorted(one.wanted.kinds),
        purposes=sorted(one.wanted.purposes),
        state=one.state,
        position=one.position,
        failing_since=to_rfc3339(one.failing_since) if one.failing_since is not None else None,
        reason=one.reason or None,
        created_at=to_rfc3339(one.created_at),
    )


_NONE_OF_IT: Final = {
    404: "There is no subscription with this id.",
    422: "The id is not one of this kind.",
}

ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/subscriptions",
        scope=ApiScope.SUBSCRIPTIONS_READ,
        function=get_subscriptions,
        summary="List subscriptions",
        answer=SubscriptionPage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/subscriptions",
        scope=ApiScope.SUBSCRIPTIONS_WRITE,
        function=post_subscription,
        summary="Create a subscription",
        request=SubscriptionRequest,
        answer=NewSubscriptionAnswer,
        status=201,
        problems={
            409: "The business has 16 subscriptions already.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/subscriptions/{id}",
        scope=ApiScope.SUBSCRIPTIONS_READ,
        function=get_subscription,
        summary="Get a subscription",
        answer=SubscriptionAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/subscriptions/{id}",
        scope=ApiScope.SUBSCRIPTIONS_WRITE,
        function=remove_subscription,
        summary="Delete a subscription",
        status=204,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/subscriptions/{id}/rotate",
        scope=ApiScope.SUBSCRIPTIONS_WRITE,
        function=rotate_subscription,
        summary="Rotate the secret of a subscription",
        answer=SecretAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/subscriptions/{id}/pause",
        scope=ApiScope.SUBSCRIPTIONS_WRITE,
        function=pause_subscription,
        summary="Pause a subscription",
        answer=SubscriptionAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/subscriptions/{id}/resume",
        scope=ApiScope.SUBSCRIPTIONS_WRITE,
        function=resume_subscription,
        summary="Resume a subscription",
        answer=SubscriptionAnswer,
        problems=_NONE_OF_IT,
    ),
    ApiRoute(
        method="POST",
        path="/v1/subscriptions/{id}/redeliver",
        scope=ApiScope.SUBSCRIPTIONS_WRITE,
        function=redeliver_subscription,
        summary="Deliver events again",
        request=RedeliverRequest,
        answer=SubscriptionAnswer,
        problems={404: "There is no subscription with this id."},
    ),
)
