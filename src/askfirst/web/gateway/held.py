"""Messages that a client hands over: kept where only time speaks against them, and told so.

The answer has the shape of Meta's to a message that it took, with an id of ours in place of Meta's
and a status that says what it is.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, Literal

import msgspec

from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import Instant, seconds_to_wait, to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.held.hold_message import hold_message, hold_until
from askfirst.usecases.sending.outbound.outcomes import Refused
from askfirst.usecases.sending.outbound.sends import Send
from askfirst.web.gateway.refusals import DECISION_HEADER, Reply

HOLD_HEADER: Final = b"x-askfirst-hold"
_FIELD: Final = "X-Askfirst-Hold"


def read_latest(
    services: Services, header: str | None, meta_token: str | None
) -> Instant | Literal[0]:
    """Read until when a message may be held; 0: it is not to be.

    Raises:
        InvalidInput: it is none, or the caller has no key of askfirst's: their token of Meta's is
            not kept.
    """
    latest = hold_until(services, header, _FIELD)
    if latest and meta_token is not None:
        raise InvalidInput(_FIELD, "needs a key of askfirst: a token of Meta's is not kept")
    return latest


async def hold(
    services: Services, send: Send, refused: Refused, latest: Instant | Literal[0]
) -> Reply | None:
    """Hold a message that was handed over; None where it is refused as any other."""
    if not latest:
        return None
    message = await hold_message(services, send, refused, latest)
    return None if message is None else _reply(message, send, refused)


def _reply(message: HeldMessage, send: Send, refused: Refused) -> Reply:
    decision = refused.decision
    body = {
        "messaging_product": "whatsapp",
        "contacts": [_contact(send)],
        "messages": [{"id": message.held_id, "message_status": message.state.value}],
        "askfirst": {
            "decision_id": message.decision_id,
            "verdict": decision.verdict.value,
            "reasons": [reason.value for reason in decision.reasons],
            "held_until": to_rfc3339(message.due_at),
            "retry_after": seconds_to_wait(message.due_at - message.held_at),
            "expires_at": to_rfc3339(message.expires_at),
        },
    }
    headers = [(DECISION_HEADER, message.decision_id.encode())]
    return Reply(HTTPStatus.OK, msgspec.json.encode(body), headers=headers)


def _contact(send: Send) -> dict[str, Any]:
    """Name the recipient as it was asked for: only Meta knows the `wa_id`."""
    name = send.question.recipients[0]
    return {"input": f"+{name.value}" if name.is_number else name.value}
