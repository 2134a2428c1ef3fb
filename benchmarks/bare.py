"""Servers that do nothing, on the server's own configuration: the baseline, and an upstream."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

from askfirst.bootstrap.listening import ending, serving
from askfirst.web.asgi import App, Receive, Scope, Send

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"16")]
_START = {"type": "http.response.start", "status": 200, "headers": _HEADERS}
_BODY = {"type": "http.response.body", "body": b'{"success":true}'}
_AGENT = b"user-agent"
_SHOWN = "/code/"


async def hello(_: Scope, receive: Receive, send: Send) -> None:
    """Read the body and answer: the least that any server has to do."""
    while (await receive()).get("more_body", False):
        pass
    await send(_START)
    await send(_BODY)


async def answer_like_meta(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a send. The caller names the recipient as its user agent, which is passed on."""
    while (await receive()).get("more_body", False):
        pass
    agent = next((value.decode() for name, value in scope["headers"] if name == _AGENT), "")
    content = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": f"+{agent}", "wa_id": agent}],
        "messages": [{"id": f"wamid.{agent}"}],
        "data": [],
    }
    await _answer(send, content)


class Phones:
    """Takes codes as Meta does, and shows each to whoever asks for it: `GET /code/{digits}`."""

    def __init__(self) -> None:
        self._codes: dict[str, asyncio.Future[str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        content: dict[str, Any] = {"data": []}
        path: str = scope["path"]
        if path.startswith(_SHOWN):
            content = {"code": await self._code(path.removeprefix(_SHOWN))}
            del self._codes[path.removeprefix(_SHOWN)]
        elif path.endswith("/messages"):
            content = self._take(json.loads(body))
        await _answer(send, content)

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        digits = message["to"].removeprefix("+")
        shown = message["template"]["components"][0]["parameters"][0]["text"]
        self._code(digits).set_result(shown)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": message["to"], "wa_id": digits}],
            "messages": [{"id": f"wamid.{digits}"}],
        }

    def _code(self, digits: str) -> asyncio.Future[str]:
        loop = asyncio.get_running_loop()
        return self._codes.setdefault(digits, loop.create_future())


async def _answer(send: Send, content: dict[str, Any]) -> None:
    body = json.dumps(content).encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def serve_bare(app: App, listener: socket.socket) -> None:
    """Serve until told to end."""
    with ending() as told:
        async with serving(app, listener):
            await told
