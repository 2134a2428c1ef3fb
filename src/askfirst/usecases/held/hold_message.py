"""Keep a message that may leave only later, and that its client handed over for that."""

from __future__ import annotations

from typing import Literal, Protocol

from askfirst.decision.decision import Verdict
from askfirst.domain.held.held_message import HeldMessage, HeldState, read_hold
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.held.held_messages import HasHeldMessages, HeldContent
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Send


class HoldMessageNeeds(HasHeldMessages, HasIds, HasTelemetry, Protocol):
    """What this use case needs from the world."""


def hold_until(services: HasClock, asked: str | None, field: str) -> Instant | Literal[0]:
    """Read until when a message may be held, as a client asks for it in `field`; 0: not at all.

    Raises:
        InvalidInput: it is neither `true` nor a moment within the next seven days.
    """
    return read_hold(asked, field, services.clock.now())


async def hold_message(
    services: HoldMessageNeeds, send: Send, refused: Refused, latest: Instant
) -> HeldMessage | None:
    """Keep a message until it may leave, durably; None where it is not one to be kept.

    It is kept where only time speaks against it, and it may leave before its latest moment. Who the
    person is has to be known, so that a stop of theirs finds it.

    Raises:
        Unavailable: it could not be kept.
    """
    decision = refused.decision
    if decision.verdict is not Verdict.WAIT or decision.retry_at is None:
        return None
    if refused.contact_id is None or decision.retry_at >= latest:
        return None
    question = send.question
    message = HeldMessage(
        business_id=question.business_id,
        held_id=services.ids.held(),
        contact_id=refused.contact_id,
        sender=question.sender,
        purpose=decision.purpose,
        campaign=question.campaign,
        state=HeldState.HELD,
        reason=decision.reason.value,
        decision_id=refused.decision_id,
        position=decision.position,
        held_at=refused.decided_at,
        due_at=decision.retry_at,
        expires_at=latest,
    )
    content = HeldContent(question=question, target=send.target, body=send.body)
    if not await services.held_messages.hold(message, content):
        return None
    services.telemetry.held(message.business_id, HeldState.HELD)
    return message
