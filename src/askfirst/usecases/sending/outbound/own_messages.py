"""Messages of askfirst's own: what becomes of them, and who can send them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.ports.codes.composer import Letter
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta, RejectedByMeta
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome

OwnMessageOutcome = AcceptedByMeta | RejectedByMeta | Refused | UnknownOutcome


class SendsOwnMessages(Protocol):
    """Whatever sends messages of askfirst's own through the gate (`send_own_message`)."""

    def send_own_message(
        self, question: SendRequest, letter: Letter, objection: Reason | None = None, /
    ) -> Awaitable[OwnMessageOutcome]:
        """Send it if it may leave; return what became of it.

        Raises:
            Unavailable: no decision could be made or written down, and nothing left; or Meta's no
                to the recipient could not be written down.
            NotSent: Meta cannot be reached; nothing left.
        """
        ...
