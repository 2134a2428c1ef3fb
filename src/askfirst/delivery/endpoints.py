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
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from standardwebhooks.webhooks import Webhook

from askfirst.delivery.call_outs import signed_headers
from askfirst.delivery.http_client import Caution, HttpAddress, HttpClient
from askfirst.domain.brakes.brake import BrakeChange
from askfirst.domain.consent.receipt import choice_words
from askfirst.domain.consent.standing import EVERYTHING, Standing, native_stop, view
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.domain.values.timestamp import Instant, to_datetime, to_rfc3339
from askfirst.ports.events.subscriptions import ConsentChange, EndpointRefused
from askfirst.ports.events.template_notices import TemplateNotice
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown, exchange

ANSWER_SECONDS_MAX: Final = 10.0
_ANSWER_BYTES_MAX: Final = 64 * 1024
_DIGITS_MAX: Final = 9
_CONNECTIONS_MAX: Final = 8
RESTS_SECONDS: Final = 1.5
"""Shorter than servers keep connections that rest, so that none is closed under a delivery."""
_RESOLVERS: Final = 16
"""Threads of their own: a name that nobody answers for must not hold up the names of others."""

Lookup = Callable[[str, int], Sequence[str]]
"""Gives the IP addresses of a host; it may block, and raises OSError where there are none."""


class NotPublic(OSError):
    """The host resolves to an address that must not be called."""


class KeptClients:
    """Clients that rest for a moment after use, so that who comes next finds a connection.

    Bursts are forwarded in turns, and a connection to a server of somebody else's costs a look-up
    of its name and a handshake. Not for long: servers close connections that rest. A client has
    one user at a time, so that nobody waits behind the deliveries of somebody else.
    """

    def __init__(self, seconds: float = RESTS_SECONDS) -> None:
        self._seconds = seconds
        self._resting: dict[str, tuple[HttpClient, asyncio.TimerHandle]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lend(self, key: str, make: Callable[[], HttpClient]) -> AsyncIterator[HttpClient]:
        """Lend the client that rests under a key, or a new one."""
        client = self._take(key) or make()
        try:
            yield client
        except BaseException:
            await client.close()
            raise
        if key in self._resting or not self._seconds:
            await client.close()
        else:
            end = asyncio.get_running_loop().call_later(self._seconds, self._end, key)
            self._resting[key] = (client, end)

    async def close(self) -> None:
        """Close those that rest; those that are in use are closed after it."""
        self._seconds = 0.0
        for key in list(self._resting):
            self._end(key)
        await asyncio.gather(*self._closing)

    def _take(self, key: str) -> HttpClient | None:
        found = self._resting.pop(key, None)
        if found is None:
            return None
        client, end = found
        end.cancel()
        return client

    def _end(self, key: str) -> None:
        client = self._take(key)
        if client is not None:
            closing = asyncio.create_task(client.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


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
        self._kept = KeptClients()

    @asynccontextmanager
    async def reach(
        self, url: EndpointUrl, secrets: tuple[str, ...]
    ) -> AsyncIterator[PublicEndpoint]:
        """Open the way to an endpoint; connections are made as they are needed."""
        signers = tuple(Webhook(secret) for secret in secrets)
        async with self.open(url) as (client, target):
            yield PublicEndpoint(client, target, signers, self._clock)

    @asynccontextmanager
    async def open(self, url: EndpointUrl) -> AsyncIterator[tuple[HttpClient, str]]:
        """Open a client that calls no address but public ones; gives the target at it, too."""
        parts = urlsplit(url.value)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        async with self._kept.lend(url.value, partial(self._client, url)) as client:
            yield client, target

    def _client(self, url: EndpointUrl) -> HttpClient:
        async def resolve(host: str, port: int) -> Sequence[str]:
            return await self._resolve(url, host, port)

        authority = urlsplit(url.value).netloc
        return HttpClient(
            HttpAddress(host=url.host, port=url.port, tls=url.is_tls, authority=authority),
            connections_max=_CONNECTIONS_MAX,
            answer_seconds=self._answer_seconds,
            caution=Caution(resolve=resolve, answer_bytes_max=_ANSWER_BYTES_MAX),
        )

    async def close(self) -> None:
        """Close connections, and end the threads; what still asks for a name is left to itself."""
        await self._kept.close()
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
        await self._post(cloud_event(change))

    async def announce(self, notice: TemplateNotice) -> None:
        """Post it; EndpointRefused unless the answer is 2xx."""
        await self._post(template_event(notice))

    async def tell(self, message: HeldMessage) -> None:
        """Post it; EndpointRefused unless the answer is 2xx."""
        await self._post(held_event(message))

    async def post_brake(self, change: BrakeChange) -> None:
        """Post it; EndpointRefused unless the answer is 2xx."""
        await self._post(brake_cloud_event(change))

    async def _post(self, told: Mapping[str, Any]) -> None:
        body = msgspec.json.encode(told)
        now = to_datetime(self._clock.now())
        headers = {
            "content-type": "application/cloudevents+json",
            "user-agent": "askfirst",
            **signed_headers(self._signers, told["id"], now, body),
        }
        await ask_endpoint(self._client, Request("POST", self._target, headers, body), now)


class Request(NamedTuple):
    """What an endpoint is asked."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


async def ask_endpoint(client: HttpClient, request: Request, now: datetime) -> Answer:
    """Ask; EndpointRefused unless the answer is 2xx."""
    try:
        answer = await exchange(client, *request)
    except NotSent as error:
        is_private = isinstance(error.__cause__, NotPublic)
        reason = "not a public address" if is_private else "cannot connect"
        raise EndpointRefused(reason) from error
    except OutcomeUnknown as error:
        raise EndpointRefused("no answer in time") from error
    if not answer.is_success:
        raise EndpointRefused(
            f"answered {answer.status}",
            is_answer=True,
            is_gone=answer.status == HTTPStatus.GONE,
            retry_after=seconds_of(answer.retry_after, now),
        )
    return answer


def seconds_of(retry_after: str, now: datetime) -> int | None:
    """Read Retry-After: seconds, or a date (RFC 9110, section 10.2.3); None: it says nothing."""
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:_DIGITS_MAX])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, int((aware - now).total_seconds()))


def cloud_event(change: ConsentChange) -> dict[str, Any]:
    """Write an event as CloudEvents 1.0 has it in JSON. No number and no name is in it.

    `id` and `source` name the event; the same event is written the same at each try.
    """
    event = change.event
    return _enveloped(
        name=event.event_id,
        business_id=event.business_id,
        kind=f"askfirst.consent.{event.kind.value}",
        subject=event.contact_id,
        at=event.recorded_at,
        data={
            "position": event.position,
            "kind": event.kind.value,
            "purposes": list(event.purposes),
            "surface": event.surface.value,
            "assurance": event.assurance.name.lower(),
            "number_proof": event.number_proof.name.lower(),
            "occurred_at": to_rfc3339(event.occurred_at),
            "absorbed": event.absorbed,
            **choice_words(event),
            **_standing_data(change.standing),
        },
    )


def _enveloped(
    *,
    name: str,
    business_id: BusinessId,
    kind: str,
    subject: str,
    at: Instant,
    data: dict[str, Any],
) -> dict[str, Any]:
    """Put what is told into the envelope of CloudEvents 1.0; `name` is the same at each try."""
    return {
        "specversion": "1.0",
        "id": name,
        "source": f"/businesses/{business_id}",
        "type": kind,
        "subject": subject,
        "time": to_rfc3339(at),
        "datacontenttype": "application/json",
        "data": data,
    }


def template_event(notice: TemplateNotice) -> dict[str, Any]:
    """Write a change of a template's category in the same way; it is about nobody."""
    return _enveloped(
        name=notice.notice_id,
        business_id=notice.business_id,
        kind="askfirst.template.category_changed",
        subject=notice.name,
        at=notice.changed_at,
        data={
            "name": notice.name,
            "language": notice.language,
            "waba_id": notice.waba_id,
            "previous_category": notice.previous_category.value,
            "category": notice.category.value,
        },
    )


def held_event(message: HeldMessage) -> dict[str, Any]:
    """Write how a held message ended. No number is in it, nor Meta's id, which tells one."""
    ended_at = message.ended_at or message.due_at
    return _enveloped(
        name=f"{message.held_id}:{message.state.value}",
        business_id=message.business_id,
        kind=f"askfirst.held.{message.state.value}",
        subject=message.contact_id,
        at=ended_at,
        data={
            "id": message.held_id,
            "state": message.state.value,
            "reason": message.reason or None,
            "sender": message.sender,
            "purpose": message.purpose,
            "campaign": message.campaign or None,
            "decision_id": message.decision_id,
            "held_at": to_rfc3339(message.held_at),
            "expires_at": to_rfc3339(message.expires_at),
        },
    )


def brake_cloud_event(change: BrakeChange) -> dict[str, Any]:
    """Write what happened to a brake as CloudEvents 1.0 has it in JSON."""
    brake = change.brake
    return _enveloped(
        name=change.change_id,
        business_id=brake.business_id,
        kind=f"askfirst.brake.{change.step.value}",
        subject=brake.brake_id,
        at=change.at,
        data={
            "scope": brake.subject.scope.value,
            "name": brake.subject.name,
            "holds": brake.holds.value,
            "colour": brake.colour.value,
            "cause": brake.cause.value,
            "detail": brake.detail,
            "since": to_rfc3339(brake.since),
            "lifts_at": to_rfc3339(brake.lifts_at) if brake.lifts_at is not None else None,
            "by": change.by,
            "reason": change.reason,
        },
    )


def _standing_data(standing: Standing) -> dict[str, Any]:
    names = {purpose.value for purpose in CONSENTED} | set(standing.scopes) | set(standing.pauses)
    stop, doubt = native_stop(standing, None), standing.doubt
    return {
        "standing": [_view_data(standing, Purpose(name)) for name in sorted(names - {EVERYTHING})],
        "natively_stopped_since": to_rfc3339(stop.at) if stop else None,
        "doubted_since": to_rfc3339(doubt.mark.at) if doubt else None,
        **_frequency_data(standing),
    }


def _view_data(standing: Standing, purpose: Purpose) -> dict[str, Any]:
    seen = view(standing, purpose)
    return {
        "purpose": purpose.name,
        "answer": seen.answer.value,
        "since": to_rfc3339(seen.since.at) if seen.since else None,
        "assurance": seen.assurance.name.lower() if seen.assurance else None,
        "number_proof": seen.number_proof.name.lower() if seen.number_proof else None,
        **_pause_data(standing, purpose),
    }


def _frequency_data(standing: Standing) -> dict[str, Any]:
    """Tell how often at most, where the person chose."""
    chosen = standing.frequency
    return {"frequency": {"count": chosen.count, "days": chosen.days}} if chosen else {}


def _pause_data(standing: Standing, purpose: Purpose) -> dict[str, Any]:
    """Tell until when, where the person paused it: that may be over when it is read."""
    pause = standing.pauses.get(purpose.name)
    return {"paused_until": to_rfc3339(pause.until)} if pause else {}


def _addresses(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
