"""Send a message of askfirst's own, through the same gate as everybody's."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Unavailable
from askfirst.ports.codes.composer import HasComposer, Letter
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta, RejectedByMeta
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.own_messages import OwnMessageOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent


class SendsMessages(Protocol):
    """Whatever lets messages leave through the gate (`send_message`)."""

    def send_message(self, send: Send, /) -> Awaitable[Sent | Refused | UnknownOutcome]:
        """Decide on one message and send it if allowed; raises what `send_message` raises."""
        ...

    def conclude_send(
        self, sent: Sent, message_id: str, names: tuple[Alias, ...], code: int = 0, /
    ) -> Awaitable[None]:
        """Write down what Meta answered; what it says by `code` is in force when this returns."""
        ...


class SendOwnMessageNeeds(SendsMessages, HasComposer, Protocol):
    """What this use case needs from the world."""


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
    outcome = await services.send_message(send)
    if not isinstance(outcome, Sent):
        return outcome
    reading = services.composer.read(outcome.answer)
    try:
        await services.conclude_send(outcome, reading.message_id, reading.names, reading.code)
    except Unavailable:
        # Whoever heard of trouble with a message that left would send a second one. The names that
        # could not be written come again, with each of its statuses.
        if not reading.is_accepted:
            raise
    if reading.is_accepted:
        return AcceptedByMeta(reading.message_id)
    return RejectedByMeta(reading.code)
