"""The check door: may this message leave? Plain ASGI, because senders ask it before every send.

When it fails: the answer is a problem with a status of 4xx or 5xx and without a verdict; a caller
that sees no `"verdict":"allow"` must not send.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import UNSET

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, parse_node_id
from askfirst.domain.values.purpose import SERVICE, Purpose
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.contacts.read_recipient import read_recipient
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.tenants.authenticate import authenticate
from askfirst.web.api.platform.json_body import read_json_body
from askfirst.web.api.sending.models import CheckRequest, ReasonAnswer
from askfirst.web.asgi import Receive, Scope, Send, bearer, respond
from askfirst.web.metrics import Metrics
from askfirst.web.problem_answers import send_problem
from askfirst.web.problems import FieldError, InvalidFields, MethodNotAllowed, safe_path
from askfirst.web.strict_json import parse

PATH: Final = "/v1/check"
_DOOR = "check"
_JSON = b"application/json"
_NO_STORE = [(b"cache-control", b"no-store")]
_QUOTES_PER_MEMBER = 4
_UNKNOWN = re.compile(r"unknown field `(?P<key>[^`]*)`")
_PLACE = re.compile(r"at `\$\.(?P<key>[^`]*)`")
_MISSING = re.compile(r"required field `(?P<key>[^`]*)`")


class _Encoded(msgspec.Struct, frozen=True):
    """A CheckAnswer whose reasons were written beforehand."""

    verdict: Verdict
    reasons: tuple[msgspec.Raw, ...]
    purpose: str
    rule: int
    position: int
    policy: str
    retry_at: str | None


class CheckDoor:
    """ASGI application for `POST /v1/check`."""

    def __init__(self, services: Services, metrics: Metrics) -> None:
        self._services, self._metrics = services, metrics
        self._decode = msgspec.json.Decoder(CheckRequest).decode
        self._encode = msgspec.json.Encoder().encode
        self._reasons = {reason: _reason(reason) for reason in Reason}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._answer(scope, receive)
        except Exception as error:  # noqa: BLE001 - told, and raised again where nobody foresaw it
            await send_problem(send, error, self._metrics, _DOOR)
            return
        self._metrics.request(_DOOR, 200)
        await respond(send, 200, body, _JSON, _NO_STORE)

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] != "POST":
            raise MethodNotAllowed("POST")
        key = await authenticate(self._services, bearer(scope), ApiScope.CHECK)
        raw = await read_json_body(scope, receive)
        question = self._question(key.business_id, self._read(raw))
        decision = await check_send(self._services, question)
        self._metrics.decision(_DOOR, decision)
        return self._write(decision)

    def _read(self, raw: bytes) -> CheckRequest:
        """Decode fast where that is safe, strictly where it is not.

        msgspec lets the second of two equal keys win and takes an escaped NUL. A body without
        a backslash whose quotes are four per member that was understood holds neither.
        """
        try:
            request = self._decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _read_strictly(raw)
        members = sum(value is not UNSET for value in _values(request))
        if b"\\" in raw or raw.count(b'"') != _QUOTES_PER_MEMBER * members:
            return _read_strictly(raw)
        return request

    def _question(self, business_id: BusinessId, body: CheckRequest) -> SendRequest:
        """Read the names as the gateway does, so that both give one answer."""
        to = body.to if isinstance(body.to, str) else None
        recipient = body.recipient if isinstance(body.recipient, str) else None
        found = read_recipient(self._services, to, recipient)
        if not found.names:
            raise InvalidInput("to", "is needed, or recipient")
        kind, purpose = self._kind(body)
        return SendRequest(
            business_id=business_id,
            sender=PhoneNumberId(parse_node_id(body.sender, "sender")),
            recipients=found.names,
            kind=kind,
            template=body.template if isinstance(body.template, str) else "",
            language=body.language if isinstance(body.language, str) else "",
            purpose=purpose,
            country=found.country,
        )

    def _kind(self, body: CheckRequest) -> tuple[MessageKind, Purpose | None]:
        if isinstance(body.template, str):
            if isinstance(body.purpose, str):
                raise InvalidInput("purpose", "must be left out where template is given")
            if not body.template:
                raise InvalidInput("template", "must be the template's name")
            return MessageKind.TEMPLATE, None
        if isinstance(body.language, str):
            raise InvalidInput("language", "belongs to a template; leave it out")
        if not isinstance(body.purpose, str):
            raise InvalidInput("purpose", "is needed, or template")
        if body.purpose == SERVICE.name:
            return MessageKind.FREE_FORM, None
        purpose = read_purpose(self._services, body.purpose, "purpose")
        return MessageKind.PURPOSE, purpose

    def _write(self, decision: Decision) -> bytes:
        return self._encode(
            _Encoded(
                verdict=decision.verdict,
                reasons=tuple([self._reasons[reason] for reason in decision.reasons]),
                purpose=decision.purpose,
                rule=decision.rule,
                position=decision.position,
                policy=decision.policy_fingerprint,
                retry_at=None if decision.retry_at is None else to_rfc3339(decision.retry_at),
            )
        )


def _values(body: CheckRequest) -> tuple[object, ...]:
    return (body.sender, body.to, body.recipient, body.purpose, body.template, body.language)


def _reason(reason: Reason) -> msgspec.Raw:
    told = ReasonAnswer(reason.value, reason.explanation, reason.remedy)
    return msgspec.Raw(msgspec.json.encode(told))


def _read_strictly(raw: bytes) -> CheckRequest:
    tree = parse(raw)
    try:
        return msgspec.convert(tree, CheckRequest)
    except msgspec.ValidationError as error:
        raise InvalidFields((_field_error(str(error)),)) from error


def _field_error(words: str) -> FieldError:
    """Say it in our words: msgspec's may hold what was sent."""
    if found := _UNKNOWN.search(words):
        return FieldError(safe_path("", found["key"]) or "body", "is not known here")
    if found := _MISSING.search(words):
        return FieldError(found["key"], "is needed")
    if found := _PLACE.search(words):
        return FieldError(found["key"], "must be a text")
    return FieldError("body", "must be an object")
