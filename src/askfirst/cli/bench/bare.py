"""Servers that do nothing, on the server's own configuration: the baseline, and an upstream."""

from __future__ import annotations

import json
import socket

from askfirst.bootstrap.listening import ending, serving
from askfirst.web.asgi import App, Receive, Scope, Send

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"16")]
_START = {"type": "http.response.start", "status": 200, "headers": _HEADERS}
_BODY = {"type": "http.response.body", "body": b'{"success":true}'}
_AGENT = b"user-agent"


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
    body = json.dumps(
        {
            "messaging_product": "whatsapp",
            "contacts": [{"input": f"+{agent}", "wa_id": agent}],
            "messages": [{"id": f"wamid.{agent}"}],
            "data": [],
        }
    ).encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def serve_bare(app: App, listener: socket.socket) -> None:
    """Serve until told to end."""
    with ending() as told:
        async with serving(app, listener):
            await told
