"""A server of the business's own: takes askfirst's events about codes, and shows them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from askfirst.simulator.endpoints.json_answer import json_answer
from askfirst.simulator.endpoints.signed import NOT_SIGNED, NOT_SIGNED_ERROR, is_signed
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import EVENTS_MAX


class Event(msgspec.Struct):
    """What is told, in the manner of Standard Webhooks."""

    type: str
    timestamp: str
    data: dict[str, Any]


class EventsEndpoint:
    """Answers `POST /events` and `GET /events`."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def take(self, request: Request) -> Response:
        """Check the signature, then keep the event; the same id again is the same event."""
        body = await request.body()
        if not is_signed(
            self._simulator.events_secret, request.headers, body, self._simulator.now()
        ):
            return json_answer({"error": NOT_SIGNED_ERROR}, NOT_SIGNED)
        try:
            event = msgspec.json.decode(body, type=Event)
        except msgspec.DecodeError as error:
            return json_answer({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        events = self._simulator.world.events
        events.setdefault(request.headers["webhook-id"], msgspec.to_builtins(event))
        while len(events) > EVENTS_MAX:
            del events[next(iter(events))]
        return json_answer({"accepted": True})

    async def show(self, _: Request) -> Response:
        """List what was told, the newest last."""
        return json_answer({"events": list(self._simulator.world.events.values())})
