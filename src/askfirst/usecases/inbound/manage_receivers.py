"""Keep the receivers of a business: servers that Meta's webhooks are forwarded to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.inbound.webhook_receiver import (
    RECEIVERS_MAX,
    ReceiverState,
    WebhookReceiver,
)
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId, KeyId, ReceiverId, WabaId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.subscriptions import EndpointRefused
from askfirst.ports.inbound.receivers import HasReceiverLines, HasReceivers, Receivers
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.tenants.directory import Directory, HasDirectory

VERIFY_TOKEN_MAX: Final = 512
_CHALLENGE_BYTES: Final = 4
_REMEDY: Final = (
    "Look at the reason in askfirst receivers list, mend the server, and run askfirst receivers "
    "resume: forwarding goes on where it ended, as long as the bodies are kept."
)
_ASIDE_REMEDY: Final = (
    "The server refused them again and again, and took others: look at its log, and forward them "
    "again with askfirst receivers redeliver."
)


class HandshakeRefused(InvalidInput):
    """The server did not say that it wants to be a receiver."""


class ManageReceiversNeeds(HasClock, HasIds, HasReceivers, HasReceiverLines, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverOrder:
    """A receiver that is wanted. `verify_token`: ask it first, in Meta's way; empty: do not."""

    business_id: BusinessId
    url: str
    fields: frozenset[str] = frozenset()
    waba_id: WabaId | None = None
    verify_token: str = ""
    key_id: KeyId | None = None


async def add_receiver(services: ManageReceiversNeeds, order: ReceiverOrder) -> WebhookReceiver:
    """Make one, from the next webhook on.

    Raises:
        InvalidInput: the URL is not one that may be called, or a field is none.
        HandshakeRefused: it did not repeat the challenge.
        Conflict: the business has as many as it may have.
    """
    url = parse_endpoint(order.url, with_loopback=services.receiver_lines.allows_loopback)
    receiver = WebhookReceiver(
        receiver_id=services.ids.receiver(),
        business_id=order.business_id,
        url=url,
        fields=order.fields,
        waba_id=order.waba_id,
        key_id=order.key_id,
        created_at=services.clock.now(),
    )
    await _shake_hands(services, receiver, order.verify_token)
    made = await services.receivers.create(receiver)
    if made is None:
        raise Conflict(f"a business has {RECEIVERS_MAX} receivers at most; remove one")
    return made


async def owner_of_account(services: HasDirectory, waba_id: WabaId) -> BusinessId | None:
    """Return whose an account is; None: nobody registered it."""
    return await services.directory.owner(None, waba_id)


async def find_override(
    services: HasReceivers, business_id: BusinessId, waba_id: WabaId, key_id: KeyId
) -> WebhookReceiver | None:
    """Find the receiver that a key's client set for an account."""
    return await services.receivers.of_key(business_id, waba_id, key_id)


async def drop_override(
    services: HasReceivers, business_id: BusinessId, waba_id: WabaId, key_id: KeyId
) -> None:
    """Forget the receiver that a key's client set for an account, if there is one."""
    if found := await services.receivers.of_key(business_id, waba_id, key_id):
        await services.receivers.delete(business_id, found.receiver_id)


async def list_receivers(
    services: HasReceivers, business_id: BusinessId, after: str, limit: int
) -> tuple[WebhookReceiver, ...]:
    """Return a page of them, the oldest first."""
    return await services.receivers.list(business_id, after, limit)


async def find_receiver(
    services: HasReceivers, business_id: BusinessId, receiver_id: ReceiverId
) -> WebhookReceiver | None:
    """Find one by its id."""
    return await services.receivers.find(business_id, receiver_id)


async def set_receiver_state(
    services: ManageReceiversNeeds,
    business_id: BusinessId,
    receiver_id: ReceiverId,
    state: ReceiverState,
) -> WebhookReceiver | None:
    """Pause it, or resume it where it ended; None where there is none."""
    now = services.clock.now()
    if not await services.receivers.set_state(business_id, receiver_id, state, now):
        return None
    return await find_receiver(services, business_id, receiver_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeliverOrder:
    """From where on to forward again: behind a number, or what came at a moment and later."""

    after: int | None = None
    since: Instant | None = None

    def __post_init__(self) -> None:
        if (self.after is None) == (self.since is None):
            raise InvalidInput("after", "must be given, or since, and not both")


async def redeliver_webhooks(
    services: ManageReceiversNeeds,
    business_id: BusinessId,
    receiver_id: ReceiverId,
    order: RedeliverOrder,
) -> WebhookReceiver | None:
    """Forward again what is still kept; None where there is no such receiver."""
    now, after = services.clock.now(), order.after or 0
    if order.since is not None:
        after = await services.receivers.number_before(business_id, order.since)
    if not await services.receivers.rewind(business_id, receiver_id, after, now):
        return None
    return await find_receiver(services, business_id, receiver_id)


async def remove_receiver(
    services: HasReceivers, business_id: BusinessId, receiver_id: ReceiverId
) -> bool:
    """Forget it; False where there is none."""
    return await services.receivers.delete(business_id, receiver_id)


async def find_failing_receivers(receivers: Receivers, directory: Directory) -> tuple[Finding, ...]:
    """Return a line for each business whose receivers take nothing; one where all is well."""
    found: list[Finding] = []
    for business_id in sorted(await directory.businesses()):
        kept = await receivers.list(business_id, "", RECEIVERS_MAX)
        found += [finding for one in kept if (finding := _finding(one))]
    if found:
        return tuple(found)
    summary = "Every receiver takes the webhooks that are forwarded, or there is none."
    return (Finding(check="receivers", severity=Severity.OK, summary=summary),)


def _finding(one: WebhookReceiver) -> Finding | None:
    name = f"{one.business_id}: the receiver {one.receiver_id}"
    waiting = f"{one.waiting} webhooks wait for it"
    if one.state is ReceiverState.PARKED:
        summary, severity = f"{name} is parked ({one.reason}); {waiting}.", Severity.PROBLEM
    elif one.failing_since is not None:
        summary, severity = f"{name} is failing ({one.reason}); {waiting}.", Severity.WARNING
    elif one.set_aside:
        summary, severity = f"{name} refused {one.set_aside} webhooks.", Severity.WARNING
        return Finding(check="receivers", severity=severity, summary=summary, remedy=_ASIDE_REMEDY)
    else:
        return None
    return Finding(check="receivers", severity=severity, summary=summary, remedy=_REMEDY)


async def _shake_hands(
    services: ManageReceiversNeeds, receiver: WebhookReceiver, verify_token: str
) -> None:
    """Ask it in Meta's way. The challenge is digits, as Meta's is."""
    if not verify_token:
        return
    if len(verify_token) > VERIFY_TOKEN_MAX:
        raise InvalidInput("verify_token", f"must be {VERIFY_TOKEN_MAX} characters or fewer")
    challenge = str(int.from_bytes(services.ids.entropy(_CHALLENGE_BYTES), "big"))
    try:
        async with services.receiver_lines.reach(receiver.url) as line:
            await line.shake_hands(verify_token, challenge)
    except EndpointRefused as refused:
        message = f"was not confirmed: the server {_why(refused)}"
        raise HandshakeRefused("verify_token", message) from refused


def _why(refused: EndpointRefused) -> str:
    reason = str(refused)
    if refused.is_answer:
        return reason
    return {
        "cannot connect": "cannot be reached",
        "not a public address": "is not on the public internet",
    }.get(reason, "did not answer in time")
