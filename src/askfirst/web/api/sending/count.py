"""Count what the REST face answers."""

from __future__ import annotations

from askfirst.web.api.sending.check import PATH as CHECK_PATH
from askfirst.web.asgi import App, Message, Receive, Scope, Send
from askfirst.web.metrics import Metrics


class CountRequests:
    """Middleware: one count per answer, by status; addresses are no labels."""

    def __init__(self, app: App, *, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == CHECK_PATH:  # that door counts for itself
            await self._app(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.request("api", message["status"])
            await send(message)

        await self._app(scope, receive, counted)
