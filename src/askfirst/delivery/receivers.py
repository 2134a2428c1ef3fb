"""Receivers of Meta's webhooks: each delivery as Meta posted it, to a server of the business's.

    POST https://chat.example/webhooks/whatsapp
    content-type: application/json
    x-hub-signature-256: sha256=…
    x-askfirst-delivery: whk_…
    x-askfirst-event: withdrawn;id="evt_…";contact="con_…"

Body and signature are Meta's, byte for byte. Where one POST of Meta's tells something to several
businesses, each gets its own part, signed with the same app secret. The connection is made as to
the endpoints of subscriptions, with the same checks of the address.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlencode

import msgspec

from askfirst.delivery.endpoints import PublicEndpoints, Request, ask_endpoint
from askfirst.delivery.http_client import HttpClient
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.values.timestamp import to_datetime
from askfirst.graph.inbound.own_part import own_part
from askfirst.graph.platform.signature import sign
from askfirst.ports.events.subscriptions import EndpointRefused
from askfirst.ports.inbound.receivers import KeptWebhook
from askfirst.ports.platform.clock import Clock

_AGENT: Final = {"user-agent": "askfirst"}


class ReceiversByHttp:
    """See ports.inbound.receivers.ReceiverLines.

    `secrets` are the app secrets that Meta signs with; the first one signs what is cut.
    """

    def __init__(
        self, endpoints: PublicEndpoints, clock: Clock, secrets: Sequence[bytes] = ()
    ) -> None:
        self._endpoints = endpoints
        self._clock = clock
        self._secret = secrets[0] if secrets else b""

    @property
    def allows_loopback(self) -> bool:
        """Whether servers on this machine may be named."""
        return self._endpoints.allows_loopback

    @asynccontextmanager
    async def reach(self, url: EndpointUrl) -> AsyncIterator[ReceiverByHttp]:
        """Open the way to a receiver; connections are made as they are needed."""
        async with self._endpoints.open(url) as (client, target):
            yield ReceiverByHttp(client, target, self._clock, self._secret)


class ReceiverByHttp:
    """See ports.inbound.receivers.ReceiverLine."""

    def __init__(self, client: HttpClient, target: str, clock: Clock, secret: bytes) -> None:
        self._client = client
        self._target = target
        self._clock = clock
        self._secret = secret

    async def post(self, webhook: KeptWebhook) -> None:
        """Forward it; EndpointRefused unless the answer is 2xx."""
        headers, body = forwarded(webhook, self._secret)
        now = to_datetime(self._clock.now())
        await ask_endpoint(self._client, Request("POST", self._target, headers, body), now)

    async def shake_hands(self, verify_token: str, challenge: str) -> None:
        """Ask it in Meta's way; EndpointRefused unless it repeats the challenge.

        Source: Meta, "Create a webhook endpoint", section "GET requests".
        """
        query = urlencode(
            {
                "hub.mode": "subscribe",
                "hub.challenge": challenge,
                "hub.verify_token": verify_token,
            }
        )
        target = f"{self._target}{'&' if '?' in self._target else '?'}{query}"
        now = to_datetime(self._clock.now())
        answer = await ask_endpoint(self._client, Request("GET", target, _AGENT), now)
        if not hmac.compare_digest(answer.body.strip(), challenge.encode()):
            raise EndpointRefused("did not repeat the challenge", is_answer=True)


def forwarded(webhook: KeptWebhook, secret: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body that a receiver gets: the same at each try."""
    headers = {
        "content-type": "application/json",
        **_AGENT,
        "x-askfirst-delivery": webhook.webhook_id,
        "x-askfirst-delivery-number": str(webhook.number),
    }
    if webhook.told:
        headers["x-askfirst-event"] = webhook.told
    signatures, body = webhook.signatures, webhook.body
    if not signatures:
        try:
            body = own_part(webhook.body, webhook.places)
        except msgspec.DecodeError as error:
            raise EndpointRefused("cannot be read any more") from error
        signatures = sign(body, secret)
    new, _, old = signatures.partition(" ")
    headers["x-hub-signature-256"] = new
    if old:
        headers["x-hub-signature"] = old
    return headers, body
