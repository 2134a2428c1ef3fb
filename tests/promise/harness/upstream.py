"""Meta, as far as a race needs it: notes the first byte of each message, and answers.

Where its crowd is more than one, it refuses one message in so many less one.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
import zlib
from typing import cast

from tests.promise.harness.actor import Ended, Part, act
from tests.promise.harness.journal import Journal
from tests.promise.harness.letters import read_message


class Meta(asyncio.Protocol):
    """One connection."""

    def __init__(self, journal: Journal, refuses: int) -> None:
        self._journal = journal
        self._refuses = refuses
        self._received = b""
        self._first = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if not self._received:
            self._first = time.monotonic_ns()
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._received = b""
        if head.startswith(b"POST"):
            self._answer(*self._message(body))
        else:
            self._answer({"data": []})

    def _message(self, body: bytes) -> tuple[object, int]:
        contact, key = read_message(body)
        is_taken = not self._refuses or zlib.crc32(key.encode()) % self._refuses > 0
        self._journal.note("arrived", contact=contact, key=key, at=self._first, taken=is_taken)
        if not is_taken:
            return {"error": {"message": "Refused", "code": 131000}}, 400
        answer = {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{key}"}]}
        if contact.isdecimal():  # an answer to a send by id need not name the number
            answer["contacts"] = [{"input": "+" + contact, "wa_id": contact}]
        return answer, 200

    def _answer(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        head = f"content-type: application/json\r\ncontent-length: {len(body)}"
        self._transport.write(f"HTTP/1.1 {status} -\r\n{head}\r\n\r\n".encode() + body)


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


async def play(part: Part, journal: Journal, ended: Ended) -> None:
    listener = socket.socket(fileno=int(sys.argv[2]))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Meta(journal, part["crowd"] - 1), sock=listener)
    while not ended():
        await asyncio.sleep(0.05)
    server.close()


if __name__ == "__main__":
    act(play)
