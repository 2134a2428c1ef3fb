"""Call-outs: a signed POST to an address of the operator's, as Standard Webhooks has it.

    POST {ASKFIRST_SMS_URL}, {ASKFIRST_EVENTS_URL} or {ASKFIRST_HEAD_URL}
    webhook-id: …
    webhook-timestamp: 1768478400
    webhook-signature: v1,…

2xx means taken; a redirection is not followed. The same id again is the same message. What is
posted: a text, which an adapter of some SMS provider sends on; an event about a code; the heads of
the ledgers, for whoever keeps them where neither database nor server can reach.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final
from urllib.parse import urlsplit

import msgspec
from standardwebhooks.webhooks import Webhook

from askfirst.delivery.http_client import HttpClient, parse_address
from askfirst.domain.codes.code_event import CodeEvent
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.signing_secret import EXPECTED, is_signing_secret
from askfirst.domain.values.timestamp import to_datetime, to_rfc3339
from askfirst.ports.codes.sms import SmsNotSent, SmsUnanswered
from askfirst.ports.events.outbox import NotTaken
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown, exchange
from askfirst.ports.transparency.head import Heads

ANSWER_SECONDS_MAX: Final = 10.0
_CONNECTIONS_MAX: Final = 32


class CallOutNotTaken(Exception):
    """Nothing of it left, or the server did not take it. The message names the setting."""


class CallOutUnanswered(Exception):
    """It left, and nobody knows whether it was taken. The message names the setting."""


class SignedCallOut:
    """Posts JSON to one address, signed with one secret.

    `setting` is what the operator's settings for it begin with: `ASKFIRST_SMS` of
    `ASKFIRST_SMS_URL` and `ASKFIRST_SMS_SECRET`. Errors name them.

    Raises:
        InvalidInput: the URL or the secret is none; the error's field is the setting of it.
    """

    setting: ClassVar[str]

    def __init__(
        self, url: str, secret: str, clock: Clock, *, answer_seconds: float = ANSWER_SECONDS_MAX
    ) -> None:
        self._url_setting = f"{self.setting}_URL"
        self._client = HttpClient(
            parse_address(url, self._url_setting),
            connections_max=_CONNECTIONS_MAX,
            answer_seconds=answer_seconds,
        )
        parts = urlsplit(url)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not is_signing_secret(secret):
            raise InvalidInput(f"{self.setting}_SECRET", EXPECTED)
        self._signer = Webhook(secret)
        self._clock = clock

    async def post(self, message_id: str, body: bytes) -> None:
        """Post it; it was taken when this returns.

        Raises:
            CallOutNotTaken: nothing of it left, or the answer was not 2xx.
            CallOutUnanswered: it left, and nobody knows whether it was taken.
        """
        now = to_datetime(self._clock.now())
        signed = signed_headers((self._signer,), message_id, now, body)
        headers = {"content-type": "application/json", **signed}
        try:
            answer = await exchange(self._client, "POST", self._path, headers, body)
        except NotSent as error:
            raise CallOutNotTaken(f"{self._url_setting}: {error}") from error
        except OutcomeUnknown as error:
            raise CallOutUnanswered(f"{self._url_setting}: {error}") from error
        if not answer.is_success:
            raise CallOutNotTaken(f"{self._url_setting}: the answer was {answer.status}, not 2xx")

    async def close(self) -> None:
        """Close connections."""
        await self._client.close()


def signed_headers(
    signers: Sequence[Webhook], message_id: str, now: datetime, body: bytes
) -> dict[str, str]:
    """Return the headers of Standard Webhooks: a signature by each secret that is valid now."""
    signatures = [signer.sign(message_id, now, body.decode()) for signer in signers]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class NoSms:
    """Nobody to give a text to."""

    is_configured = False

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:  # noqa: ARG002 - the port's
        """Refuse."""
        raise SmsNotSent("ASKFIRST_SMS_URL is not set")

    async def close(self) -> None:
        """Nothing is open."""


class SmsByCallOut(SignedCallOut):
    """See ports.codes.sms.Sms. Posts `{"id":"cod_…:1","to":"+447700900123","text":"…"}`."""

    setting = "ASKFIRST_SMS"
    is_configured = True

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
        body = msgspec.json.encode({"id": message_id, "to": to.e164, "text": text})
        try:
            await self.post(message_id, body)
        except CallOutNotTaken as error:
            raise SmsNotSent(str(error)) from error
        except CallOutUnanswered as error:
            raise SmsUnanswered(str(error)) from error


class NoReceiver:
    """Nobody to tell anything."""

    is_configured = False

    async def tell(self, event: CodeEvent) -> None:  # noqa: ARG002 - the port's
        """Refuse."""
        raise NotTaken("ASKFIRST_EVENTS_URL is not set")

    async def close(self) -> None:
        """Nothing is open."""


class ReceiverByCallOut(SignedCallOut):
    """See ports.events.outbox.Receiver. The id of a call-out is the event's: `cod_…:2:delivered`.

    Posts `{"type":"code.delivered","timestamp":"…","data":{"id":"cod_…", …}}`.
    """

    setting = "ASKFIRST_EVENTS"
    is_configured = True

    async def tell(self, event: CodeEvent) -> None:
        try:
            await self.post(event.event_id, _event_body(event))
        except (CallOutNotTaken, CallOutUnanswered) as error:
            raise NotTaken(str(error)) from error


class NoHeadReceiver:
    """Nobody to tell."""

    is_configured = False

    async def tell(self, heads: Heads) -> bool:  # noqa: ARG002 - the port's
        """Tell nobody."""
        return False

    async def close(self) -> None:
        """Nothing is open."""


class HeadReceiverByCallOut(SignedCallOut):
    """See ports.transparency.head.HeadReceiver.

    Posts `{"type":"ledger.head","timestamp":"…","data":{"database":"…","heads":[{"business_id":
    "main","position":12,"leaf_hash":"…","history":"…"}]}}`.
    """

    setting = "ASKFIRST_HEAD"
    is_configured = True

    async def tell(self, heads: Heads) -> bool:
        rows = [
            {
                "business_id": business_id,
                "position": kept.head.position,
                "leaf_hash": kept.head.leaf_hash.hex(),
                "history": kept.head.history.hex(),
            }
            for business_id, kept in sorted(heads.businesses.items())
        ]
        data = {"database": heads.database, "heads": rows}
        name = hashlib.sha256(msgspec.json.encode(data)).hexdigest()[:32]
        told = {"type": "ledger.head", "timestamp": to_rfc3339(self._clock.now()), "data": data}
        try:
            await self.post(f"head_{name}", msgspec.json.encode(told))
        except (CallOutNotTaken, CallOutUnanswered):
            return False
        return True


def _event_body(event: CodeEvent) -> bytes:
    data = {
        "id": event.code_id,
        "business_id": event.business_id,
        "what": event.what.value,
        "channel": event.channel.value,
        "number": event.number,
        "reason": event.reason or None,
        "purpose": event.purpose,
        "reference": event.reference,
        "state": event.state,
    }
    kind, at = f"code.{event.what.value}", to_rfc3339(event.at)
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": data})
