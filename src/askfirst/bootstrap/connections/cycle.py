"""One request and its answer, as uvicorn knows them, with the answer written at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

_START: Final = "http.response.start"
_FRAMING: Final = frozenset({b"connection", b"transfer-encoding"})
"""Fields that say how a body is framed: uvicorn itself knows what follows from them."""

_SHORT_MAX: Final = 3
_JSON: Final = (b"content-type", b"application/json")
"""An answer of a raw door has few fields: type, length, and that it is not to be stored. They are
the same again and again. What has more, or is no JSON, may hold a cookie or a place of somebody's.
"""


class WholeAnswerCycle(RequestResponseCycle):
    """Keeps the head of an answer until its body is there: one write, one packet, for both.

    ASGI lets a server do so. What is not whole (a stream, an answer without a length, an answer
    to HEAD) goes the way it goes in uvicorn, as do all errors.
    """

    _start: Mapping[str, Any] | None = None

    async def send(self, message: Any) -> None:
        """Take the next part of the answer from the application."""
        start = self._start
        if message["type"] == _START and not self.response_started:
            self._start = message  # one that is there already was never written
        elif start is None:
            await super().send(message)
        else:
            self._start = None
            if message.get("more_body", False) or not self._write(start, message.get("body", b"")):
                await super().send(start)  # type: ignore[arg-type]
                await super().send(message)

    def _write(self, start: Mapping[str, Any], body: bytes) -> bool:
        """Write a whole answer; False where it is none, and nothing was written."""
        if self.disconnected or self.flow.write_paused or self.scope["method"] == "HEAD":
            return False
        headers, size = tuple(start.get("headers", ())), len(body)
        is_usual = len(headers) <= _SHORT_MAX and _JSON in headers
        fields = _usual_lines(headers, size) if is_usual else _lines(headers, size)
        if not fields:
            return False
        parts = [STATUS_LINE[start["status"]]]
        for name, value in self.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (fields, b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n", body)
        self.response_started = True
        self.waiting_for_100_continue = False
        self.transport.write(b"".join(parts))
        self._complete()
        return True

    def _complete(self) -> None:
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def _lines(headers: tuple[tuple[bytes, bytes], ...], size: int) -> bytes:
    """Write the fields of an answer; nothing where they are not those of a whole one."""
    fields = {_field_name(name): value for name, value in headers}
    length = fields.get(b"content-length", b"")
    if length != b"%d" % size or len(fields) != len(headers):
        return b""
    if not _FRAMING.isdisjoint(fields) or HEADER_VALUE_RE.search(b"".join(fields.values())):
        return b""
    return b"".join([b"%b: %b\r\n" % field for field in fields.items()])


_usual_lines: Final = lru_cache(maxsize=1_024)(_lines)


@lru_cache(maxsize=256)
def _field_name(name: bytes) -> bytes:
    if HEADER_RE.search(name):
        raise ValueError("a header's name is no token (RFC 9110, 5.6.2)")
    return name.lower()
