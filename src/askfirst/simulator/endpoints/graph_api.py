"""The face that clients see: Meta's routes, with any version or none."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from askfirst.graph.platform.errors import GraphCode, error_body, http_status
from askfirst.graph.sending.outgoing import MessageKind
from askfirst.simulator.graph import link_list, sending, template_list
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.graph.sending import Accepted
from askfirst.simulator.inbound import webhooks
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import BusinessNumber, LoggedSend

SEEN_NS = "askfirst.seen_ns"
"""Key in the ASGI scope: when the request was first seen (`app.Stopwatch` puts it there)."""

_VERSION = re.compile(r"v[0-9]+\.[0-9]+")
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
_MEDIA_TYPE = "application/json; charset=UTF-8"
_Handler = Callable[[Request, str], Awaitable[Mapping[str, Any]]]


class GraphApi:
    """Answers what a Graph client asks."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._world = simulator.world
        self._routes: dict[tuple[str, str], _Handler] = {
            ("POST", "messages"): self._send,
            ("POST", "marketing_messages"): self._send_marketing,
            ("GET", "message_templates"): self._list_templates,
            ("POST", "message_templates"): self._make_template,
            ("POST", "upsert_message_templates"): self._upsert_templates,
            ("GET", "message_qrdls"): self._list_links,
            ("POST", "message_qrdls"): self._put_link,
            ("GET", "phone_numbers"): self._list_numbers,
            ("GET", ""): self._show_node,
        }
        self._link_routes: dict[str, Callable[[Request, str, str], Mapping[str, Any]]] = {
            "GET": self._show_link,
            "DELETE": self._delete_link,
        }

    async def handle(self, request: Request) -> Response:
        """Find the route by the last parts of the path, check the token, answer."""
        parts = [part for part in request.url.path.split("/") if part]
        if parts and _VERSION.fullmatch(parts[0]):
            del parts[0]
        try:
            return _json(await self._answer(request, parts))
        except Refused as refused:
            return _refusal(refused)
        except ClientDisconnect:
            return Response(status_code=499)

    async def _answer(self, request: Request, parts: Sequence[str]) -> Mapping[str, Any]:
        match parts:
            case [node, "message_qrdls", code] if request.method in self._link_routes:
                self._check_token(request)
                return self._link_routes[request.method](request, node, code)
            case [node] | [node, _]:
                edge = "" if len(parts) == 1 else parts[1]
                if handler := self._routes.get((request.method, edge)):
                    self._check_token(request)
                    return await handler(request, node)
        raise Refused(GraphCode.PARAMETER_INVALID, "Unknown path components.")

    def _check_token(self, request: Request) -> None:
        found = _BEARER.fullmatch(request.headers.get("authorization", ""))
        token = found[1] if found else request.query_params.get("access_token", "")
        if token not in self._simulator.access_tokens:
            details = "The access token is unknown to the simulator."
            raise Refused(GraphCode.TOKEN_INVALID, details)

    async def _send(self, request: Request, node: str) -> Mapping[str, Any]:
        return await self._take(request, self._number(node), marketing_only=False)

    async def _send_marketing(self, request: Request, node: str) -> Mapping[str, Any]:
        return await self._take(request, self._number(node), marketing_only=True)

    async def _take(
        self, request: Request, number: BusinessNumber, *, marketing_only: bool
    ) -> Mapping[str, Any]:
        read = sending.read_request(number, await request.body(), marketing_only=marketing_only)
        if read.message.kind is MessageKind.READ_RECEIPT:
            return {"success": True}
        try:
            message_id = self._simulator.mint_wamid()
            accepted = sending.accept(self._world, read, message_id, self._simulator.now())
        except Refused as refused:
            self._log(request, read, None, refused.code)
            raise
        self._log(request, read, accepted, accepted.failure)
        if self._simulator.courier.deliver is not None:
            self._simulator.courier.send(self._report(number, accepted))
        return sending.answer(read, accepted)

    def _log(
        self, request: Request, read: sending.Request, accepted: Accepted | None, code: int
    ) -> None:
        status = "refused" if accepted is None else "failed" if code else "accepted"
        self._world.record(
            LoggedSend(
                seen_ns=request.scope.get(SEEN_NS, 0),
                path=request.url.path,
                phone_number_id=read.number.phone_number_id,
                recipient=read.message.to or read.message.recipient,
                wa_id=accepted.phone.wa_id if accepted else "",
                template=read.message.template,
                message_id=accepted.message_id if accepted else "",
                status=status,
                code=int(code),
            )
        )

    async def _report(self, number: BusinessNumber, accepted: Accepted) -> int:
        """Tell by webhook what becomes of a message."""
        words = ["failed"] if accepted.failure else ["sent"]
        if accepted.arrives:
            words.append("delivered")
        status = 0
        phone = accepted.phone
        for word in words:
            at = int(self._simulator.now())
            report = webhooks.Report(
                accepted.message_id, word, accepted.failure, accepted.reference
            )
            value = webhooks.status(number, phone, report, at)
            body = webhooks.body_of(number.waba_id, "messages", value)
            status = await self._simulator.courier.bring(phone.wa_id, body)
        return status

    async def _list_templates(self, request: Request, node: str) -> Mapping[str, Any]:
        self._check_waba(node)
        query = request.query_params
        return template_list.list_templates(self._world, node, query, _without_cursor(request))

    async def _make_template(self, request: Request, node: str) -> Mapping[str, Any]:
        self._check_waba(node)
        template_id = self._simulator.mint_node_id()
        made = template_list.make_template(self._world, node, template_id, await request.body())
        self._simulator.courier.send(self._simulator.announce_state(made))
        return {"id": made.template_id, "status": made.status, "category": made.category}

    async def _upsert_templates(self, request: Request, node: str) -> Mapping[str, Any]:
        self._check_waba(node)
        body = await request.body()
        mint = self._simulator.mint_node_id
        made = template_list.upsert_templates(self._world, node, mint, body)
        for template in made:
            self._simulator.courier.send(self._simulator.announce_state(template))
        rows = [{"id": t.template_id, "status": t.status, "language": t.language} for t in made]
        return {"data": rows}

    async def _put_link(self, request: Request, node: str) -> Mapping[str, Any]:
        body, base = await request.body(), _base(request)
        sender = self._number(node).phone_number_id
        return link_list.put_link(self._world, sender, base, body, self._simulator.mint_link_code)

    async def _list_links(self, request: Request, node: str) -> Mapping[str, Any]:
        sender, query = self._number(node).phone_number_id, request.query_params
        url = _without_cursor(request)
        return link_list.list_links(self._world, sender, _base(request), query, url)

    def _show_link(self, request: Request, node: str, code: str) -> Mapping[str, Any]:
        sender, query = self._number(node).phone_number_id, request.query_params
        return link_list.show_link(self._world, sender, _base(request), query, code)

    def _delete_link(self, _request: Request, node: str, code: str) -> Mapping[str, Any]:
        return link_list.delete_link(self._world, self._number(node).phone_number_id, code)

    async def _list_numbers(self, _request: Request, node: str) -> Mapping[str, Any]:
        self._check_waba(node)
        own = [_shown(n) for n in self._world.numbers.values() if n.waba_id == node]
        return {"data": own, "paging": {"cursors": {"before": "MA", "after": "MQ"}}}

    async def _show_node(self, _request: Request, node: str) -> Mapping[str, Any]:
        """Show a number, or the account that numbers belong to."""
        if node in self._world.numbers:
            return _shown(self._number(node))
        self._check_waba(node)
        return {"id": node, "name": next(iter(self._world.numbers.values())).name}

    def _number(self, node: str) -> BusinessNumber:
        number = self._world.numbers.get(node)
        if number is None:
            raise _no_such_node(node)
        return number

    def _check_waba(self, node: str) -> None:
        if not any(number.waba_id == node for number in self._world.numbers.values()):
            raise _no_such_node(node)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _without_cursor(request: Request) -> str:
    return str(request.url.remove_query_params(("after", "access_token")))


def _no_such_node(node: str) -> Refused:
    details = f"Object with ID '{node}' does not exist or cannot be loaded (subcode 33)."
    return Refused(GraphCode.PARAMETER_INVALID, details)


def _shown(number: BusinessNumber) -> Mapping[str, Any]:
    return {
        "id": number.phone_number_id,
        "display_phone_number": f"+{number.digits}",
        "verified_name": number.name,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
    }


def _refusal(refused: Refused) -> Response:
    body = error_body(refused.code, refused.details)
    return Response(body, http_status(refused.code), media_type=_MEDIA_TYPE)


def _json(value: Mapping[str, Any]) -> Response:
    return Response(msgspec.json.encode(value), media_type=_MEDIA_TYPE)
