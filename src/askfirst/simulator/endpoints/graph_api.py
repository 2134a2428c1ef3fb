"""The face that clients see: Meta's routes, with any version or none."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from askfirst.graph.platform.errors import GraphCode, error_body, http_status
from askfirst.graph.sending.outgoing import MessageKind
from askfirst.simulator.endpoints.accounts_api import APP_ID, AccountsApi
from askfirst.simulator.endpoints.files_api import FilesApi
from askfirst.simulator.endpoints.flows_api import FlowsApi
from askfirst.simulator.endpoints.graph_body import read_fields
from askfirst.simulator.endpoints.numbers_api import NumbersApi
from askfirst.simulator.graph import (
    account_nodes,
    file_list,
    flow_list,
    link_list,
    sending,
    template_list,
)
from askfirst.simulator.graph.paging import page_of
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.graph.sending import Accepted
from askfirst.simulator.inbound import webhooks
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import BusinessNumber, LoggedSend

SEEN_NS = "askfirst.seen_ns"
"""Key in the ASGI scope: when the request was first seen (`app.Stopwatch` puts it there)."""

_VERSION = re.compile(r"v[0-9]+\.[0-9]+")
_BEARER = re.compile(r"(?:bearer|oauth) +(\S+)", re.IGNORECASE)
_MEDIA_TYPE = "application/json; charset=UTF-8"
_PERMISSIONS = ("whatsapp_business_management", "whatsapp_business_messaging")
_LIBRARY = (
    {
        "id": "310000000000001",
        "name": "delivery_update_1",
        "language": "en_US",
        "category": "UTILITY",
        "topic": "ORDER_MANAGEMENT",
        "usecase": "DELIVERY_UPDATE",
        "industry": ["E_COMMERCE"],
        "body": "Your order {{1}} is on its way.",
        "body_params": ["A1234"],
        "body_param_types": ["TEXT"],
    },
)
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
            ("DELETE", "message_templates"): self._delete_templates,
            ("GET", "message_template_library"): self._show_library,
            ("GET", "phone_numbers"): self._list_numbers,
            ("GET", ""): self._show_node,
            ("POST", ""): self._change_node,
            ("DELETE", ""): self._delete_node,
        }
        self.files = FilesApi(simulator, self._check_token)
        self._numbers = NumbersApi(simulator, _without_cursor)
        accounts = AccountsApi(simulator, _without_cursor)
        for more in (self.files, FlowsApi(simulator, _without_cursor), self._numbers, accounts):
            self._routes |= more.routes()
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
            case ["debug_token" | "message_template_library" as name] if request.method == "GET":
                self._check_token(request)
                if name == "debug_token":
                    return self._debug_token(request)
                return await self._show_library(request, "")
            case [name] if name.startswith("upload:") and request.method in ("GET", "POST"):
                self._check_token(request)
                return await self.files.go_on(request, name)
            case [node] | [node, _]:
                edge = "" if len(parts) == 1 else parts[1]
                if handler := self._routes.get((request.method, edge)):
                    self._check_token(request)
                    return await handler(request, node)
        raise Refused(GraphCode.PARAMETER_INVALID, "Unknown path components.")

    def _check_token(self, request: Request) -> None:
        token = _token_of(request)
        if token not in self._simulator.access_tokens:
            details = "The access token is unknown to the simulator."
            raise Refused(GraphCode.TOKEN_INVALID, details)
        proof = request.query_params.get("appsecret_proof")
        right = hmac.new(self._simulator.app_secret, token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof.encode(), right.encode()):
            details = "Invalid appsecret_proof provided in the API argument"
            raise Refused(GraphCode.PARAMETER_INVALID, details)

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
        if self._simulator.courier.is_listened_to:
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

    async def _list_numbers(self, request: Request, node: str) -> Mapping[str, Any]:
        self._check_waba(node)
        own = [number for number in self._world.numbers.values() if number.waba_id == node]
        query = request.query_params
        page, paging = page_of(own, query, _without_cursor(request))
        rows = [account_nodes.shown_number(number, query.get("fields", "")) for number in page]
        return {"data": rows} | ({"paging": paging} if paging else {})

    async def _show_node(self, request: Request, node: str) -> Mapping[str, Any]:
        """Show a number, a template, a flow, a file, or the account that numbers belong to."""
        owned, fields = self._world.belongings, request.query_params.get("fields", "")
        if template := self._world.template_with_id(node):
            names = [name for name in fields.split(",") if name]
            return template_list.shown(template, names)
        if node in owned.files:
            return file_list.describe(owned.files[node], _base(request))
        if node in owned.flows:
            return flow_list.shown(owned.flows[node], fields)
        if node in self._world.numbers:
            return account_nodes.shown_number(self._number(node), fields)
        self._check_waba(node)
        own = next(one for one in self._world.numbers.values() if one.waba_id == node)
        return account_nodes.shown_account(node, own.name, fields)

    async def _change_node(self, request: Request, node: str) -> Mapping[str, Any]:
        if node in self._world.numbers:
            return await self._numbers.change(request)
        if node in self._world.belongings.flows:
            fields = await read_fields(request)
            return flow_list.change_flow(self._world.belongings.flows[node], fields)
        template = self._world.template_with_id(node)
        if template is None:
            raise _no_such_node(node)
        changed = template_list.edit_template(template, await request.body())
        self._world.put_template(changed)
        return {"success": True}

    async def _delete_node(self, _request: Request, node: str) -> Mapping[str, Any]:
        owned = self._world.belongings
        if node in owned.flows:
            return flow_list.delete_flow(owned, node)
        if owned.files.pop(node, None) is None:
            raise _no_such_node(node)
        return {"success": True}

    async def _delete_templates(self, request: Request, node: str) -> Mapping[str, Any]:
        self._check_waba(node)
        return template_list.delete_templates(self._world, node, request.query_params)

    async def _show_library(self, request: Request, _node: str) -> Mapping[str, Any]:
        """Show templates that Meta has ready: one, so that clients have something to read."""
        page, paging = page_of(_LIBRARY, request.query_params, _without_cursor(request))
        return {"data": list(page), **({"paging": paging} if paging else {})}

    def _debug_token(self, request: Request) -> Mapping[str, Any]:
        if request.query_params.get("input_token") not in self._simulator.access_tokens:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return {"data": {"error": error, "is_valid": False, "scopes": []}}
        wabas = list(dict.fromkeys(n.waba_id for n in self._world.numbers.values()))
        granular = [{"scope": scope, "target_ids": wabas} for scope in _PERMISSIONS]
        return {
            "data": {
                "app_id": APP_ID,
                "type": "SYSTEM_USER",
                "application": "Simulated app",
                "data_access_expires_at": 0,
                "expires_at": 0,
                "is_valid": True,
                "issued_at": int(self._simulator.now()),
                "scopes": list(_PERMISSIONS),
                "granular_scopes": granular,
            }
        }

    def _number(self, node: str) -> BusinessNumber:
        number = self._world.numbers.get(node)
        if number is None:
            raise _no_such_node(node)
        return number

    def _check_waba(self, node: str) -> None:
        if not any(number.waba_id == node for number in self._world.numbers.values()):
            raise _no_such_node(node)


def _token_of(request: Request) -> str:
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    return found[1] if found else request.query_params.get("access_token", "")


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _without_cursor(request: Request) -> str:
    """Return the address of a list, for its next page: with the token in it, as Meta writes it."""
    token = _token_of(request)
    url = request.url.remove_query_params(("after", "before", "access_token"))
    return str(url.include_query_params(access_token=token))


def _no_such_node(node: str) -> Refused:
    details = f"Object with ID '{node}' does not exist or cannot be loaded (subcode 33)."
    return Refused(GraphCode.PARAMETER_INVALID, details)


def _refusal(refused: Refused) -> Response:
    body = error_body(refused.code, refused.details)
    if refused.answer:
        body = msgspec.json.encode({**refused.answer, **msgspec.json.decode(body)})
    return Response(body, http_status(refused.code), media_type=_MEDIA_TYPE)


def _json(value: Mapping[str, Any]) -> Response:
    return Response(msgspec.json.encode(value), media_type=_MEDIA_TYPE)
