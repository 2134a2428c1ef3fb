"""Events about codes by call-out, in the manner of Standard Webhooks.

    POST {ASKFIRST_EVENTS_URL}
    webhook-id: cod_…:2:delivered

    {"type":"code.delivered","timestamp":"…","data":{"id":"cod_…", …}}

Signed as all call-outs, with the secret ASKFIRST_EVENTS_SECRET.
"""

from __future__ import annotations

import msgspec

from askfirst.delivery.call_out import ANSWER_SECONDS_MAX, SignedCallOut
from askfirst.domain.codes.code_event import CodeEvent
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.ports.events.outbox import NotTaken
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown


class NoReceiver:
    """Nobody to tell anything."""

    is_configured = False

    async def tell(self, event: CodeEvent) -> None:  # noqa: ARG002 - the port's
        """Refuse."""
        raise NotTaken

    async def close(self) -> None:
        """Nothing is open."""


class ReceiverByCallOut:
    """See ports.happenings.Receiver."""

    is_configured = True

    def __init__(
        self, url: str, secret: str, clock: Clock, *, answer_seconds: float = ANSWER_SECONDS_MAX
    ) -> None:
        self._call_out = SignedCallOut(url, secret, clock, answer_seconds=answer_seconds)

    async def tell(self, event: CodeEvent) -> None:
        try:
            was_taken = await self._call_out.post(event.event_id, _body(event))
        except (NotSent, OutcomeUnknown) as error:
            raise NotTaken from error
        if not was_taken:
            raise NotTaken

    async def close(self) -> None:
        await self._call_out.close()


def _body(event: CodeEvent) -> bytes:
    data = {
        "id": event.code_id,
        "business_id": event.business_id,
        "what": event.what.value,
        "channel": event.channel.value,
        "number": event.number,
        "reason": event.reason or None,
        "purpose": event.purpose,
        "reference": event.reference,
        "state": event.state,
    }
    kind, at = f"code.{event.what.value}", to_rfc3339(event.at)
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": data})
