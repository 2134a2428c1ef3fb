"""The gateway: Meta's own paths and bodies, with the gate in front of every message.

When it fails: whatever goes wrong becomes an error of Meta's shape. Nothing is sent unless
`send_message` sends it, and only an answer of Meta's is ever passed on as a success.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import structlog

from askfirst.domain.inbound.named_media import is_media_id
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.graph.sending.outgoing import MessageKind, OutgoingMessage, understand
from askfirst.graph.sending.send_answer import SendAnswer, read_answer, read_error_code, read_upload
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.graph_responses import Answer
from askfirst.usecases.sending.meta_tokens import MetaTokens
from askfirst.usecases.sending.node_ownership import (
    note_upload,
    owner_of_sender,
    token_for_media,
    token_for_sender,
)
from askfirst.usecases.sending.proxy_request import new_salt, relay
from askfirst.usecases.sending.send_message import (
    Refused,
    Send,
    Sent,
    UnknownOutcome,
    conclude_send,
    send_message,
)
from askfirst.usecases.tenants.authenticate import KEY_PREFIX, authenticate
from askfirst.usecases.tenants.manage_senders import find_sender, token_for_node
from askfirst.web import asgi
from askfirst.web.asgi import Receive, Scope
from askfirst.web.gateway import refusals
from askfirst.web.gateway.bodies import JSON, read_fields
from askfirst.web.gateway.question import ask
from askfirst.web.gateway.refusals import DECISION_HEADER, Reply
from askfirst.web.gateway.rewriting import rewrite_body, rewrite_target
from askfirst.web.gateway.routes import (
    MESSAGE_BYTES_MAX,
    UPLOAD_BYTES_MAX,
    Route,
    RouteKind,
    find_route,
)
from askfirst.web.metrics import Metrics

DOOR = "gateway"
_LEARNT_MAX = 20_000
_MESSAGE = (MESSAGE_BYTES_MAX, asgi.RECEIVE_SECONDS_MAX)
_UPLOAD = (UPLOAD_BYTES_MAX, 300.0)
_BODILESS = frozenset({"GET", "DELETE"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a business, by its key, or whoever Meta shows the node to, by their token."""

    business_id: BusinessId | None
    meta_token: str | None = None


class GatewayEndpoint:
    """ASGI application."""

    def __init__(
        self, services: Services, metrics: Metrics, *, pass_through_meta_tokens: bool = False
    ) -> None:
        self._services = services
        self._metrics = metrics
        self._tokens = MetaTokens(services) if pass_through_meta_tokens else None
        self._learnt: dict[tuple[object, ...], None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: asgi.Send) -> None:
        try:
            reply = await self._reply(scope, receive)
        except Exception as error:  # noqa: BLE001 - a failure is a refusal, never an allow
            reply = refusals.reply_to(error)
            if reply.status == HTTPStatus.INTERNAL_SERVER_ERROR:  # not one that we know
                _log_failure("call_failed", error)
        self._metrics.request(DOOR, reply.status)
        await asgi.respond(send, reply.status, reply.body, reply.content_type, reply.headers)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        route = find_route(scope["method"], path)
        if route is None:
            return refusals.not_allowed()
        caller = await self._caller(scope, route)
        asgi.know_caller(scope)
        if route.kind is RouteKind.SEND:
            return await self._message(scope, receive, route, caller)
        return await self._relay(scope, receive, route, caller)

    async def _caller(self, scope: Scope, route: Route) -> Caller:
        secret = asgi.bearer(scope)
        if self._tokens is not None and secret and not secret.startswith(KEY_PREFIX):
            await self._tokens.check(secret, route.node)
            return Caller(None, secret)
        key = await authenticate(self._services, secret, ApiScope.SEND)
        return Caller(key.business_id)

    async def _message(self, scope: Scope, receive: Receive, route: Route, caller: Caller) -> Reply:
        body = await asgi.read_body(scope, receive, MESSAGE_BYTES_MAX)
        message = understand(read_fields(asgi.header(scope, b"content-type"), body))
        target = rewrite_target(route, "POST", _query(scope))
        sender = PhoneNumberId(route.node)
        business_id = caller.business_id or await owner_of_sender(self._services, sender)
        if business_id is None:
            return refusals.unowned()
        token = caller.meta_token or await token_for_sender(self._services, business_id, sender)
        headers = _headers(scope, JSON, token)
        if token is None and await find_sender(self._services, business_id, sender):
            return refusals.tokenless()
        if message.kind is MessageKind.READ_RECEIPT:
            if token is None:
                return refusals.unowned()
            return _relayed(await relay(self._services, "POST", target, headers, message.body))
        # A sender that is not the business's goes to the gate, too: its no leaves a row.
        return await self._send(business_id, sender, message, target, headers)

    async def _send(
        self,
        business_id: BusinessId,
        sender: PhoneNumberId,
        message: OutgoingMessage,
        target: str,
        headers: dict[str, str],
    ) -> Reply:
        asked = await ask(self._services, business_id, sender, message)
        body = message.body_to(asked.to) if asked.to else message.body
        send = Send(question=asked.question, target=target, headers=headers, body=body)
        outcome = await send_message(self._services, send)
        self._metrics.decision(DOOR, outcome.decision)
        match outcome:
            case Refused():
                return refusals.refusal(outcome.decision, outcome.decision_id)
            case UnknownOutcome():
                return refusals.lost(outcome.decision, outcome.decision_id)
            case Sent():
                await self._conclude(outcome)
                return _relayed(outcome.answer, [(DECISION_HEADER, outcome.decision_id.encode())])

    async def _conclude(self, sent: Sent) -> None:
        """Write down what Meta said, and let count what it says of the person.

        The message has left: nothing here may hide Meta's answer.
        """
        try:
            answer = SendAnswer()
            if sent.answer.is_success:
                answer = read_answer(sent.answer.body)
            message_id = answer.message_ids[0] if answer.message_ids else ""
            code = 0 if message_id else read_error_code(sent.answer.body)
            names = self._unlearnt(sent, answer.names())
            await conclude_send(self._services, sent, message_id, names, code)
            self._learnt.update(dict.fromkeys(map(partial(_pair, sent), names)))
        except Exception as error:  # noqa: BLE001 - see above
            _log_failure("outcome_not_kept", error)

    def _unlearnt(self, sent: Sent, names: tuple[Alias, ...]) -> tuple[Alias, ...]:
        """Leave out what was learnt before: Meta names the recipient in every answer."""
        if len(self._learnt) > _LEARNT_MAX:
            self._learnt.clear()
        return tuple(name for name in names if _pair(sent, name) not in self._learnt)

    async def _relay(self, scope: Scope, receive: Receive, route: Route, caller: Caller) -> Reply:
        method, body, kind = scope["method"], b"", None
        target = rewrite_target(route, method, _query(scope))
        token = caller.meta_token or await self._token(route, caller)
        if token is None:
            is_file = route.kind in (RouteKind.MEDIA, RouteKind.OWN_OR_MEDIA)
            return refusals.unknown_media() if is_file else refusals.unowned()
        if method not in _BODILESS:
            limits = _UPLOAD if route.kind is RouteKind.UPLOAD else _MESSAGE
            body = await asgi.read_body(scope, receive, *limits)
            kind, body = await self._rewritten(route, asgi.header(scope, b"content-type"), body)
        headers = _headers(scope, kind, token)
        answer = await relay(self._services, method, target, headers, body)
        if route.kind is RouteKind.UPLOAD and answer.is_success:
            await self._note_upload(route, caller, answer)
        return _relayed(answer)

    async def _rewritten(
        self, route: Route, content_type: str | None, body: bytes
    ) -> tuple[str, bytes]:
        """Write a body anew; a large file is gone through in a thread, so that nobody waits."""
        salt = new_salt(self._services)
        if len(body) > MESSAGE_BYTES_MAX:
            return await asyncio.to_thread(rewrite_body, route, content_type, body, salt)
        return rewrite_body(route, content_type, body, salt)

    async def _note_upload(self, route: Route, caller: Caller, answer: Answer) -> None:
        """Keep whose the file is. It is at Meta already: nothing here may hide the answer."""
        try:
            sender, media_id = PhoneNumberId(route.node), read_upload(answer.body)
            business_id = caller.business_id or await owner_of_sender(self._services, sender)
            if business_id is not None and is_media_id(media_id):
                await note_upload(self._services, business_id, sender, media_id)
        except Exception as error:  # noqa: BLE001 - see above
            _log_failure("upload_not_kept", error)

    async def _token(self, route: Route, caller: Caller) -> str | None:
        token = None
        if caller.business_id is None:
            return token
        if route.kind is not RouteKind.MEDIA:
            token = await token_for_node(self._services, caller.business_id, route.node)
        if token is None and route.kind in (RouteKind.MEDIA, RouteKind.OWN_OR_MEDIA):
            token = await token_for_media(self._services, caller.business_id, route.node)
        return token


def _pair(sent: Sent, name: Alias) -> tuple[object, ...]:
    return (sent.question.business_id, sent.question.recipients, name)


def _query(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return query.decode("latin-1")


def _headers(scope: Scope, content_type: str | None, token: str | None) -> dict[str, str]:
    """Return the headers that go on to Meta: few, and none that speaks of the connection."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if content_type is not None:
        headers["content-type"] = content_type
    agent = asgi.header(scope, b"user-agent")
    if agent is not None:
        headers["user-agent"] = agent
    return headers


def _relayed(answer: Answer, headers: asgi.Headers | None = None) -> Reply:
    return Reply(answer.status, answer.body, answer.content_type.encode("latin-1"), headers)


def _log_failure(event: str, error: Exception) -> None:
    """Say what failed and where, never with what: messages of errors may hold numbers."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else ""
    structlog.get_logger("askfirst").error(event, door=DOOR, error=type(error).__name__ + where)
