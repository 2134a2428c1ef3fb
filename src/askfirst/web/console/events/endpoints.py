"""Servers that webhooks and events are sent to: how far each is, paused, resumed, sent again."""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.responses import Response

from askfirst.domain.events.subscription import SubscriptionState
from askfirst.domain.inbound.webhook_receiver import ReceiverState
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position, Prefix, ReceiverId, SubscriptionId, parse_id
from askfirst.domain.values.timestamp import parse_rfc3339
from askfirst.usecases.events.manage_subscriptions import (
    find_subscription,
    list_subscriptions,
    redeliver_events,
    set_subscription_state,
)
from askfirst.usecases.inbound.manage_receivers import (
    RedeliverOrder,
    find_receiver,
    list_receivers,
    redeliver_webhooks,
    set_receiver_state,
)
from askfirst.usecases.operators.write_down import write_down
from askfirst.web.console.desk import Desk, field_of
from askfirst.web.problems import NotFound

_MOST: Final = 100
_DIGITS_MAX: Final = 15
_ACTS: Final = MappingProxyType(
    {"live": AuditAct.ENDPOINT_RESUMED, "paused": AuditAct.ENDPOINT_PAUSED}
)


async def show_endpoints(desk: Desk) -> Response:
    """Every receiver and every subscription."""
    return await _endpoints(desk)


async def take_receiver_state(desk: Desk) -> Response:
    """Pause a receiver, or resume it where it ended."""
    form = await desk.form()
    receiver_id = _receiver_id(desk)
    try:
        state = ReceiverState(_wanted(field_of(form, "state")))
        await write_down(desk.services, desk.actor, _ACTS[state.value], about=receiver_id)
    except InvalidInput as error:
        return await _endpoints(desk, error)
    if not await set_receiver_state(desk.services, desk.business_id, receiver_id, state):
        raise _unknown()
    return desk.see("/webhooks", "endpoint_set")


async def take_webhooks_again(desk: Desk) -> Response:
    """Forward again what came lately and is still kept."""
    form = await desk.form()
    receiver_id = _receiver_id(desk)
    if await find_receiver(desk.services, desk.business_id, receiver_id) is None:
        raise _unknown()
    try:
        since = parse_rfc3339(f"{form.get('since', '')}T00:00:00Z", "since")
    except InvalidInput:
        return await _endpoints(desk, InvalidInput("since", "must be a day, such as 2026-01-31"))
    order = RedeliverOrder(since=since)
    await write_down(desk.services, desk.actor, AuditAct.DELIVERED_AGAIN, about=receiver_id)
    await redeliver_webhooks(desk.services, desk.business_id, receiver_id, order)
    return desk.see("/webhooks", "delivered_again")


async def take_subscription_state(desk: Desk) -> Response:
    """Pause a subscription, or resume it where it ended."""
    form = await desk.form()
    subscription_id = _subscription_id(desk)
    try:
        state = SubscriptionState(_wanted(field_of(form, "state")))
        await write_down(desk.services, desk.actor, _ACTS[state.value], about=subscription_id)
    except InvalidInput as error:
        return await _endpoints(desk, error)
    found = await set_subscription_state(desk.services, desk.business_id, subscription_id, state)
    if found is None:
        raise _unknown()
    return desk.see("/webhooks", "endpoint_set")


async def take_events_again(desk: Desk) -> Response:
    """Deliver again what comes after a position of the ledger."""
    form = await desk.form()
    subscription_id = _subscription_id(desk)
    if await find_subscription(desk.services, desk.business_id, subscription_id) is None:
        raise _unknown()
    text = form.get("after", "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS_MAX:
        message = "must be a position of the ledger, such as 0 or 1500"
        return await _endpoints(desk, InvalidInput("after", message))
    await write_down(desk.services, desk.actor, AuditAct.DELIVERED_AGAIN, about=subscription_id)
    after = Position(int(text))
    await redeliver_events(desk.services, desk.business_id, subscription_id, after)
    return desk.see("/webhooks", "delivered_again")


async def _endpoints(desk: Desk, error: InvalidInput | None = None) -> Response:
    return desk.page(
        "endpoints.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        receivers=await list_receivers(desk.services, desk.business_id, "", _MOST),
        subscriptions=await list_subscriptions(desk.services, desk.business_id, "", _MOST),
        error=error,
    )


def _wanted(text: str) -> str:
    if text not in _ACTS:
        raise InvalidInput("state", "must be live or paused")
    return text


def _receiver_id(desk: Desk) -> ReceiverId:
    return ReceiverId(_named(desk, Prefix.RECEIVER, "receiver"))


def _subscription_id(desk: Desk) -> SubscriptionId:
    return SubscriptionId(_named(desk, Prefix.SUBSCRIPTION, "subscription"))


def _named(desk: Desk, prefix: Prefix, what: str) -> str:
    try:
        return parse_id(prefix, desk.request.path_params[what], what)
    except InvalidInput as error:
        raise _unknown() from error


def _unknown() -> NotFound:
    return NotFound("no server of this id is here")
