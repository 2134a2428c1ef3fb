"""The raw doors' manners: read a body within bounds, answer with one.

FastAPI serves everything that is called a few times a second; webhook in, gateway send and
check are plain ASGI, because each microsecond there is paid thousands of times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

RECEIVE_SECONDS_MAX = 20.0
"""A request must be whole by then: uvicorn itself lets a dripping client hold a socket for ever."""


class BodyTooLarge(Exception):
    """The body is larger than the door takes."""


class BodyIncomplete(Exception):
    """The client went away, or did not send the whole body in time."""


async def read_body(
    receive: Receive, bytes_max: int, seconds_max: float = RECEIVE_SECONDS_MAX
) -> bytes:
    """Read the whole body; BodyTooLarge or BodyIncomplete where it cannot be had."""
    message = await receive()
    if not message.get("more_body", False):
        return _checked(message, bytes_max)
    try:
        async with asyncio.timeout(seconds_max):
            return await _read_rest(receive, _checked(message, bytes_max), bytes_max)
    except TimeoutError as error:
        raise BodyIncomplete from error


async def _read_rest(receive: Receive, first: bytes, bytes_max: int) -> bytes:
    parts, size, more = [first], len(first), True
    while more:
        message = await receive()
        part = _checked(message, bytes_max - size)
        parts.append(part)
        size += len(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _checked(message: Message, bytes_max: int) -> bytes:
    if message["type"] == "http.disconnect":
        raise BodyIncomplete
    body: bytes = message.get("body", b"")
    if len(body) > bytes_max:
        raise BodyTooLarge
    return body


def header(scope: Scope, name: bytes) -> str | None:
    """Give the one value of a header; None where it is missing or given more than once."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def bearer(scope: Scope) -> str:
    """Give the secret of `Authorization: Bearer …`; empty where there is none."""
    value = header(scope, b"authorization") or ""
    scheme, _, secret = value.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


async def respond(
    send: Send, status: int, body: bytes, content_type: bytes, headers: Headers | None = None
) -> None:
    """Send a whole answer."""
    start: Headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
    ]
    if headers:
        start += headers
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
