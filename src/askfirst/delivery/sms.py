"""SMS by call-out: a signed POST to whatever adapter of a provider stands at the address.

    POST {ASKFIRST_SMS_URL}
    webhook-id: cod_…:1
    webhook-timestamp: 1768478400
    webhook-signature: v1,…

    {"id":"cod_…:1","to":"+447700900123","text":"…"}

Signed as Standard Webhooks has it, with the secret ASKFIRST_SMS_SECRET. 2xx means taken. The same
id again is the same message.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import msgspec
from standardwebhooks.webhooks import Webhook

from askfirst.delivery.line import LinesToGraph
from askfirst.domain.instant import to_datetime
from askfirst.domain.phone import PhoneNumber
from askfirst.ports.clock import Clock
from askfirst.ports.line import NotSent
from askfirst.ports.sms import SmsNotSent

ANSWER_SECONDS_MAX: Final = 10.0
_GOOD: Final = range(200, 300)
_CONNECTIONS_MAX: Final = 32


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
        parts = urlsplit(url)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._lines = LinesToGraph(
            f"{parts.scheme}://{parts.netloc}",
            connections_max=_CONNECTIONS_MAX,
            answer_seconds=answer_seconds,
        )
        self._signer = Webhook(secret)
        self._clock = clock

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
        body = msgspec.json.encode({"id": message_id, "to": to.e164, "text": text})
        now = to_datetime(self._clock.now())
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message_id, now, body.decode()),
        }
        try:
            line = await self._lines.open()
            try:
                line.send("POST", self._path, headers, body)
            finally:
                line.release()
            answer = await line.answer()
        except NotSent as error:
            raise SmsNotSent from error
        if answer.status not in _GOOD:
            raise SmsNotSent

    async def close(self) -> None:
        await self._lines.close()
