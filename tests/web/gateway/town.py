"""A town on real sockets: an unchanged client, the gateway, the simulator, and what they share."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pywa.client import WhatsApp
from pywa.types.templates import TemplateLanguage

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.database.store import Store
from askfirst.bootstrap.listening import address_of, listen, serving
from askfirst.bootstrap.router import Router
from askfirst.delivery.accounts import AccountsAtGraph
from askfirst.delivery.endpoints import PublicEndpoints
from askfirst.delivery.graph_client import graph_client, parse_graph_url
from askfirst.delivery.http_client import HttpClient
from askfirst.delivery.media_files import MediaFilesAtMeta
from askfirst.delivery.receivers import ReceiversByHttp
from askfirst.delivery.templates import TemplatesFromGraph
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.simulator.app import build_app
from askfirst.simulator.simulator import (
    DEFAULT_APP_SECRET,
    DEFAULT_PHONE_NUMBER_ID,
    DEFAULT_TOKEN,
    DEFAULT_WABA_ID,
    Simulator,
)
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.usecases.tenants.manage_senders import refresh_templates
from askfirst.web.gateway.endpoint import Addresses, GatewayEndpoint
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support import builders
from tests.support.builders import BUSINESS, grant
from tests.support.clocks import FakeClock
from tests.support.services import build_world

NUMBER = "+447700900123"
SENDER = PhoneNumberId(DEFAULT_PHONE_NUMBER_ID)
HOOK = "/webhooks/whatsapp"


@dataclass
class Town:
    """Everybody, on ports of their own."""

    services: Services
    simulator: Simulator
    client: WhatsApp
    secret: str
    address: str
    graph_url: str
    business_id: BusinessId = BUSINESS

    async def offer(self) -> str:
        sent = await asyncio.to_thread(
            self.client.send_template, NUMBER, "summer_offer", TemplateLanguage.ENGLISH_US, []
        )
        return sent.id

    async def says_yes(self) -> None:
        """A while ago: Meta tells the time of a STOP in whole seconds."""
        earlier = Instant(self.services.clock.now() - MINUTE)
        await self.services.ledger.commit(builders.change(grant(at=earlier)))


class Poster:
    """Brings the simulator's webhooks to an address that is known later."""

    connections: HttpClient

    async def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        line = await self.connections.open()
        line.send("POST", HOOK, {name.lower(): value for name, value in headers.items()}, body)
        return (await line.answer()).status


@asynccontextmanager
async def make_town(store: Store, clock: FakeClock) -> AsyncIterator[Town]:
    """Let everybody run while the block does."""
    poster = Poster()
    simulator = Simulator.with_defaults(now=time.time, entropy=os.urandom, deliver=poster)
    async with AsyncExitStack() as running:
        graph_url = await running.enter_async_context(_served(build_app(simulator)))
        connections = graph_client(f"{graph_url}/v26.0")
        running.push_async_callback(connections.close)
        services = _services(store, clock, connections, graph_url)
        secret = await _settle_in(services)
        address = await running.enter_async_context(_served(_doors(services, graph_url)))
        poster.connections = graph_client(address)
        running.push_async_callback(poster.connections.close)
        session = running.enter_context(httpx.Client())
        client = WhatsApp(phone_id=SENDER, token=secret, session=session, waba_id=DEFAULT_WABA_ID)
        session.base_url = httpx.URL(f"{address}/v23.0")
        yield Town(services, simulator, client, secret, address, graph_url)
        await simulator.courier.settle()


def _services(store: Store, clock: FakeClock, connections: HttpClient, graph_url: str) -> Services:
    now = SystemClock()
    still = build_world(store, clock).services
    source = TemplatesFromGraph(connections, now)
    return replace(
        still,
        clock=now,
        connections=connections,
        template_source=source,
        accounts=AccountsAtGraph(connections, version="v26.0"),
        media_files=MediaFilesAtMeta(parse_graph_url(graph_url), ()),
        receiver_lines=ReceiversByHttp(PublicEndpoints(now, allows_loopback=True), now),
    )


async def _settle_in(services: Services) -> str:
    business = Business(business_id=BUSINESS, name="Café Lune")
    _, secret = await create_key(
        services, business, "shop", frozenset({ApiScope.SEND, ApiScope.MANAGE})
    )
    sender = builders.sender(SENDER, waba_id=WabaId(DEFAULT_WABA_ID))
    await register_sender(services, sender, DEFAULT_TOKEN)
    assert await refresh_templates(services, BUSINESS) == 11
    return secret


def _doors(services: Services, graph_url: str) -> Router:
    metrics = Metrics()
    addresses = Addresses(graph=frozenset({graph_url.removeprefix("http://")}))
    hook = WebhookEndpoint(services, metrics, secrets=(DEFAULT_APP_SECRET,), verify_token="word")
    return Router(
        {HOOK: hook}, {}, otherwise=GatewayEndpoint(services, metrics, addresses=addresses)
    )


@asynccontextmanager
async def _served(app: Any) -> AsyncIterator[str]:
    listener = listen("127.0.0.1", 0)
    async with serving(app, listener):
        yield address_of(listener)
