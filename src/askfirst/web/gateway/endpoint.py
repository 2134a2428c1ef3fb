"""The gateway: Meta's own paths and bodies, with the gate in front of every message.

When it fails: whatever goes wrong becomes an error of Meta's shape. Nothing is sent unless
`send_message` sends it, and only an answer of Meta's is ever passed on as a success.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Literal

import structlog

from askfirst.domain.inbound.named_media import is_media_id
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import NotPermitted
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.graph.known.field import Known
from askfirst.graph.known.flow import FlowDraft
from askfirst.graph.known.number import NumberChange
from askfirst.graph.known.template_draft import TemplateDraft
from askfirst.graph.sending.outgoing import MessageKind, OutgoingMessage, understand
from askfirst.graph.sending.send_answer import SendAnswer, read_answer, read_error_code, read_upload
from askfirst.graph.sending.voice_call import understand_call
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.graph_responses import Answer
from askfirst.usecases.sending.meta_tokens import MetaTokens
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.patience import Patience
from askfirst.usecases.sending.proxy_request import new_salt, relay
from askfirst.usecases.sending.send_message import Lesson, learn, note_outcome
from askfirst.usecases.sending.smoothing import Smoother, send_smoothly
from askfirst.usecases.tenants.authenticate import KEY_PREFIX, find_key
from askfirst.usecases.tenants.find_node import (
    NodeKind,
    OwnedNode,
    any_token,
    find_flow,
    find_node,
)
from askfirst.usecases.tenants.manage_senders import refresh_templates, token_for_node
from askfirst.usecases.tenants.node_ownership import (
    note_upload,
    owner_of_account,
    owner_of_sender,
    token_for_sender,
)
from askfirst.usecases.tenants.read_senders import find_sender
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web import asgi
from askfirst.web.asgi import Receive, Scope
from askfirst.web.gateway import refusals
from askfirst.web.gateway.answers import GRAPH_HOST, Rewriter
from askfirst.web.gateway.blocks import change_blocks
from askfirst.web.gateway.bodies import JSON, read_fields
from askfirst.web.gateway.calling import (
    Caller,
    GatewayCall,
    base_of,
    headers_of,
    read_credential,
    relayed,
)
from askfirst.web.gateway.files import serve_file, show_file
from askfirst.web.gateway.held import HOLD_HEADER, hold, read_latest
from askfirst.web.gateway.question import (
    CAMPAIGN_HEADER,
    TOPIC_HEADER,
    ask,
    read_campaign,
    read_topic,
)
from askfirst.web.gateway.refusals import DECISION_HEADER, Reply
from askfirst.web.gateway.rewriting import UPLOADED, rewrite_body, rewrite_target
from askfirst.web.gateway.routes import (
    MESSAGE_BYTES_MAX,
    UPLOAD_BYTES_MAX,
    Route,
    RouteKind,
    find_route,
)
from askfirst.web.gateway.subscribed_apps import answer_subscribed_apps
from askfirst.web.gateway.token_debugging import debug_token
from askfirst.web.gateway.uploads import take_upload
from askfirst.web.metrics import Metrics

DOOR = "gateway"
_LEARNT_MAX = 20_000
_MESSAGE = (MESSAGE_BYTES_MAX, asgi.RECEIVE_SECONDS_MAX)
_UPLOAD = (UPLOAD_BYTES_MAX, 300.0)
_BODILESS = frozenset({"GET", "DELETE"})
_SIGNED = frozenset({RouteKind.FILE, RouteKind.PIECE})
_SHAPES: Mapping[NodeKind, type[Known]] = {
    NodeKind.OWN: NumberChange,
    NodeKind.TEMPLATE: TemplateDraft,
    NodeKind.FLOW: FlowDraft,
}
"""What may be posted to a bare id, by what it names."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are reached.

    `gateway`: this face, from outside; "" for whatever a client called. `graph`: hosts of the Graph
    API, with ports, beside Meta's own. `shows_metas`: who shows Meta's token gets Meta's address of
    a file.
    """

    gateway: str = ""
    graph: frozenset[str] = frozenset()
    shows_metas: bool = False


class GatewayEndpoint:
    """ASGI application."""

    def __init__(
        self,
        services: Services,
        metrics: Metrics,
        *,
        pass_through_meta_tokens: bool = False,
        smoothing_seconds: float = 0,
        addresses: Addresses = Addresses(),
    ) -> None:
        self._services = services
        self._metrics = metrics
        self._tokens = MetaTokens(services) if pass_through_meta_tokens else None
        self._gateway_url = addresses.gateway
        self._graph_hosts = addresses.graph | {GRAPH_HOST}
        self._shows_metas_address = addresses.shows_metas
        self._smoother = Smoother(round(smoothing_seconds * SECOND))
        self._learnt: dict[tuple[object, ...], None] = {}
        self._concluding: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: asgi.Send) -> None:
        try:
            reply = await self._reply(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - a failure is a refusal, never an allow
            reply = refusals.reply_to(error)
            if reply.status == HTTPStatus.INTERNAL_SERVER_ERROR:  # not one that we know
                _log_failure("call_failed", error)
        self._metrics.request(DOOR, reply.status)
        if not reply.is_sent:
            await asgi.respond(send, reply.status, reply.body, reply.content_type, reply.headers)

    async def _reply(self, scope: Scope, receive: Receive, send: asgi.Send) -> Reply:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        route, credential = find_route(scope["method"], path), read_credential(scope)
        if route is None:
            if credential.secret.startswith(KEY_PREFIX):  # who shows a wrong one hears of that
                await find_key(self._services, credential.secret)
            return refusals.not_allowed()
        patience = Patience()
        caller = await patience.give(self._caller(credential.secret, route))
        asgi.know_caller(scope)
        base = self._gateway_url or base_of(scope, show_site(self._services).public_url)
        call = GatewayCall(scope, receive, route, caller, credential, base)
        match route.kind:
            case RouteKind.SEND | RouteKind.CALL:
                return await self._message(call, patience)
            case RouteKind.WEBHOOKS:
                return await answer_subscribed_apps(self._services, call)
            case RouteKind.GROUP:
                return refusals.no_groups()
            case RouteKind.FILE:
                return await serve_file(self._services, call, send)
            case RouteKind.SESSION | RouteKind.PIECE:
                return await take_upload(self._services, call)
            case RouteKind.DEBUG_TOKEN if caller.business_id is not None:
                return await debug_token(self._services, caller.business_id, credential.query)
            case _:
                return await self._relay(call)

    async def _caller(self, secret: str, route: Route) -> Caller:
        if self._tokens is not None and secret and not secret.startswith(KEY_PREFIX):
            if not route.node:
                raise NotPermitted("the call needs an askfirst key", needed=ApiScope.SEND.value)
            if route.kind not in _SIGNED:  # who holds a signed address was let in when they got it
                await self._tokens.check(secret, route.node)
            return Caller(None, secret)
        key = await find_key(self._services, secret)
        if key.scopes.isdisjoint(route.scopes):
            needed = ApiScope.SEND if ApiScope.SEND in route.scopes else ApiScope.MANAGE
            raise NotPermitted(f"the key lacks the scope {needed.value}", needed=needed.value)
        return Caller(key.business_id, key_id=key.key_id, scopes=key.scopes)

    async def _message(self, call: GatewayCall, patience: Patience) -> Reply:
        scope, route = call.scope, call.route
        body = await asgi.read_body(scope, call.receive, MESSAGE_BYTES_MAX)
        message = _understood(route, asgi.header(scope, b"content-type"), body)
        target = rewrite_target(route, "POST", call.credential.query)
        speaker = await patience.give(self._speaker(call))
        if isinstance(speaker, Reply):
            return speaker
        business_id, token = speaker
        headers = headers_of(scope, JSON, token)
        if message.kind is MessageKind.READ_RECEIPT:
            if token is None:
                return refusals.unowned()
            answer = await relay(self._services, "POST", target, headers, message.body)
            return self._cleaned(call, relayed(answer), token)
        # A sender that is not the business's goes to the gate, too: its no leaves a row.
        campaign = read_campaign(asgi.header(scope, CAMPAIGN_HEADER))
        # A call is made now or not at all.
        asked_for = asgi.header(scope, HOLD_HEADER) if route.kind is RouteKind.SEND else None
        latest = read_latest(self._services, asked_for, call.caller.meta_token)
        topic = read_topic(self._services, asgi.header(scope, TOPIC_HEADER), message)
        sender = PhoneNumberId(route.node)
        asking = ask(self._services, business_id, sender, message, campaign, topic)
        asked = await patience.give(asking)
        body = message.body_to(asked.to) if asked.to else message.body
        send = Send(question=asked.question, target=target, headers=headers, body=body)
        reply = await self._send(send, latest, patience)
        return reply if reply.status == HTTPStatus.OK else self._cleaned(call, reply, token)

    async def _speaker(self, call: GatewayCall) -> tuple[BusinessId, str | None] | Reply:
        """Find whose sender it is, and the token to speak for it; None: the gate says no."""
        caller, sender = call.caller, PhoneNumberId(call.route.node)
        business_id = caller.business_id or await owner_of_sender(self._services, sender)
        if business_id is None:
            return refusals.unowned()
        token = caller.meta_token or await token_for_sender(self._services, business_id, sender)
        if token is None and await find_sender(self._services, business_id, sender):
            return refusals.tokenless()
        return business_id, token

    async def _send(self, send: Send, latest: Instant | Literal[0], patience: Patience) -> Reply:
        outcome = await send_smoothly(self._services, self._smoother, send, patience)
        self._metrics.decision(DOOR, outcome.decision)
        match outcome:
            case Refused():
                refused = (outcome.decision, outcome.decision_id, outcome.decided_at)
                held = await patience.give(hold(self._services, send, outcome, latest))
                return held or refusals.refusal(*refused)
            case UnknownOutcome():
                return refusals.lost(outcome.decision, outcome.decision_id)
            case Sent():
                await self._conclude_soon(outcome)
                return relayed(outcome.answer, [(DECISION_HEADER, outcome.decision_id.encode())])

    async def _conclude_soon(self, sent: Sent) -> None:
        """Wait until it is written down, but not for ever: Meta's answer belongs to the caller."""
        learning = self._conclude(sent)
        if learning is None:
            return
        concluding = asyncio.create_task(learning)
        self._concluding.add(concluding)
        concluding.add_done_callback(self._concluding.discard)
        await asyncio.wait({concluding}, timeout=Patience().left)

    def _conclude(self, sent: Sent) -> Coroutine[Any, Any, None] | None:
        """Write down what Meta said; return what is left to do where it says something new.

        The message has left: nothing here may hide Meta's answer.
        """
        try:
            answer = SendAnswer()
            if sent.answer.is_success:
                answer = read_answer(sent.answer.body)
            message_id = answer.message_ids[0] if answer.message_ids else ""
            code = 0 if message_id else read_error_code(sent.answer.body)
            names: tuple[Alias, ...] = ()
            if not answer.says_nothing_new(sent.question.recipients):
                names = self._unlearnt(sent, answer.names())
            lesson = note_outcome(self._services, sent, message_id, names, code)
            if lesson is not None:
                return self._learn(lesson, names)
            if names:
                self._remember(sent, names)
        except Exception as error:  # noqa: BLE001 - see above
            _log_failure("outcome_not_kept", error)
        return None

    async def _learn(self, lesson: Lesson, names: tuple[Alias, ...]) -> None:
        """Let count what Meta's answer says of the person: again, nothing may hide it."""
        try:
            await learn(self._services, lesson)
            self._remember(lesson.sent, names)
        except Exception as error:  # noqa: BLE001 - see above
            _log_failure("outcome_not_kept", error)

    def _remember(self, sent: Sent, names: tuple[Alias, ...]) -> None:
        self._learnt.update(dict.fromkeys(map(partial(_pair, sent), names)))

    def _unlearnt(self, sent: Sent, names: tuple[Alias, ...]) -> tuple[Alias, ...]:
        """Leave out what was learnt before: Meta names the recipient in every answer."""
        if len(self._learnt) > _LEARNT_MAX:
            self._learnt.clear()
        return tuple(name for name in names if _pair(sent, name) not in self._learnt)

    async def _relay(self, call: GatewayCall) -> Reply:
        route, method = call.route, call.route.method
        target = rewrite_target(route, method, call.credential.query)
        node = await self._find(call)
        if node is None:
            is_bare = route.kind is RouteKind.NODE
            return refusals.unknown_node() if is_bare else refusals.unowned()
        if not _may(call, node):
            return refusals.unknown_node()
        if route.kind is RouteKind.BLOCK:
            answer = await change_blocks(self._services, call, node.token)
            return self._cleaned(call, relayed(answer), node.token)
        kind, body = None, b""
        if method not in _BODILESS:
            limits = _UPLOAD if route.edge in UPLOADED else _MESSAGE
            body = await asgi.read_body(call.scope, call.receive, *limits)
            kind, body = await self._rewritten(call, node, body)
        headers = headers_of(call.scope, kind, node.token)
        answer = await relay(self._services, method, target, headers, body)
        if answer.is_success:
            await self._after(call, node, answer)
            if method == "GET" and self._names_file(call, node):
                shown = show_file(self._services, call, answer)
                if shown is not None:
                    return shown
        return self._cleaned(call, relayed(answer), node.token)

    def _names_file(self, call: GatewayCall, node: OwnedNode) -> bool:
        """Return whether an answer may have an address of Meta's that has to be one of ours."""
        if call.caller.meta_token is None:
            return node.kind is NodeKind.FILE
        return call.route.kind is RouteKind.NODE and not self._shows_metas_address

    async def _after(self, call: GatewayCall, node: OwnedNode, answer: Answer) -> None:
        """Keep what follows from a success at Meta: nothing here may hide its answer."""
        route = call.route
        if route.kind is RouteKind.UPLOAD:
            await self._note_upload(route, call.caller, answer)
        is_edit = route.method == "POST" and node.kind is NodeKind.TEMPLATE
        if route.kind is RouteKind.TEMPLATES or is_edit:
            await self._read_templates(call)

    async def _read_templates(self, call: GatewayCall) -> None:
        """Read the registry anew, so that the next message is judged by what is so now."""
        try:
            account = WabaId(call.route.node)
            owner = call.caller.business_id or await owner_of_account(self._services, account)
            if owner is not None:
                await refresh_templates(self._services, owner)
        except Exception as error:  # noqa: BLE001 - the answer of Meta's is what counts
            _log_failure("templates_not_read", error)

    def _cleaned(self, call: GatewayCall, reply: Reply, token: str | None = None) -> Reply:
        """Put the gateway's addresses into an answer of Meta's, and take tokens out."""
        secret = call.credential.secret if call.credential.is_in_query else ""
        rewriter = Rewriter(call.base, self._graph_hosts, token or "", secret)
        return replace(reply, body=rewriter.rewrite(reply.body))

    async def _rewritten(
        self, call: GatewayCall, node: OwnedNode, body: bytes
    ) -> tuple[str, bytes]:
        """Write a body anew; a large file is gone through in a thread, so that nobody waits."""
        route, kind = call.route, asgi.header(call.scope, b"content-type")
        salt, shape = new_salt(self._services), None
        if route.kind is RouteKind.NODE and call.caller.meta_token is None:
            shape = _SHAPES[node.kind]
        if len(body) > MESSAGE_BYTES_MAX:
            return await asyncio.to_thread(rewrite_body, route, kind, body, salt, shape)
        return rewrite_body(route, kind, body, salt, shape)

    async def _note_upload(self, route: Route, caller: Caller, answer: Answer) -> None:
        """Keep whose the file is. It is at Meta already: nothing here may hide the answer."""
        try:
            sender, media_id = PhoneNumberId(route.node), read_upload(answer.body)
            business_id = caller.business_id or await owner_of_sender(self._services, sender)
            if business_id is not None and is_media_id(media_id):
                await note_upload(self._services, business_id, sender, media_id)
        except Exception as error:  # noqa: BLE001 - see above
            _log_failure("upload_not_kept", error)

    async def _find(self, call: GatewayCall) -> OwnedNode | None:
        """Find what a call is about, and the token for it."""
        services, route, business_id = self._services, call.route, call.caller.business_id
        if business_id is None:
            return OwnedNode(NodeKind.OWN, call.caller.meta_token or "")
        if route.kind is RouteKind.NODE:
            return await find_node(services, business_id, route.node)
        if route.kind is RouteKind.FLOW:
            token = await find_flow(services, business_id, route.node)
        elif route.kind is RouteKind.LIBRARY:
            token = await any_token(services, business_id)
        else:
            token = await token_for_node(services, business_id, route.node)
        return OwnedNode(NodeKind.OWN, token) if token else None


def _understood(route: Route, content_type: str | None, body: bytes) -> OutgoingMessage:
    """Read what is to be judged."""
    fields = read_fields(content_type, body)
    return understand_call(fields) if route.kind is RouteKind.CALL else understand(fields)


def _may(call: GatewayCall, node: OwnedNode) -> bool:
    """Return whether a method fits what a bare id names: no sender is deleted, no file changed.

    Raises:
        NotPermitted: it needs a scope that the key does not have.
    """
    route = call.route
    if route.kind is not RouteKind.NODE or call.caller.meta_token is not None:
        return True
    if route.method == "DELETE":
        if node.kind is NodeKind.FLOW:
            call.caller.need(ApiScope.MANAGE)
        return node.kind in (NodeKind.FILE, NodeKind.FLOW)
    return route.method == "GET" or node.kind is not NodeKind.FILE


def _pair(sent: Sent, name: Alias) -> tuple[object, ...]:
    return (sent.question.business_id, sent.question.recipients, name)


def _log_failure(event: str, error: Exception) -> None:
    """Say what failed and where, never with what: messages of errors may hold numbers."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else ""
    structlog.get_logger("askfirst").error(event, door=DOOR, error=type(error).__name__ + where)
