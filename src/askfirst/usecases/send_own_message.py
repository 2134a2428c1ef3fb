"""Send a message of our own, through the same gate as everybody's."""

from __future__ import annotations

from askfirst.decision.question import Question
from askfirst.ports.composer import Letter
from askfirst.usecases.send_message import Lost, Refused, Send, Sent, conclude_send, send_message
from askfirst.usecases.services import Services

Outcome = Sent | Refused | Lost


async def send_own_message(
    services: Services, question: Question, letter: Letter
) -> tuple[Outcome, str]:
    """Send it if it may leave; gives what became of it, and Meta's id where Meta took it.

    Raises:
        Unavailable: no decision could be made or written down; nothing left.
        NotSent: Meta cannot be reached; nothing left.
    """
    send = Send(question=question, target=letter.target, headers=letter.headers, body=letter.body)
    outcome = await send_message(services, send)
    if not isinstance(outcome, Sent):
        return outcome, ""
    reading = services.composer.read(outcome.answer)
    await conclude_send(services, outcome, reading.message_id, reading.names)
    return outcome, reading.message_id if reading.is_accepted else ""
