"""Meta's webhook: the hottest door of the house.

The signature is checked on the raw bytes before anything parses them, and 200 is said only
when everything in the body is durable and every stop in it is in force.

When it fails: nothing is acknowledged, and Meta delivers again for days.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Coroutine, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

import structlog

from askfirst.domain.inbound.delivery import Envelope
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.graph.platform.signature import verify
from askfirst.usecases.codes.handle_delivery_status import take_code_report
from askfirst.usecases.context.services import Services
from askfirst.usecases.entry_points.ask_in_chat import ask_in_chat
from askfirst.usecases.inbound.take_webhook import Taken, take_webhook
from askfirst.web.asgi import (
    BodyIncomplete,
    BodyTooLarge,
    Headers,
    Receive,
    Scope,
    Send,
    header,
    read_body,
    respond,
)
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.reader import read_delivery

BODY_BYTES_MAX: Final = 3 * 1024 * 1024
"""Meta's own limit for one delivery."""

READ_AT_ONCE_MAX: Final = 256 * 1024
"""Bytes of a body that are read in some milliseconds."""

AT_ONCE_MAX: Final = 16
"""How much of one kind is done at once after answers: a delivery may bring a thousand reports."""

_DOOR = "webhooks"
_SIGNATURE = b"x-hub-signature-256"
_OLD_SIGNATURE = b"x-hub-signature"
_OLD = re.compile(r"sha1=[0-9a-fA-F]{40}", re.ASCII)
"""Meta signs with SHA-1, too. It proves nothing here, and some receivers look for nothing else."""
_CHALLENGE = re.compile(r"[0-9]{1,64}", re.ASCII)
_JSON, _TEXT = b"application/json", b"text/plain; charset=utf-8"
_TAKEN = {"type": "http.response.body", "body": b'{"success":true}'}
_TAKEN_HEADERS: Headers = [(b"content-type", _JSON), (b"content-length", b"16")]


class Refused(Exception):
    """What came is not taken; `status` says why, `headers` what to do."""

    def __init__(self, status: int, word: str, headers: Headers | None = None) -> None:
        super().__init__(word)
        self.status = status
        self.headers = headers


class WebhookEndpoint:
    """ASGI application.

    `secrets` are the app secrets with which Meta may sign: two while one is being rotated.
    `verify_token` is the word of the handshake; without one, no handshake succeeds.
    """

    def __init__(
        self, services: Services, metrics: Metrics, *, secrets: Sequence[bytes], verify_token: str
    ) -> None:
        if not secrets or not all(secrets):
            message = "webhooks need at least one app secret, and none may be empty"
            raise ValueError(message)
        self._services = services
        self._metrics = metrics
        self._secrets = tuple(secrets)
        self._verify_token = verify_token.encode()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking = asyncio.Semaphore(AT_ONCE_MAX)
        self._reporting = asyncio.Semaphore(AT_ONCE_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await self._shake_hands(scope, send)
            return
        try:
            taken = await self._take(scope, receive)
        except Exception as error:  # noqa: BLE001 - a failure is a refusal: Meta delivers again
            await self._refuse(send, _refusal(error))
            return
        self._metrics.request(_DOOR, 200)
        if taken.events:
            self._metrics.events(_DOOR, taken.events)
        await send({"type": "http.response.start", "status": 200, "headers": _TAKEN_HEADERS})
        await send(_TAKEN)
        for arrival in taken.arrivals:
            self._afterwards(ask_in_chat(self._services, arrival), self._asking)
        for report in taken.reports:
            self._afterwards(take_code_report(self._services, report), self._reporting)

    def _afterwards(self, work: Coroutine[Any, Any, object], at_once: asyncio.Semaphore) -> None:
        """Do what Meta need not wait for; it may fail, and then it is said."""
        task = asyncio.create_task(_logged(work, at_once))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float) -> None:
        """Wait for what came after the answers, when no more come; give up what takes longer."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
            log = structlog.get_logger("askfirst")
            log.warning("afterwards_given_up", door=_DOOR, count=len(late))

    async def _take(self, scope: Scope, receive: Receive) -> Taken:
        signature = header(scope, _SIGNATURE)
        if signature is None:
            raise Refused(401, "unsigned")
        body = await read_body(scope, receive, BODY_BYTES_MAX)
        if not verify(body, signature, self._secrets):
            raise Refused(401, "wrong signature")
        # A large one in a thread, since a piece of history takes long to read.
        is_small = len(body) <= READ_AT_ONCE_MAX
        heard = read_delivery(body) if is_small else await asyncio.to_thread(read_delivery, body)
        if old := header(scope, _OLD_SIGNATURE):
            signature = _signatures(signature, old)
        envelope = Envelope(heard.places, signature)
        return await take_webhook(self._services, heard.notices, body, heard.media, envelope)

    async def _shake_hands(self, scope: Scope, send: Send) -> None:
        """Answer Meta's check of the address; it changes nothing."""
        if scope["method"] != "GET":
            await self._refuse(send, Refused(405, "use GET or POST", [(b"allow", b"GET, POST")]))
            return
        challenge = self._challenge(scope["query_string"])
        if challenge is None:
            await self._refuse(send, Refused(403, "wrong token"))
            return
        self._metrics.request(_DOOR, 200)
        await respond(send, 200, challenge, _TEXT)

    def _challenge(self, query: bytes) -> bytes | None:
        """Return what is to be repeated; only digits, so that nobody can make us say anything."""
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        asked = dict(pairs)
        given = asked.get("hub.verify_token", "").encode("utf-8", "replace")
        is_known = hmac.compare_digest(given, self._verify_token) and bool(given)
        challenge = asked.get("hub.challenge", "")
        is_whole = len(asked) == len(pairs) and asked.get("hub.mode") == "subscribe"
        if is_known and is_whole and _CHALLENGE.fullmatch(challenge):
            return challenge.encode()
        return None

    async def _refuse(self, send: Send, refusal: Refused) -> None:
        self._metrics.request(_DOOR, refusal.status)
        body = f"{refusal}\n".encode()
        await respond(send, refusal.status, body, _TEXT, refusal.headers)


def _signatures(signature: str, old: str) -> str:
    """Return what receivers may check the bytes by: as it came, and of the old one no more."""
    return f"{signature} {old}" if _OLD.fullmatch(old) else signature


async def _logged(work: Coroutine[Any, Any, object], at_once: asyncio.Semaphore) -> None:
    try:
        async with at_once:
            await work
    except Exception as error:  # noqa: BLE001 - whatever it was, the delivery is acknowledged
        log = structlog.get_logger("askfirst")
        log.warning("afterwards_failed", door=_DOOR, error=type(error).__name__)


def _refusal(error: Exception) -> Refused:
    match error:
        case Refused():
            return error
        case InvalidInput():
            return Refused(400, f"{error.field} {error.message}")
        case BodyTooLarge():
            return Refused(413, "the body is larger than 3 MB")
        case BodyIncomplete():
            return Refused(408, "the body did not arrive in time")
        case Unavailable():
            seconds = str(error.retry_after_seconds).encode()
            why = f": the database cannot be used, {error.trouble.words}" if error.trouble else ""
            return Refused(503, f"not now{why}", [(b"retry-after", seconds)])
        case _:
            log = structlog.get_logger("askfirst")
            log.error("webhook_failed", door=_DOOR, error=type(error).__name__)
            return Refused(500, "failed")
