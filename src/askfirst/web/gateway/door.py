"""The gateway: Meta's own paths and bodies, with the gate in front of every message.

When it fails: whatever goes wrong becomes an error of Meta's shape. Nothing is sent unless
`send_message` sends it, and only an answer of Meta's is ever passed on as a success.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import structlog

from askfirst.domain.access import Scope as Right
from askfirst.domain.alias import Alias
from askfirst.domain.ids import BusinessId, PhoneNumberId
from askfirst.graph.answer import SendAnswer, read_answer
from askfirst.graph.outgoing import MessageKind, OutgoingMessage, read_message, with_recipient
from askfirst.usecases.authenticate import KEY_PREFIX, authenticate
from askfirst.usecases.manage_senders import find_sender, token_for_node
from askfirst.usecases.own_sender import owner_of_sender, token_for_media, token_for_sender
from askfirst.usecases.relay import relay
from askfirst.usecases.send_message import Lost, Refused, Send, Sent, conclude_send, send_message
from askfirst.usecases.services import Services
from askfirst.usecases.way_out import Answer
from askfirst.web import asgi
from askfirst.web.asgi import Receive, Scope
from askfirst.web.gateway import refusals
from askfirst.web.gateway.question import ask
from askfirst.web.gateway.refusals import DECISION_HEADER, Reply
from askfirst.web.gateway.routes import (
    MESSAGE_BYTES_MAX,
    UPLOAD_BYTES_MAX,
    Route,
    RouteKind,
    find_route,
)
from askfirst.web.gateway.smuggling import check_relay, check_send
from askfirst.web.metrics import Metrics

DOOR = "gateway"
_LEARNT_MAX = 20_000
_MESSAGE = (MESSAGE_BYTES_MAX, asgi.RECEIVE_SECONDS_MAX)
_UPLOAD = (UPLOAD_BYTES_MAX, 300.0)
_BODILESS = frozenset({"GET", "DELETE"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a business, by its key, or whoever holds a token of Meta's."""

    business_id: BusinessId | None
    meta_token: str | None = None


class GatewayDoor:
    """ASGI application."""

    def __init__(
        self, services: Services, metrics: Metrics, *, pass_through_meta_tokens: bool = False
    ) -> None:
        self._services = services
        self._metrics = metrics
        self._passes_tokens = pass_through_meta_tokens
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
        caller = await self._caller(scope)
        asgi.know_caller(scope)
        if route.kind is RouteKind.SEND:
            return await self._message(scope, receive, route, caller)
        return await self._relay(scope, receive, route, caller)

    async def _caller(self, scope: Scope) -> Caller:
        secret = asgi.bearer(scope)
        if self._passes_tokens and secret and not secret.startswith(KEY_PREFIX):
            return Caller(None, secret)
        key = await authenticate(self._services, secret, Right.SEND)
        return Caller(key.business_id)

    async def _message(self, scope: Scope, receive: Receive, route: Route, caller: Caller) -> Reply:
        body = await asgi.read_body(scope, receive, MESSAGE_BYTES_MAX)
        content_type, query = asgi.header(scope, b"content-type"), _query(scope)
        check_send(content_type, query, body)
        message = read_message(body)
        sender = PhoneNumberId(route.node)
        business_id = caller.business_id or await owner_of_sender(self._services, sender)
        if business_id is None:
            return refusals.unowned()
        token = caller.meta_token or await token_for_sender(self._services, business_id, sender)
        headers = _headers(scope, content_type or "application/json", token)
        send = (route.path + (f"?{query}" if query else ""), headers, body)
        if token is None and await find_sender(self._services, business_id, sender):
            return refusals.tokenless()
        if message.kind is MessageKind.READ_RECEIPT:
            return await self._pass_on("POST", *send) if token else refusals.unowned()
        # A sender that is not the business's goes to the gate, too: its no leaves a row.
        return await self._send(business_id, sender, message, *send)

    async def _send(
        self,
        business_id: BusinessId,
        sender: PhoneNumberId,
        message: OutgoingMessage,
        target: str,
        headers: dict[str, str],
        body: bytes,
    ) -> Reply:
        asked = await ask(self._services, business_id, sender, message)
        if asked.to:
            body = with_recipient(body, asked.to)
        send = Send(question=asked.question, target=target, headers=headers, body=body)
        outcome = await send_message(self._services, send)
        self._metrics.decision(DOOR, outcome.decision)
        match outcome:
            case Refused():
                return refusals.refusal(outcome.decision, outcome.decision_id)
            case Lost():
                return refusals.lost(outcome.decision, outcome.decision_id)
            case Sent():
                await self._conclude(outcome)
                return _relayed(outcome.answer, [(DECISION_HEADER, outcome.decision_id.encode())])

    async def _conclude(self, sent: Sent) -> None:
        """Write down what Meta said. The message has left: nothing here may hide its answer."""
        try:
            answer = SendAnswer()
            if sent.answer.is_success:
                answer = read_answer(sent.answer.body)
            message_id = answer.message_ids[0] if answer.message_ids else ""
            names = self._unlearnt(sent, answer.names())
            await conclude_send(self._services, sent, message_id, names)
            self._learnt.update(dict.fromkeys(map(partial(_pair, sent), names)))
        except Exception as error:  # noqa: BLE001 - see above
            _log_failure("outcome_not_kept", error)

    def _unlearnt(self, sent: Sent, names: tuple[Alias, ...]) -> tuple[Alias, ...]:
        """Leave out what was learnt before: Meta names the recipient in every answer."""
        if len(self._learnt) > _LEARNT_MAX:
            self._learnt.clear()
        return tuple(name for name in names if _pair(sent, name) not in self._learnt)

    async def _relay(self, scope: Scope, receive: Receive, route: Route, caller: Caller) -> Reply:
        body, method = b"", scope["method"]
        if method not in _BODILESS:
            is_file = route.kind is RouteKind.UPLOAD
            limits = _UPLOAD if is_file else _MESSAGE
            body = await asgi.read_body(scope, receive, *limits)
        content_type, query = asgi.header(scope, b"content-type"), _query(scope)
        check_relay(content_type, query, body)
        token = caller.meta_token or await self._token(route, caller)
        if token is None:
            return refusals.unowned()
        target = route.path + (f"?{query}" if query else "")
        headers = _headers(scope, content_type if body else None, token)
        return await self._pass_on(method, target, headers, body)

    async def _token(self, route: Route, caller: Caller) -> str | None:
        token = None
        if caller.business_id is None:
            return token
        if route.kind is not RouteKind.MEDIA:
            token = await token_for_node(self._services, caller.business_id, route.node)
        if token is None and route.kind in (RouteKind.MEDIA, RouteKind.OWN_OR_MEDIA):
            token = await token_for_media(self._services, caller.business_id, route.node)
        return token

    async def _pass_on(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Reply:
        return _relayed(await relay(self._services, method, target, headers, body))


def _pair(sent: Sent, name: Alias) -> tuple[object, ...]:
    return (sent.question.business_id, sent.question.recipients, name)


def _query(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return query.decode("latin-1")


def _headers(scope: Scope, content_type: str | None, token: str | None) -> dict[str, str]:
    """Give the headers that go on to Meta: few, and none that speaks of the connection."""
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
