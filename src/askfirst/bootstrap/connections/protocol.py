"""uvicorn's HTTP protocol with limits: what is not complete may not grow, and not stay for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, Protocol, cast
from urllib.parse import unquote

import httptools
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from askfirst.bootstrap.connections.cycle import WholeAnswerCycle
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
        self.is_awaited = False
        self._limiter = limiter
        self._proxies = proxies
        self._is_refused = False
        self._is_in_head = False
        self._is_in_body = False
        self._head_bytes = 0
        self._head_bytes_max = limiter.limits.head_bytes
        self._part_bytes = 0
        self._fields_of_head = 0
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
        """Read on, in parts that are no larger than a head may be."""
        size = self._head_bytes_max
        if len(data) <= size:
            self._receive(data)
            return
        for start in range(0, len(data), size):
            self._receive(data[start : start + size])

    # What the parser calls

    def on_message_begin(self) -> None:
        self._is_in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= PIPELINED_MAX:
            self._stop(Limit.PIPELINED)
        if len(self.headers) > HEADERS_MAX or self._is_head_too_large():
            self._stop(Limit.HEAD_SIZE)
        self._is_in_head, self._is_in_body = False, True
        self._fields_of_head = len(self.headers)
        self._body_bytes = 0
        self._body_seconds = 0.0
        if self.is_awaited:
            self._limiter.begins(self)
        self._begin_cycle()

    def on_message_complete(self) -> None:
        self._is_in_body = False
        super().on_message_complete()
        if self.is_awaited:
            self._limiter.begins(self)
        if self.cycle.response_complete:
            self._limiter.rests(self)

    # What the answer calls

    def on_response_complete(self) -> None:
        """Go on: with the next request that waits, or with waiting for one.

        uvicorn would start a timer here for each answer; the limiter's sweep closes who rests.
        """
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._is_in_head:
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

    def is_resting(self) -> bool:
        """Return whether nothing is read and nothing answered: between two requests."""
        return not self._is_in_head and not self._is_in_body and self._unanswered() is None

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

    def _receive(self, part: bytes) -> None:
        if self._is_refused:
            return
        was_in_body = self._is_in_body
        self._part_bytes = len(part)
        try:
            self.parser.feed_data(part)
        except httptools.HttpParserUpgrade:
            pass  # nothing here speaks another protocol; the request is answered as it is
        except httptools.HttpParserError:
            if not self._is_refused:
                self._limiter.refuse(self, Limit.MALFORMED)
        if self._is_refused:
            return
        if self._is_in_head:
            self._count_head(len(part))
        elif self._is_in_body:
            self._count_body(len(part) if was_in_body else len(self.cycle.body))

    def _begin_cycle(self) -> None:
        """Hand a request to the application, or put it behind the one that is being answered."""
        parser, url, scope = self.parser, httptools.parse_url(self.url), self.scope
        version, path = parser.get_http_version(), url.path.decode("ascii")
        if version != "1.1":
            scope["http_version"] = version
        scope["method"] = parser.get_method().decode("ascii")
        scope["path"] = self.root_path + (unquote(path) if "%" in path else path)
        scope["raw_path"] = self.root_path.encode("ascii") + url.path
        scope["query_string"] = url.query or b""
        before = self._unanswered()
        self.cycle = WholeAnswerCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    # What is not complete: rare, since most requests come at once

    def _is_head_too_large(self) -> bool:
        """Return whether a complete head, or a head with its trailer, is over the limit."""
        if self._head_bytes + self._part_bytes <= self._head_bytes_max:
            return False
        fields = sum(len(name) + len(value) + _COLON_AND_LINE_END for name, value in self.headers)
        return len(self.url) + fields > self._head_bytes_max

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._head_bytes_max or len(self.headers) > HEADERS_MAX:
            self._limiter.refuse(self, Limit.HEAD_SIZE)
            return
        if self._unanswered() is None:
            self._limiter.awaits_head(self)
        self._limiter.hold(self, size, owner=self.address)

    def _count_body(self, size: int) -> None:
        self._body_bytes += size
        self._head_bytes = self._head_bytes_max  # what comes as a trailer is measured
        has_trailer = len(self.headers) > self._fields_of_head
        if has_trailer and (len(self.headers) > HEADERS_MAX or self._is_head_too_large()):
            self._limiter.refuse(self, Limit.HEAD_SIZE)
            return
        if self.cycle.response_complete:
            return
        self._limiter.awaits_body(self)
        if is_caller_known(self.scope):
            self._limiter.release(self)
        else:
            self._limiter.hold(self, size, owner=self._owner())

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
