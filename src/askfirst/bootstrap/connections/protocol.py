"""uvicorn's HTTP protocol with limits: what is not complete may not grow, and not stay for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, Protocol, cast

import httptools
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from askfirst.bootstrap.connections.limiter import SWEEP_SECONDS, ConnectionLimiter
from askfirst.bootstrap.connections.limits import (
    HEADERS_MAX,
    PIPELINED_MAX,
    ConnectionLimits,
    Limit,
    refusal,
)
from askfirst.domain.values.network_address import counted_address
from askfirst.web.asgi import is_caller_known

_COLON_AND_LINE_END: Final = 4
_LINGER_SECONDS: Final = 5.0
"""How long the rest of a body may still come after its answer, so that the answer is read."""


class Proxies(Protocol):
    """The proxies whose word about a customer's address is believed."""

    def __contains__(self, host: str | None) -> bool: ...

    def get_trusted_client_address(self, x_forwarded_for: str) -> tuple[str, int]: ...


class _Over(Exception):
    """Stops the parser: a limit is reached."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Its limiter is shared by all connections of the server."""

    def __init__(self, limiter: ConnectionLimiter, proxies: Proxies, **parts: Any) -> None:
        super().__init__(**parts)
        self.address = ""
        self.owner = ""
        self.since = 0.0
        self.held = 0
        self._limiter = limiter
        self._proxies = proxies
        self._is_refused = False
        self._is_in_head = False
        self._is_in_body = False
        self._head_bytes = 0
        self._head_bytes_max = limiter.limits.head_bytes
        self._counted: int | None = None
        self._body_bytes = 0
        self._body_seconds = 0.0
        self._stuck_seconds = 0.0

    # What the event loop calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self._address_of_peer()
        self._limiter.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._limiter.closed(self)

    def data_received(self, data: bytes) -> None:
        if self.is_refused():
            return
        self._unset_keepalive_if_required()
        was_in_head = self._is_in_head
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # nothing here speaks another protocol; the request is answered as it is
        except httptools.HttpParserError:
            if not self.is_refused():
                self._limiter.refuse(self, Limit.MALFORMED)
        if (self._is_in_head or self._is_in_body) and not self.is_refused():
            self._count(len(data), was_in_head=was_in_head)

    # What the parser calls

    def on_message_begin(self) -> None:
        self._is_in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._head_bytes += len(url)
        if self._head_bytes > self._head_bytes_max:
            self._stop(Limit.HEAD_SIZE)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a field of the head, or of the trailer behind a body in chunks."""
        self._head_bytes += len(name) + len(value) + _COLON_AND_LINE_END
        if self._head_bytes > self._head_bytes_max or len(self.headers) >= HEADERS_MAX:
            self._stop(Limit.HEAD_SIZE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= PIPELINED_MAX:
            self._stop(Limit.PIPELINED)
        self._is_in_head, self._is_in_body = False, True
        self._counted, self._body_bytes = None, 0
        self._body_seconds = 0.0
        self._limiter.begins(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_in_body = False
        super().on_message_complete()
        if self._counted is not None:
            self._limiter.begins(self)
        if self.cycle.response_complete:
            self._limiter.rests(self)

    # What the answer calls

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() or not self.cycle.response_complete:
            return
        if self._is_in_head:
            self._limiter.awaits_head(self)
        elif self._is_in_body:
            self._limiter.begins(self)
            self._limiter.awaits_body(self)
        else:
            self._limiter.rests(self)

    # What the limiter calls

    def refuse(self, limit: Limit) -> None:
        """Answer, where no answer has begun, and close."""
        self._is_refused = True
        transport: asyncio.Transport = self.transport
        if transport.is_closing():
            return
        cycle = self._unanswered()
        if limit is Limit.ANSWER_TIME or self.pipeline or (cycle and cycle.response_started):
            transport.abort()
            return
        if cycle:
            cycle.disconnected = True
            cycle.message_event.set()
        transport.write(refusal(limit))
        transport.close()

    def is_refused(self) -> bool:
        """Return whether nothing is read any more."""
        return self._is_refused

    def close_idle(self) -> None:
        """Close between two requests."""
        self.transport.close()

    def is_known(self) -> bool:
        """Return whether the door has authenticated the caller of the current request."""
        return self._is_in_body and is_caller_known(self.scope)

    def body_is_too_slow(self, limits: ConnectionLimits) -> bool:
        """Count the seconds in which the body could have come, and compare."""
        if self.cycle.response_complete:
            return self._limiter.now() - self.since > _LINGER_SECONDS
        if not self.flow.read_paused:
            self._body_seconds += SWEEP_SECONDS
        seconds = self._body_seconds - limits.body_grace_seconds
        return self._body_bytes < seconds * limits.body_bytes_per_second

    def answer_is_stuck(self, limits: ConnectionLimits) -> bool:
        """Count the seconds for which the peer has taken nothing of its answer."""
        self._stuck_seconds = self._stuck_seconds + SWEEP_SECONDS if self.flow.write_paused else 0.0
        return self._stuck_seconds > limits.answer_seconds

    # Within

    def _stop(self, limit: Limit) -> None:
        self._limiter.refuse(self, limit)
        raise _Over

    def _count(self, size: int, *, was_in_head: bool) -> None:
        """Count what came of a request that is not complete: rare, since most come at once."""
        if self._is_in_head:
            if was_in_head:
                self._head_bytes = max(self._head_bytes, self.held + size)
            if self._head_bytes > self._head_bytes_max:
                self._limiter.refuse(self, Limit.HEAD_SIZE)
                return
            if self._unanswered() is None:
                self._limiter.awaits_head(self)
            self._limiter.hold(self, size, owner=self.address)
            return
        fresh, self._counted = self._body_bytes - (self._counted or 0), self._body_bytes
        if self.cycle.response_complete:
            return
        self._limiter.awaits_body(self)
        if is_caller_known(self.scope):
            self._limiter.release(self)
        else:
            self._limiter.hold(self, fresh, owner=self._owner())

    def _unanswered(self) -> RequestResponseCycle | None:
        """Return the request that is being answered, if one is."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle if cycle is not None and not cycle.response_complete else None

    def _owner(self) -> str:
        """Return whom the body counts for: the peer, or whom a trusted proxy names."""
        if self.address or not self.client or self.client[0] not in self._proxies:
            return self.address
        told = b", ".join(value for name, value in self.headers if name == b"x-forwarded-for")
        if not told:
            return ""
        return counted_address(self._proxies.get_trusted_client_address(told.decode("latin-1"))[0])

    def _address_of_peer(self) -> str:
        """Return whom the connection counts for; nobody where one address stands for many."""
        host = self.client[0] if self.client else ""
        if not host or host in self._proxies or _is_this_machine(host):
            return ""
        return counted_address(host)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return True


def limited_protocol(
    limiter: ConnectionLimiter, trusted_proxies: list[str]
) -> Callable[..., LimitedProtocol]:
    """Return what makes a protocol for each new connection."""
    proxies: Proxies = ProxyHeadersMiddleware(
        cast("Any", None),
        trusted_proxies,  # no application: only its list of proxies is wanted
    ).trusted_hosts

    def make(**parts: Any) -> LimitedProtocol:
        return LimitedProtocol(limiter, proxies, **parts)

    return make
