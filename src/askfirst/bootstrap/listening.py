"""Sockets, and HTTP servers on them that end cleanly."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import cast

import uvicorn

from askfirst.bootstrap.connections.descriptors import connections_within
from askfirst.bootstrap.connections.limiter import SWEEP_SECONDS, ConnectionLimiter
from askfirst.bootstrap.connections.limits import ConnectionLimits, Limit
from askfirst.bootstrap.connections.protocol import limited_protocol
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.web.asgi import App

GRACE_SECONDS = 10
"""How long requests that are being answered may still take when the server is told to end."""
_BACKLOG = 2048
Announce = Callable[[str], None]
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound


def listen(host: str, port: int) -> socket.socket:
    """Bind; the kernel queues connections from now on. InvalidInput where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        message = f"cannot listen on {host} port {port}: {error.strerror}; choose another --port"
        raise InvalidInput("port", message) from error


def address_of(listener: socket.socket) -> str:
    """Return the address at which a client on this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    host = _WILDCARDS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn without its signal handling, which ends the process before we have closed."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: App,
    listener: socket.socket,
    *,
    trusted_proxies: Sequence[str] = (),
    limits: ConnectionLimits = ConnectionLimits(),  # noqa: B008 - a frozen value
    tell: Callable[[Limit], None] = lambda _: None,
) -> AsyncIterator[None]:
    """Answer requests while the block runs; then finish those that have begun.

    `trusted_proxies` are addresses and networks; only what they say of a peer is believed.
    `tell` hears of every connection that went over one of the `limits`.
    """
    fitting = replace(limits, connections=connections_within(limits.connections))
    limiter = ConnectionLimiter(fitting, asyncio.get_running_loop().time, tell)
    config = uvicorn.Config(
        app,
        access_log=False,
        backlog=_BACKLOG,
        date_header=True,
        forwarded_allow_ips=list(trusted_proxies),
        http=cast("type[asyncio.Protocol]", limited_protocol(limiter, list(trusted_proxies))),
        lifespan="off",
        log_config=None,
        loop="uvloop",
        proxy_headers=bool(trusted_proxies),
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="none",
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    sweeping = asyncio.create_task(_sweep(limiter))
    started = asyncio.create_task(server.answering.wait())
    try:
        await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
        yield
    finally:
        started.cancel()
        sweeping.cancel()
        server.should_exit = True
        await running


async def _sweep(limiter: ConnectionLimiter) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        limiter.sweep()


@contextmanager
def ending(
    signals: Sequence[signal.Signals] = ENDING,
) -> Iterator[asyncio.Future[signal.Signals]]:
    """Remember the first signal to end; more of them do not hurry a clean end.

    To be entered before anything is opened: a signal that nobody waits for yet must not leave
    things half open.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Future[signal.Signals] = loop.create_future()

    def tell(number: signal.Signals) -> None:
        if not told.done():
            told.set_result(number)

    for number in signals:
        loop.add_signal_handler(number, tell, number)
    try:
        yield told
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
