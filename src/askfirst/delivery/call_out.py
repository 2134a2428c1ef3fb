"""Call-outs: a signed POST to an address of the operator's, as Standard Webhooks has it.

    POST {address}
    webhook-id: …
    webhook-timestamp: 1768478400
    webhook-signature: v1,…

2xx means taken; a redirection is not followed. The same id again is the same message.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook

from askfirst.delivery.line import LinesToGraph
from askfirst.domain.values.timestamp import to_datetime
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import exchange

ANSWER_SECONDS_MAX: Final = 10.0
_CONNECTIONS_MAX: Final = 32


class SignedCallOut:
    """Posts JSON to one address, signed with one secret."""

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

    async def post(self, message_id: str, body: bytes) -> bool:
        """Post it; tells whether it was taken.

        Raises:
            NotSent: nothing of it left.
            OutcomeUnknown: it left, and nobody knows whether it was taken.
        """
        now = to_datetime(self._clock.now())
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message_id, now, body.decode()),
        }
        return (await exchange(self._lines, "POST", self._path, headers, body)).is_success

    async def close(self) -> None:
        """Close connections."""
        await self._lines.close()
