"""Endpoints of subscriptions: an event a POST, as CloudEvents has it, signed as Standard Webhooks.

    POST https://shop.example/askfirst
    content-type: application/cloudevents+json
    webhook-id: evt_…
    webhook-timestamp: 1768478400
    webhook-signature: v1,… v1,…

A name is resolved once for each connection, all that it resolves to must be public, and the
connection goes to the very address that was looked at. Nothing of an answer but its status counts.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from standardwebhooks.webhooks import Webhook

from askfirst.delivery.call_outs import signed_headers
from askfirst.delivery.http_client import Caution, HttpAddress, HttpClient
from askfirst.domain.consent.standing import EVERYTHING, Standing, native_stop, view
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.domain.values.timestamp import to_datetime, to_rfc3339
from askfirst.ports.events.subscriptions import ConsentChange, EndpointRefused
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown, exchange

ANSWER_SECONDS_MAX: Final = 10.0
_ANSWER_BYTES_MAX: Final = 64 * 1024
_CONNECTIONS_MAX: Final = 8
_RESOLVERS: Final = 16
"""Threads of their own: a name that nobody answers for must not hold up the names of others."""

Lookup = Callable[[str, int], Sequence[str]]
"""Gives the IP addresses of a host; it may block, and raises OSError where there are none."""


class NotPublic(OSError):
    """The host resolves to an address that must not be called."""


class PublicEndpoints:
    """See ports.events.subscriptions.Endpoints."""

    def __init__(
        self,
        clock: Clock,
        *,
        allows_loopback: bool = False,
        answer_seconds: float = ANSWER_SECONDS_MAX,
        lookup: Lookup | None = None,
    ) -> None:
        self.allows_loopback = allows_loopback
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._lookup = lookup or _addresses
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="askfirst-names")

    @asynccontextmanager
    async def reach(
        self, url: EndpointUrl, secrets: tuple[str, ...]
    ) -> AsyncIterator[PublicEndpoint]:
        """Open the way to an endpoint; connections are made as they are needed."""

        async def resolve(host: str, port: int) -> Sequence[str]:
            return await self._resolve(url, host, port)

        parts = urlsplit(url.value)
        client = HttpClient(
            HttpAddress(host=url.host, port=url.port, tls=url.is_tls, authority=parts.netloc),
            connections_max=_CONNECTIONS_MAX,
            answer_seconds=self._answer_seconds,
            caution=Caution(resolve=resolve, answer_bytes_max=_ANSWER_BYTES_MAX),
        )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        signers = tuple(Webhook(secret) for secret in secrets)
        try:
            yield PublicEndpoint(client, target, signers, self._clock)
        finally:
            await client.close()

    async def close(self) -> None:
        """End the threads; what still asks for a name is left to itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _resolve(self, url: EndpointUrl, host: str, port: int) -> Sequence[str]:
        if not url.is_tls and not self.allows_loopback:
            raise NotPublic
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._lookup, host, port)
        if not found or not all(url.may_reach(address) for address in found):
            raise NotPublic
        return found


class PublicEndpoint:
    """See ports.events.subscriptions.Endpoint."""

    def __init__(
        self, client: HttpClient, target: str, signers: tuple[Webhook, ...], clock: Clock
    ) -> None:
        self._client = client
        self._target = target
        self._signers = signers
        self._clock = clock

    async def post(self, change: ConsentChange) -> None:
        """Post it; EndpointRefused unless the answer is 2xx."""
        body = msgspec.json.encode(cloud_event(change))
        now = to_datetime(self._clock.now())
        headers = {
            "content-type": "application/cloudevents+json",
            "user-agent": "askfirst",
            **signed_headers(self._signers, change.event.event_id, now, body),
        }
        try:
            answer = await exchange(self._client, "POST", self._target, headers, body)
        except NotSent as error:
            is_private = isinstance(error.__cause__, NotPublic)
            reason = "not a public address" if is_private else "cannot connect"
            raise EndpointRefused(reason) from error
        except OutcomeUnknown as error:
            raise EndpointRefused("no answer in time") from error
        if not answer.is_success:
            raise EndpointRefused(f"answered {answer.status}")


def cloud_event(change: ConsentChange) -> dict[str, Any]:
    """Write an event as CloudEvents 1.0 has it in JSON. No number and no name is in it.

    `id` and `source` name the event; the same event is written the same at each try.
    """
    event = change.event
    return {
        "specversion": "1.0",
        "id": event.event_id,
        "source": f"/businesses/{event.business_id}",
        "type": f"askfirst.consent.{event.kind.value}",
        "subject": event.contact_id,
        "time": to_rfc3339(event.recorded_at),
        "datacontenttype": "application/json",
        "data": {
            "position": event.position,
            "kind": event.kind.value,
            "purposes": list(event.purposes),
            "surface": event.surface.value,
            "assurance": event.assurance.name.lower(),
            "number_proof": event.number_proof.name.lower(),
            "occurred_at": to_rfc3339(event.occurred_at),
            "absorbed": event.absorbed,
            **_standing_data(change.standing),
        },
    }


def _standing_data(standing: Standing) -> dict[str, Any]:
    names = {purpose.value for purpose in CONSENTED} | set(standing.scopes)
    stop = native_stop(standing, None)
    return {
        "standing": [_view_data(standing, Purpose(name)) for name in sorted(names - {EVERYTHING})],
        "natively_stopped_since": to_rfc3339(stop.at) if stop else None,
    }


def _view_data(standing: Standing, purpose: Purpose) -> dict[str, Any]:
    seen = view(standing, purpose)
    return {
        "purpose": purpose.name,
        "answer": seen.answer.value,
        "since": to_rfc3339(seen.since.at) if seen.since else None,
        "assurance": seen.assurance.name.lower() if seen.assurance else None,
        "number_proof": seen.number_proof.name.lower() if seen.number_proof else None,
    }


def _addresses(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
