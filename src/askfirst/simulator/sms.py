"""A provider of text messages: takes askfirst's signed call-outs and brings them to the phones.

Source: Standard Webhooks. The signature is HMAC-SHA256 over `id.timestamp.body`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from standardwebhooks.webhooks import Webhook
from starlette.requests import Request
from starlette.responses import Response

from askfirst.domain.errors import InvalidInput
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state import Sms

TOLERANCE_SECONDS = 300


class CallOut(msgspec.Struct):
    """What askfirst asks for. The same `id` again is the same message."""

    id: str
    to: str
    text: str


class SmsDoor:
    """Answers `POST /sms`."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def take(self, request: Request) -> Response:
        """Check the signature, then put the message on the phone it is for."""
        body = await request.body()
        now = self._simulator.now()
        if not is_signed(self._simulator.sms_secret, request.headers, body, now):
            return _answer(HTTPStatus.UNAUTHORIZED, "the signature is missing, wrong or old")
        try:
            call = msgspec.json.decode(body, type=CallOut)
            phone = self._simulator.world.phone(call.to)
        except (msgspec.DecodeError, InvalidInput) as error:
            return _answer(HTTPStatus.BAD_REQUEST, str(error))
        if phone.troubles.sms_fails:
            return _answer(
                HTTPStatus.SERVICE_UNAVAILABLE, "this phone gets no text messages for now"
            )
        if all(sms.sms_id != call.id for sms in phone.sms):
            phone.sms.append(Sms(sms_id=call.id, received_at=now, text=call.text))
        return _answer(HTTPStatus.OK)


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Tell whether this secret signed these bytes just now.

    The library signs; that it is fresh is checked here, because time comes from outside.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    try:
        at = int(stamp)
        signed_at = datetime.fromtimestamp(at, UTC)
        right = Webhook(secret).sign(message_id, signed_at, body.decode())
    except (ValueError, OverflowError, OSError):
        return False
    claimed = headers.get("webhook-signature", "").split(" ")
    fits = any(hmac.compare_digest(right.encode(), one.encode()) for one in claimed)
    return fits and bool(message_id) and abs(now - at) <= TOLERANCE_SECONDS


def _answer(status: int, error: str = "") -> Response:
    content: dict[str, Any] = {"accepted": status == HTTPStatus.OK}
    if error:
        content["error"] = error
    return Response(msgspec.json.encode(content), status, media_type="application/json")
