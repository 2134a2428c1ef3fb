"""The raw doors' manners: read a body within bounds, answer with one.

FastAPI serves everything that is called a few times a second; webhook in, gateway send and what
the table of routes calls raw are plain ASGI: a microsecond there is paid thousands of times.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
_KNOWN = "askfirst.caller_is_known"
_FIELDS = "askfirst.fields"

_LENGTH_DIGITS = 18

RECEIVE_SECONDS_MAX = 20.0
"""A request must be whole by then: uvicorn itself lets a dripping client hold a socket for ever."""


class BodyTooLarge(Exception):
    """The body is larger than the door takes."""


class BodyIncomplete(Exception):
    """The client went away, or did not send the whole body in time."""


def know_caller(scope: Scope) -> None:
    """Say that the caller is authenticated: the rest of the body is no stranger's any more."""
    scope[_KNOWN] = True


def is_caller_known(scope: Mapping[str, Any]) -> bool:
    """Return whether the door has authenticated the caller of a request."""
    return _KNOWN in scope


async def read_body(
    scope: Scope, receive: Receive, bytes_max: int, seconds_max: float = RECEIVE_SECONDS_MAX
) -> bytes:
    """Read the whole body; BodyTooLarge or BodyIncomplete where it cannot be had.

    One that is announced as too large is not waited for.
    """
    length = header(scope, b"content-length") or ""
    if length.isdigit() and int(length[:_LENGTH_DIGITS]) > bytes_max:
        raise BodyTooLarge
    message = await receive()
    if not message.get("more_body", False):
        return _checked(message, bytes_max)
    try:
        async with asyncio.timeout(seconds_max):
            return await _read_rest(receive, _checked(message, bytes_max), bytes_max)
    except TimeoutError as error:
        raise BodyIncomplete from error


async def _read_rest(receive: Receive, first: bytes, bytes_max: int) -> bytes:
    whole, more = bytearray(first), True  # a list of parts of a byte each would weigh fifty times
    while more:
        message = await receive()
        whole += _checked(message, bytes_max - len(whole))
        more = message.get("more_body", False)
    return bytes(whole)


def _checked(message: Message, bytes_max: int) -> bytes:
    if message["type"] == "http.disconnect":
        raise BodyIncomplete
    body: bytes = message.get("body", b"")
    if len(body) > bytes_max:
        raise BodyTooLarge
    return body


def header(scope: Scope, name: bytes) -> str | None:
    """Return the one value of a header; None where it is missing or given more than once."""
    known: dict[bytes, bytes | None] | None = scope.get(_FIELDS)
    if known is None:
        known = scope[_FIELDS] = _fields(scope["headers"])
    found = known.get(name)
    return None if found is None else found.decode("latin-1")


def _fields(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes | None]:
    """Return the values by name; None where there are several."""
    fields: dict[bytes, bytes | None] = dict(headers)
    if len(fields) < len(headers):
        times = Counter(name for name, _ in headers)
        fields.update((name, None) for name in fields if times[name] > 1)
    return fields


def bearer(scope: Scope) -> str:
    """Return the secret of `Authorization: Bearer …`; empty where there is none."""
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
