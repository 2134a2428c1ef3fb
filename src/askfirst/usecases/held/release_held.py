"""Decide anew on a held message when its time has come, and let it leave, if it may: once.

Nothing leaves on the decision that let it wait: the message goes through the gate as any other
does, on what holds then. The right to send it is used up there, in the transaction of the new
decision, before the first byte leaves; so whoever works on one twice sends once, and one over which
a process ended is not sent again, but told to be unknown.
"""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.decision.decision import Verdict
from askfirst.decision.reason import Reason
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.ids import HeldId
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.codes.composer import Letter
from askfirst.ports.held.held_messages import HasHeldMessages, HeldContent, HeldEnd
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.sending.http_connection import NotSent
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.contacts.read_number import country_of_alias, place_of_alias
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta, RejectedByMeta
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.own_messages import OwnMessageOutcome, SendsOwnMessages
from askfirst.usecases.sending.outbound.own_sender import own_sender

HELD_LEASE: Final = 2 * MINUTE
"""Longer than the gate and Meta take together: who has not come back by then is gone."""
TRIED_AGAIN_AFTER: Final = MINUTE
NO_TOKEN: Final = "no_token"  # noqa: S105 - a word for its absence
_DOUBT: Final = frozenset({Reason.LEDGER_BEHIND, Reason.LEDGER_ALTERED, Reason.PERMIT_EXPIRED})
"""What speaks against the house, not against the message: it is tried again while there is time."""


class ReleaseHeldNeeds(
    SendsOwnMessages, HasHeldMessages, HasTelemetry, HasClock, HasDirectory, HasNumbering, Protocol
):
    """What this use case needs from the world."""


async def release_held(services: ReleaseHeldNeeds, leased: LeasedTask) -> Instant | None:
    """Work on the message of a task of `Queue.HELD`; returns when to look again, None: never.

    Raises:
        RetryLater, Unavailable: nothing left; it is tried again while there is time.
    """
    business_id, held_id = leased.task.business_id, HeldId(leased.task.task_id)
    message = await services.held_messages.find(business_id, held_id)
    if message is None:  # erased
        return None
    match message.state:
        case HeldState.HELD:
            return await _release(services, message)
        case HeldState.LEAVING:  # whoever had it ended over it, before or after its first byte
            await _end(services, message, HeldState.UNKNOWN)
        case HeldState.STOPPED:
            services.telemetry.held(business_id, HeldState.STOPPED, message.reason)
    return None


async def _release(services: ReleaseHeldNeeds, message: HeldMessage) -> Instant | None:
    if services.clock.now() >= message.expires_at:
        await _end(services, message, HeldState.EXPIRED, message.reason)
        return None
    content = await services.held_messages.content(message.business_id, message.held_id)
    if content is None:
        return None
    try:
        outcome = await _send(services, content)
    except NotSent:
        await _try_again(services, message)
        return None
    if outcome is None:
        await _end(services, message, HeldState.REFUSED, NO_TOKEN)
        return None
    if isinstance(outcome, Refused):
        return await _refused(services, message, outcome)
    await _left(services, replace(message, state=HeldState.LEAVING), outcome)
    return None


async def _send(services: ReleaseHeldNeeds, content: HeldContent) -> OwnMessageOutcome | None:
    """Send it through the gate; None where the sender or its token is gone."""
    asked = content.question
    sender = await own_sender(services, asked.business_id, asked.sender)
    if sender is None:
        return None
    name, token = asked.recipients[0], sender[1]
    question = replace(
        asked, country=country_of_alias(services, name), place=place_of_alias(services, name)
    )
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    letter = Letter(target=content.target, headers=headers, body=content.body)
    return await services.send_own_message(question, letter)


async def _refused(
    services: ReleaseHeldNeeds, message: HeldMessage, refused: Refused
) -> Instant | None:
    decision = refused.decision
    if decision.verdict is Verdict.WAIT and decision.retry_at is not None:
        until = min(decision.retry_at, message.expires_at)
        await services.held_messages.wait(message, until, decision.reason.value)
        return until
    if decision.reason in _DOUBT:
        await _try_again(services, message)
    elif decision.reason is not Reason.HELD_ENDED:
        await _end(services, message, HeldState.REFUSED, decision.reason.value)
    return None


async def _left(
    services: ReleaseHeldNeeds, message: HeldMessage, outcome: OwnMessageOutcome
) -> None:
    match outcome:
        case AcceptedByMeta():
            await _end(services, message, HeldState.SENT, message_id=outcome.message_id)
        case RejectedByMeta():
            await _end(services, message, HeldState.FAILED, str(outcome.code))
        case UnknownOutcome():
            await _end(services, message, HeldState.UNKNOWN)


async def _try_again(services: ReleaseHeldNeeds, message: HeldMessage) -> None:
    """Let it wait on: nothing of it has left, whether or not it was allowed to.

    Raises:
        RetryLater: always, unless it has ended.
    """
    found = await services.held_messages.find(message.business_id, message.held_id)
    at = Instant(min(services.clock.now() + TRIED_AGAIN_AFTER, message.expires_at))
    if found and await services.held_messages.wait(found, at, found.reason):
        raise RetryLater(at)


async def _end(
    services: ReleaseHeldNeeds,
    message: HeldMessage,
    state: HeldState,
    reason: str = "",
    message_id: str = "",
) -> None:
    end = HeldEnd(state=state, at=services.clock.now(), reason=reason, message_id=message_id)
    if await services.held_messages.end(message, end):
        services.telemetry.held(message.business_id, state, reason)
