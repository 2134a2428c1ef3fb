"""The simulator as a server of its own, with webhooks that go out over HTTP."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from askfirst.bootstrap.listening import Announce, address_of, ending, serving
from askfirst.bootstrap.router import Router
from askfirst.delivery.graph_client import graph_client
from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.sending.http_connection import exchange
from askfirst.simulator.app import build_app
from askfirst.simulator.pages.pages import build_inboxes
from askfirst.simulator.simulator import (
    DEFAULT_APP_SECRET,
    DEFAULT_EVENTS_SECRET,
    DEFAULT_PHONE_NUMBER_ID,
    DEFAULT_SMS_SECRET,
    DEFAULT_TOKEN,
    DEFAULT_WABA_ID,
    Simulator,
)

_SETTLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedBusiness:
    """What the simulator's one business is called, at Meta and by people."""

    phone_number_id: str = DEFAULT_PHONE_NUMBER_ID
    waba_id: str = DEFAULT_WABA_ID
    number: str = "+15550100001"
    name: str = "Café Lune"
    token: str = DEFAULT_TOKEN
    app_secret: str = DEFAULT_APP_SECRET.decode()
    sms_secret: str = DEFAULT_SMS_SECRET
    events_secret: str = DEFAULT_EVENTS_SECRET
    marketing_template: str = "summer_offer"
    language: str = "en_US"


CAFE = SimulatedBusiness()


async def serve_simulator(
    listener: socket.socket, *, webhooks_to: str, app_secret: str, announce: Announce
) -> None:
    """Serve a simulated WhatsApp until told to end."""
    with ending() as told:
        async with simulating(listener, webhooks_to=webhooks_to, app_secret=app_secret) as address:
            announce(address)
            await told


@asynccontextmanager
async def simulating(
    listener: socket.socket, *, webhooks_to: str = "", app_secret: str = CAFE.app_secret
) -> AsyncIterator[str]:
    """Run a simulator with a café, its templates and everybody's phone; gives its address."""
    poster = _Poster(webhooks_to) if webhooks_to else None
    simulator = Simulator.with_defaults(
        now=time.time,
        entropy=os.urandom,
        app_secret=app_secret.encode(),
        deliver=poster,
    )
    simulator.courier.web = _Web()
    pages = build_inboxes(simulator)
    faces = dict.fromkeys(("/inbox", "/static/", "/chat"), pages)
    app = Router({"/": pages}, faces, build_app(simulator))
    try:
        async with serving(app, listener):
            yield address_of(listener)
            with suppress(TimeoutError):  # whoever listened may be gone already
                await asyncio.wait_for(simulator.courier.settle(), _SETTLE_SECONDS)
    finally:
        if poster is not None:
            await poster.close()


class _Web:
    """Servers that accounts name, each reached by a connection of its own."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        poster = _Poster(url)
        try:
            return await poster(body, headers)
        finally:
            await poster.close()

    async def get(self, url: str, parameters: Mapping[str, str]) -> tuple[int, bytes]:
        poster = _Poster(f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}")
        try:
            return await poster.ask()
        finally:
            await poster.close()


class _Poster:
    """Posts webhooks to one address."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = "must be an address such as http://127.0.0.1:8080/webhooks/whatsapp"
            raise InvalidInput("webhooks_to", message)
        self._path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        self._lines = graph_client(f"{parts.scheme}://{parts.netloc}")

    async def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        lower = {name.lower(): value for name, value in headers.items()}
        return (await exchange(self._lines, "POST", self._path, lower, body)).status

    async def ask(self) -> tuple[int, bytes]:
        answer = await exchange(self._lines, "GET", self._path, {}, b"")
        return answer.status, answer.body

    async def close(self) -> None:
        await self._lines.close()
