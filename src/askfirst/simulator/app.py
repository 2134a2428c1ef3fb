"""The simulator as one ASGI application."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from askfirst.simulator.endpoints.control import Control
from askfirst.simulator.endpoints.events import EventsEndpoint
from askfirst.simulator.endpoints.graph_api import SEEN_NS, GraphApi
from askfirst.simulator.endpoints.sms import SmsEndpoint
from askfirst.simulator.simulator import Simulator


class Stopwatch:
    """Notes when a request is first seen, before anything of it is read."""

    def __init__(self, app: ASGIApp, *, monotonic_ns: Callable[[], int]) -> None:
        self._app = app
        self._monotonic_ns = monotonic_ns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[SEEN_NS] = self._monotonic_ns()
        await self._app(scope, receive, send)


def build_app(simulator: Simulator) -> Starlette:
    """Put the control face, the SMS provider and the business's own server before Meta's routes."""
    api = GraphApi(simulator)
    graph = Route("/{path:path}", api.handle, methods=["GET", "POST", "DELETE"])
    files = Route("/cdn/{file_id}", api.files.serve, methods=["GET"])
    sms = Route("/sms", SmsEndpoint(simulator).take, methods=["POST"])
    door = EventsEndpoint(simulator)
    events = [
        Route("/events", door.take, methods=["POST"]),
        Route("/events", door.show, methods=["GET"]),
    ]
    stopwatch = Middleware(Stopwatch, monotonic_ns=simulator.monotonic_ns)
    routes = [*Control(simulator, api.files.keep).routes(), sms, *events, files, graph]
    return Starlette(routes=routes, middleware=[stopwatch])
