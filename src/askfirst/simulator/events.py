"""A server of the business's own: takes askfirst's events about codes, and shows them."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from askfirst.simulator.signed import NOT_SIGNED, NOT_SIGNED_ERROR, is_signed
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state import EVENTS_MAX

_OK, _INVALID = 200, 400


class Event(msgspec.Struct):
    """What is told, in the manner of Standard Webhooks."""

    type: str
    timestamp: str
    data: dict[str, Any]


class EventsDoor:
    """Answers `POST /events` and `GET /events`."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def take(self, request: Request) -> Response:
        """Check the signature, then keep the event; the same id again is the same event."""
        body = await request.body()
        if not is_signed(
            self._simulator.events_secret, request.headers, body, self._simulator.now()
        ):
            return _answer({"error": NOT_SIGNED_ERROR}, NOT_SIGNED)
        try:
            event = msgspec.json.decode(body, type=Event)
        except msgspec.DecodeError as error:
            return _answer({"error": str(error)}, _INVALID)
        events = self._simulator.world.events
        events.setdefault(request.headers["webhook-id"], msgspec.to_builtins(event))
        while len(events) > EVENTS_MAX:
            del events[next(iter(events))]
        return _answer({"accepted": True})

    async def show(self, _: Request) -> Response:
        """List what was told, the newest last."""
        return _answer({"events": list(self._simulator.world.events.values())})


def _answer(content: dict[str, Any], status: int = _OK) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
