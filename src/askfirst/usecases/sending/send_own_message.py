"""Send a message of our own, through the same gate as everybody's."""

from __future__ import annotations

from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.ports.codes.composer import Letter, Reading
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.send_message import (
    Refused,
    Send,
    Sent,
    UnknownOutcome,
    conclude_send,
    send_message,
)

Outcome = Sent | Refused | UnknownOutcome
_UNREAD = Reading(is_accepted=False)


async def send_own_message(
    services: Services, question: SendRequest, letter: Letter, objection: Reason | None = None
) -> tuple[Outcome, Reading]:
    """Send it if it may leave; gives what became of it, and what Meta answered, if it did.

    Raises:
        Unavailable: no decision could be made or written down; nothing left.
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
        return outcome, _UNREAD
    reading = services.composer.read(outcome.answer)
    await conclude_send(services, outcome, reading.message_id, reading.names, reading.code)
    return outcome, reading
