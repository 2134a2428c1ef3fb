"""Servers that webhooks are forwarded to, in memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.inbound.delivery import Envelope
from askfirst.ports.events.subscriptions import EndpointRefused
from askfirst.ports.inbound.receivers import KeptWebhook
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.web.webhooks.reader import read_delivery
from tests.support.builders import ANA, SENDER, WABA
from tests.support.clocks import NOON


@dataclass(slots=True)
class FakeReceiverLines:
    """What was forwarded to each server, and what each took.

    `refuses` says why one takes nothing now, asked for each delivery; it may do something first.
    `refused` is what else a refusal says. `tokens` are the verify tokens that are known.
    """

    allows_loopback: bool = True
    refuses: Callable[[str, KeptWebhook], Awaitable[str]] | None = None
    posted: list[tuple[str, KeptWebhook]] = field(default_factory=list)
    taken: list[tuple[str, KeptWebhook]] = field(default_factory=list)
    refused: dict[str, Any] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset({"shake", "a-word-that-the-server-knows"})
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def reach(self, url: EndpointUrl) -> AsyncIterator[FakeReceiverLine]:
        yield FakeReceiverLine(self, url.value)

    def bodies(self, url: str) -> list[bytes]:
        """The bodies that a server took, in the order of taking."""
        return [webhook.body for where, webhook in self.taken if where == url]


@dataclass(frozen=True, slots=True)
class FakeReceiverLine:
    """One of them."""

    all: FakeReceiverLines
    url: str

    async def post(self, webhook: KeptWebhook) -> None:
        self.all.posted.append((self.url, webhook))
        if self.all.refuses and (reason := await self.all.refuses(self.url, webhook)):
            raise EndpointRefused(reason, **self.all.refused)
        self.all.taken.append((self.url, webhook))

    async def shake_hands(self, verify_token: str, challenge: str) -> None:
        self.all.asked.append((self.url, verify_token, challenge))
        if verify_token not in self.all.tokens:
            raise EndpointRefused("answered 403", is_answer=True)


def delivery(
    text: str = "hello",
    *,
    number: int = 1,
    sender: str = SENDER,
    account: str = WABA,
    field: str = "messages",
) -> bytes:
    """A webhook as Meta posts it: Ana writes to a sender."""
    message = {
        "from": ANA.value,
        "id": f"wamid.{number}",
        "timestamp": str(NOON // 1_000_000),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100001", "phone_number_id": sender},
        "messages": [message],
    }
    entry = {"id": account, "changes": [{"value": value, "field": field}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def both(*bodies: bytes) -> bytes:
    """Several webhooks in one POST, as Meta may put them."""
    entries = [entry for body in bodies for entry in json.loads(body)["entry"]]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def posted_name(webhook: KeptWebhook) -> str:
    """Name a delivery by its sender, its message and its signature."""
    value = json.loads(webhook.body)["entry"][0]["changes"][0]["value"]
    message = value["messages"][0]["id"]
    return f"{value['metadata']['phone_number_id']} {message} {webhook.signatures}"


SIGNATURE = "sha256=" + "0a" * 32


async def deliver(services: Services, body: bytes, signatures: str = SIGNATURE) -> None:
    """Take a webhook, as its door does."""
    heard = read_delivery(body)
    envelope = Envelope(heard.places, signatures)
    await take_webhook(services, heard.notices, body, heard.media, envelope)
