"""Send a message of askfirst's own, through the same gate as everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.codes.composer import HasComposer, Letter
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.sending.send_message import (
    Refused,
    Send,
    SendMessageNeeds,
    Sent,
    UnknownOutcome,
    conclude_send,
    send_message,
)
from askfirst.usecases.tenants.manage_senders import find_sender


class SendOwnMessageNeeds(SendMessageNeeds, HasComposer, HasDirectory, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True)
class AcceptedByMeta:
    """The message left, and Meta took it under an id of its own."""

    message_id: str = ""


@dataclass(frozen=True, slots=True)
class RejectedByMeta:
    """Meta said no to the message, at once or by a later report.

    `code` is that of Meta's error; 0 where none could be read: the no may have been somebody
    else's on the way.
    """

    code: int


OwnMessageOutcome = AcceptedByMeta | RejectedByMeta | Refused | UnknownOutcome


async def own_sender(
    services: HasDirectory, business_id: BusinessId, sender_id: PhoneNumberId
) -> tuple[Sender, str] | None:
    """Return a sender with its token of Meta's; None where either is missing."""
    sender = await find_sender(services, business_id, sender_id)
    token = await services.directory.token(business_id, sender_id)
    return None if sender is None or token is None else (sender, token)


async def send_own_message(
    services: SendOwnMessageNeeds,
    question: SendRequest,
    letter: Letter,
    objection: Reason | None = None,
) -> OwnMessageOutcome:
    """Send it if it may leave; return what became of it.

    Raises:
        Unavailable: no decision could be made or written down, and nothing left; or Meta's no to
            the recipient could not be written down.
        NotSent: Meta cannot be reached; nothing left.
    """
    send = Send(
        question=question,
        target=letter.target,
        headers=letter.headers,
        body=letter.body,
        kept=letter.kept,
        objection=objection,
    )
    outcome = await send_message(services, send)
    if not isinstance(outcome, Sent):
        return outcome
    reading = services.composer.read(outcome.answer)
    try:
        await conclude_send(services, outcome, reading.message_id, reading.names, reading.code)
    except Unavailable:
        # Whoever heard of trouble with a message that left would send a second one. The names that
        # could not be written come again, with each of its statuses.
        if not reading.is_accepted:
            raise
    if reading.is_accepted:
        return AcceptedByMeta(reading.message_id)
    return RejectedByMeta(reading.code)
