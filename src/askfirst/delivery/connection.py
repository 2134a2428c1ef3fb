"""One connection to Meta: carries one request at a time, and is never trusted after a surprise."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable
from typing import cast

from askfirst.delivery.answer_reader import ANSWER_BYTES_MAX, AnswerReader, BrokenAnswer
from askfirst.ports.sending.http_connection import Answer, NotSent


class Connection(asyncio.Protocol):
    """Sends a request in one write and reads its answer.

    `on_idle` is called when an answer is whole and the connection may serve again, `on_lost`
    when it is gone. `idle_since` belongs to the pool.
    """

    def __init__(
        self,
        on_idle: Callable[[Connection], None],
        on_lost: Callable[[Connection], None],
        *,
        answer_bytes_max: int = ANSWER_BYTES_MAX,
    ) -> None:
        self.is_lost = False
        self.idle_since = 0.0
        self._on_idle = on_idle
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._reader = AnswerReader(answer_bytes_max)
        self._poll = select.poll()
        self._asked: asyncio.Future[Answer | None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll.register(raw.fileno(), select.POLLIN)

    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def is_quiet(self) -> bool:
        """Ask the kernel, too: a close that the loop has not seen yet would lose the request."""
        return self.is_open() and not self._poll.poll(0)

    def ask(self, request: bytes, seconds_max: float) -> asyncio.Future[Answer | None]:
        """Hand a request to the kernel; the future gives the answer, or None where none came.

        When it fails: NotSent, and not one byte left.
        """
        if not self.is_open():
            raise NotSent("the connection was closed")
        self._reader.start()
        self._transport.write(request)
        if not self.is_open():  # the first write failed, so the kernel took nothing
            raise NotSent("the connection broke")
        self._asked = self._loop.create_future()
        self._timer = self._loop.call_later(seconds_max, self._give_up)
        return self._asked

    def abort(self) -> None:
        """Close without ceremony."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._asked is None:
            self.abort()  # bytes that nobody asked for: the next answer could not be trusted
            return
        try:
            if self._reader.feed(data):
                self._settle(self._reader.answer)
        except BrokenAnswer:
            self._give_up()

    def eof_received(self) -> None:
        if self._asked is not None and self._reader.end():
            self._settle(self._reader.answer)

    def connection_lost(self, _exc: Exception | None) -> None:
        self.is_lost = True
        self._settle(None)
        self._on_lost(self)

    def _give_up(self) -> None:
        self._settle(None)
        self.abort()

    def _settle(self, answer: Answer | None) -> None:
        if self._asked is None:
            return
        if not self._asked.done():
            self._asked.set_result(answer)
        self._asked = None
        if self._timer is not None:
            self._timer.cancel()
        if answer is None:
            return
        if self._reader.reusable and not self._transport.get_write_buffer_size():
            self._on_idle(self)
        else:
            self.abort()
