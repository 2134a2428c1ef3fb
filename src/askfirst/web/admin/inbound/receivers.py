"""Commands about receivers: servers of a business's that Meta's webhooks are forwarded to."""

from __future__ import annotations

from enum import StrEnum

from askfirst.domain.inbound.webhook_receiver import ReceiverState, WebhookReceiver
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import Prefix, ReceiverId, WabaId, parse_id
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.manage_receivers import (
    ReceiverOrder,
    RedeliverOrder,
    add_receiver,
    list_receivers,
    redeliver_webhooks,
    remove_receiver,
    set_receiver_state,
)
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class AddReceiver(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Make one, from the next webhook on."""

    url: str
    fields: tuple[str, ...] = ()
    waba_id: str = ""
    verify_token: str = ""

    async def run(self, services: Services) -> Answer:
        order = ReceiverOrder(
            business_id=await business_of(services, self.business),
            url=self.url,
            fields=frozenset(self.fields),
            waba_id=WabaId(self.waba_id) if self.waba_id else None,
            verify_token=self.verify_token,
        )
        return _row(await add_receiver(services, order))


class ListReceivers(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of them; `after` is the id of the last one seen."""

    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        after = parse_id(Prefix.RECEIVER, self.after, "after") if self.after else ""
        found = await list_receivers(services, business_id, after, self.limit)
        return {"receivers": [_row(one) for one in found]}


class ReceiverDeed(StrEnum):
    """What is done to one."""

    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"


class ChangeReceiver(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Pause, resume or remove one."""

    receiver_id: str
    deed: ReceiverDeed

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        name = _id(self.receiver_id)
        if self.deed is ReceiverDeed.REMOVE:
            if not await remove_receiver(services, business_id, name):
                raise _unknown()
            return {"id": name}
        is_paused = self.deed is ReceiverDeed.PAUSE
        state = ReceiverState.PAUSED if is_paused else ReceiverState.LIVE
        return _known(await set_receiver_state(services, business_id, name, state))


class RedeliverWebhooks(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Forward again what comes after a number, or came from a moment on."""

    receiver_id: str
    after: int | None = None
    since: str = ""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        since = parse_rfc3339(self.since, "since") if self.since else None
        order = RedeliverOrder(after=self.after, since=since)
        name = _id(self.receiver_id)
        return _known(await redeliver_webhooks(services, business_id, name, order))


def _id(text: str) -> ReceiverId:
    return ReceiverId(parse_id(Prefix.RECEIVER, text, "receiver_id"))


def _known(found: WebhookReceiver | None) -> Answer:
    if found is None:
        raise _unknown()
    return _row(found)


def _unknown() -> UnknownReference:
    return UnknownReference(
        "receiver_id", "no receiver of that id; askfirst receivers list shows them"
    )


def _row(one: WebhookReceiver) -> Answer:
    """A receiver, in the words of the REST API."""
    return {
        "id": one.receiver_id,
        "url": one.url.value,
        "fields": sorted(one.fields),
        "waba_id": one.waba_id,
        "set_by_key": one.key_id,
        "state": one.state.value,
        "position": one.position,
        "waiting": one.waiting,
        "set_aside": one.set_aside,
        "failing_since": None if one.failing_since is None else to_rfc3339(one.failing_since),
        "reason": one.reason or None,
        "created_at": to_rfc3339(one.created_at),
    }
