"""Calls an ASGI application in the same process, byte for byte as a server would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from askfirst.web.asgi import App, Message

Pairs = Sequence[tuple[str, str]]


@dataclass
class Got:
    """An answer."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The error of Meta's shape; an answer with `messages` is none."""
        content = self.json
        assert set(content) == {"error"}
        found: dict[str, Any] = content["error"]
        return found


async def call(
    app: App,
    method: str,
    path: str,
    *,
    headers: Pairs = (),
    body: bytes | Sequence[bytes] = b"",
    query: str = "",
    whole: bool = True,
) -> Got:
    """Call once; a body of several parts comes in several messages."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": query.encode("latin-1"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    parts = [body] if isinstance(body, bytes) else list(body)
    incoming = [
        {"type": "http.request", "body": part, "more_body": not whole or number < len(parts)}
        for number, part in enumerate(parts, 1)
    ]
    got = Got()

    async def receive() -> Message:
        if whole and not incoming:
            await asyncio.Event().wait()  # a server says nothing more, until the client is gone
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            got.body += message["body"]

    await app(scope, receive, send)
    assert len(got.body) == int(got.headers.get("content-length", "0"))  # a 204 has none
    return got
