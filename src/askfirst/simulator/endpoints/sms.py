"""A provider of text messages: takes askfirst's signed call-outs and brings them to the phones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.endpoints.json_answer import json_answer
from askfirst.simulator.endpoints.signed import NOT_SIGNED, NOT_SIGNED_ERROR, is_signed
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import Sms


class CallOut(msgspec.Struct):
    """What askfirst asks for. The same `id` again is the same message."""

    id: str
    to: str
    text: str


class SmsEndpoint:
    """Answers `POST /sms`."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def take(self, request: Request) -> Response:
        """Check the signature, then put the message on the phone it is for."""
        body = await request.body()
        now = self._simulator.now()
        if not is_signed(self._simulator.sms_secret, request.headers, body, now):
            return _answer(NOT_SIGNED, NOT_SIGNED_ERROR)
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


def _answer(status: int, error: str = "") -> Response:
    content: dict[str, Any] = {"accepted": status == HTTPStatus.OK}
    if error:
        content["error"] = error
    return json_answer(content, status)
