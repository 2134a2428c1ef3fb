"""SMS by call-out: a signed POST to whatever adapter of a provider stands at the address.

    POST {ASKFIRST_SMS_URL}
    webhook-id: cod_…:1

    {"id":"cod_…:1","to":"+447700900123","text":"…"}

Signed as all call-outs, with the secret ASKFIRST_SMS_SECRET.
"""

from __future__ import annotations

import msgspec

from askfirst.delivery.call_out import ANSWER_SECONDS_MAX, SignedCallOut
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.codes.sms import SmsNotSent
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import NotSent


class NoSms:
    """Nobody to give a text to."""

    is_configured = False

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:  # noqa: ARG002 - the port's
        """Refuse."""
        raise SmsNotSent

    async def close(self) -> None:
        """Nothing is open."""


class SmsByCallOut:
    """See ports.sms.Sms."""

    is_configured = True

    def __init__(
        self, url: str, secret: str, clock: Clock, *, answer_seconds: float = ANSWER_SECONDS_MAX
    ) -> None:
        self._call_out = SignedCallOut(url, secret, clock, answer_seconds=answer_seconds)

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
        body = msgspec.json.encode({"id": message_id, "to": to.e164, "text": text})
        try:
            was_taken = await self._call_out.post(message_id, body)
        except NotSent as error:
            raise SmsNotSent from error
        if not was_taken:
            raise SmsNotSent

    async def close(self) -> None:
        await self._call_out.close()
