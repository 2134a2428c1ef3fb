"""The whole way over real sockets: an unchanged client, the gateway, the simulator, and back."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from pywa.client import WhatsApp
from pywa.errors import ReEngagementMessage, UserStoppedMarketingMessages
from pywa.types.templates import TemplateLanguage

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.listening import address_of, listen, serving
from askfirst.bootstrap.router import Router
from askfirst.delivery.graph_client import graph_client
from askfirst.delivery.http_client import HttpClient
from askfirst.delivery.templates import TemplatesFromGraph
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import PhoneNumberId, WabaId
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
from askfirst.web.gateway.endpoint import GatewayEndpoint
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support import builders
from tests.support.builders import ANA, BUSINESS, grant
from tests.support.clocks import FakeClock
from tests.support.services import build_world
from tests.support.stores import Store

NUMBER = "+447700900123"
SENDER = PhoneNumberId(DEFAULT_PHONE_NUMBER_ID)
HOOK = "/webhooks/whatsapp"


@dataclass
class Town:
    """Everybody, on ports of their own."""

    services: Services
    simulator: Simulator
    client: WhatsApp

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


@pytest.fixture
async def town(store: Store, clock: FakeClock) -> AsyncIterator[Town]:
    poster = Poster()
    simulator = Simulator.with_defaults(now=time.time, entropy=os.urandom, deliver=poster)
    async with AsyncExitStack() as running:
        graph_url = await running.enter_async_context(_served(build_app(simulator)))
        connections = graph_client(f"{graph_url}/v26.0")
        running.push_async_callback(connections.close)
        services = _services(store, clock, connections)
        secret = await _settle_in(services)
        address = await running.enter_async_context(_served(_doors(services)))
        poster.connections = graph_client(address)
        running.push_async_callback(poster.connections.close)
        session = running.enter_context(httpx.Client())
        client = WhatsApp(phone_id=SENDER, token=secret, session=session, waba_id=DEFAULT_WABA_ID)
        session.base_url = httpx.URL(f"{address}/v23.0")
        yield Town(services, simulator, client)
        await simulator.courier.settle()


def _services(store: Store, clock: FakeClock, connections: HttpClient) -> Services:
    now = SystemClock()
    still = build_world(store, clock).services
    source = TemplatesFromGraph(connections, now)
    return replace(still, clock=now, connections=connections, template_source=source)


async def _settle_in(services: Services) -> str:
    business = Business(business_id=BUSINESS, name="Café Lune")
    _, secret = await create_key(services, business, "shop", frozenset({ApiScope.SEND}))
    sender = builders.sender(SENDER, waba_id=WabaId(DEFAULT_WABA_ID))
    await register_sender(services, sender, DEFAULT_TOKEN)
    assert await refresh_templates(services, BUSINESS) == 9
    return secret


def _doors(services: Services) -> Router:
    metrics = Metrics()
    hook = WebhookEndpoint(services, metrics, secrets=(DEFAULT_APP_SECRET,), verify_token="word")
    return Router({HOOK: hook}, {}, otherwise=GatewayEndpoint(services, metrics))


@asynccontextmanager
async def _served(app: Any) -> AsyncIterator[str]:
    listener = listen("127.0.0.1", 0)
    async with serving(app, listener):
        yield address_of(listener)


async def test_refused_then_yes_then_sent_then_stop_then_refused(town: Town) -> None:
    with pytest.raises(UserStoppedMarketingMessages) as refused:
        await town.offer()
    assert "There is no opt-in" in str(refused.value.details)
    await town.says_yes()
    assert (await town.offer()).startswith("wamid.")
    await town.simulator.courier.settle()
    await town.simulator.phones.write(NUMBER, "STOP")
    with pytest.raises(UserStoppedMarketingMessages) as stopped:
        await town.offer()
    assert "withdrew" in str(stopped.value.details)
    phone = town.simulator.world.phone(NUMBER)
    assert len(phone.inbox) == 1


async def test_a_reply_is_refused_until_the_customer_writes(town: Town) -> None:
    with pytest.raises(ReEngagementMessage):
        await asyncio.to_thread(town.client.send_message, NUMBER, "Hello")
    await town.simulator.phones.write(NUMBER, "Are you open?")
    sent = await asyncio.to_thread(town.client.send_message, NUMBER, "Until six")
    assert sent.id.startswith("wamid.")
    assert await asyncio.to_thread(town.client.mark_message_as_read, "wamid.any")


async def test_the_user_id_of_a_report_is_known_from_then_on(town: Town) -> None:
    await town.says_yes()
    await town.offer()
    await town.simulator.courier.settle()
    user_id = town.simulator.world.phone(NUMBER).user_id
    ledger = town.services.ledger
    found = await ledger.find(BUSINESS, Alias(AliasKind.BSUID, user_id))
    assert found == await ledger.find(BUSINESS, ANA)


async def test_templates_and_numbers_are_read_through(town: Town) -> None:
    listed = await asyncio.to_thread(town.client.get_templates)
    assert {template.name for template in listed} >= {"summer_offer", "order_update"}
