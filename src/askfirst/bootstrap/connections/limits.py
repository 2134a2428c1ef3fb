"""The limits before authentication, and what is answered to whoever goes over one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

HEADERS_MAX = 100
"""How many header fields one request may have: each costs far more memory than its bytes."""
PIPELINED_MAX = 16
"""How many requests may wait on one connection behind the one that is being answered."""


class Limit(StrEnum):
    """Which limit was reached: the label of the metric, and the name in the log."""

    CONNECTIONS = "connections"
    CONNECTIONS_PER_ADDRESS = "connections_per_address"
    HEAD_TIME = "head_time"
    HEAD_SIZE = "head_size"
    BODY_RATE = "body_rate"
    MEMORY = "memory"
    MEMORY_PER_ADDRESS = "memory_per_address"
    PIPELINED = "pipelined"
    ANSWER_TIME = "answer_time"
    MALFORMED = "malformed"

    @property
    def status(self) -> HTTPStatus:
        """The answer's status (RFC 9110, RFC 6585)."""
        return _STATUS[self]

    @property
    def words(self) -> str:
        """The answer's body: one line that says what would be right."""
        return _WORDS[self]


_STATUS = {
    Limit.CONNECTIONS: HTTPStatus.SERVICE_UNAVAILABLE,
    Limit.CONNECTIONS_PER_ADDRESS: HTTPStatus.TOO_MANY_REQUESTS,
    Limit.HEAD_TIME: HTTPStatus.REQUEST_TIMEOUT,
    Limit.HEAD_SIZE: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    Limit.BODY_RATE: HTTPStatus.REQUEST_TIMEOUT,
    Limit.MEMORY: HTTPStatus.SERVICE_UNAVAILABLE,
    Limit.MEMORY_PER_ADDRESS: HTTPStatus.TOO_MANY_REQUESTS,
    Limit.PIPELINED: HTTPStatus.TOO_MANY_REQUESTS,
    Limit.ANSWER_TIME: HTTPStatus.REQUEST_TIMEOUT,
    Limit.MALFORMED: HTTPStatus.BAD_REQUEST,
}
_WORDS = {
    Limit.CONNECTIONS: "too many connections; try again",
    Limit.CONNECTIONS_PER_ADDRESS: "too many connections from one address; use fewer",
    Limit.HEAD_TIME: "the head of the request did not arrive in time",
    Limit.HEAD_SIZE: "the head of the request is too large",
    Limit.BODY_RATE: "the body arrived too slowly",
    Limit.MEMORY: "too many bodies are on their way; try again",
    Limit.MEMORY_PER_ADDRESS: "too many bodies from one address are on their way; send fewer",
    Limit.PIPELINED: "too many requests wait on this connection; wait for answers",
    Limit.ANSWER_TIME: "the answer was not read in time",
    Limit.MALFORMED: "this is no HTTP request",
}
_AGAIN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """How much may be open and on its way. Sizes in bytes, times in seconds."""

    connections: int = 1024
    connections_per_address: int = 512
    head_bytes: int = 32 * 1024
    head_seconds: float = 10.0
    idle_seconds: float = 10.0
    body_bytes_per_second: int = 1024
    body_grace_seconds: float = 5.0
    answer_seconds: float = 30.0
    waiting_bytes: int = 16 * 1024 * 1024
    waiting_bytes_per_address: int = 8 * 1024 * 1024


def refusal(limit: Limit) -> bytes:
    """Return the whole answer to whoever went over a limit; the connection is closed after it."""
    status, body = limit.status, f"{limit.words}\n".encode()
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "content-type: text/plain; charset=utf-8",
        f"content-length: {len(body)}",
        "connection: close",
        *(["retry-after: 1"] if status in _AGAIN else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
