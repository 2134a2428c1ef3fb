"""What goes with every answer of a face with pages, and what goes with some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders

from askfirst.web.asgi import App, Message, Receive, Scope, Send
from askfirst.web.metrics import Metrics

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}
FOR_ALL: Final = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
"""For what is no secret and the same for everybody: keys and scripts."""


class Guarded:
    """Middleware: the headers above wherever an answer has not set its own; one count an answer."""

    def __init__(self, app: App, *, metrics: Metrics, face: str) -> None:
        self._app, self._metrics, self._face = app, metrics, face

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in PAGE_HEADERS.items():
                    headers.setdefault(name, value)
                self._metrics.request(self._face, message["status"])
            await send(message)

        await self._app(scope, receive, guarded)
