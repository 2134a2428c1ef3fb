"""Meta's routes for what a number is set to: profile, settings, registration, blocks, calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.endpoints.graph_body import read_fields
from askfirst.simulator.graph import block_list
from askfirst.simulator.graph.paging import page_of
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.simulator import Simulator

PageAddress = Callable[[Request], str]
_KEPT = (
    "settings",
    "whatsapp_business_encryption",
    "whatsapp_business_profile",
    "whatsapp_commerce_settings",
)
_DONE = ("deregister", "register", "request_code", "verify_code")
_PIN_DIGITS = 6
_CALL_ACTIONS = frozenset({"accept", "connect", "pre_accept", "reject", "terminate"})


class NumbersApi:
    """Keeps what is posted, and shows it again."""

    def __init__(self, simulator: Simulator, page_address: PageAddress) -> None:
        self._simulator = simulator
        self._world = simulator.world
        self._page_address = page_address

    def routes(self) -> dict[tuple[str, str], Callable[[Request, str], Awaitable[Any]]]:
        """List the edges that are served here."""
        return {
            **{("GET", edge): self._show for edge in _KEPT},
            **{("POST", edge): self._keep for edge in _KEPT},
            **{("POST", edge): self._do for edge in _DONE},
            ("GET", "block_users"): self._list_blocked,
            ("POST", "block_users"): self._block,
            ("DELETE", "block_users"): self._block,
            ("POST", "calls"): self._call,
            ("GET", "media"): self._list_files,
        }

    async def change(self, request: Request) -> Mapping[str, Any]:
        """Answer `POST /{phone_number_id}`: a PIN of six digits."""
        pin = str((await read_fields(request)).get("pin") or "")
        if not (pin.isascii() and pin.isdigit() and len(pin) == _PIN_DIGITS):
            raise Refused(GraphCode.PARAMETER_INVALID, "Param pin must be 6 digits.")
        return {"success": True}

    async def _show(self, request: Request, node: str) -> Mapping[str, Any]:
        edge = self._edge(request, node)
        kept = self._world.belongings.settings.get((node, edge), {})
        if edge == "settings":
            return dict(kept)
        first = {"messaging_product": "whatsapp"} if edge == "whatsapp_business_profile" else {}
        return {"data": [{**first, **kept}]}

    async def _keep(self, request: Request, node: str) -> Mapping[str, Any]:
        edge = self._edge(request, node)
        fields = {**request.query_params, **(await read_fields(request))}
        kept = self._world.belongings.settings.setdefault((node, edge), {})
        kept |= {
            name: value
            for name, value in fields.items()
            if name not in ("access_token", "messaging_product")
        }
        return {"success": True}

    async def _do(self, request: Request, node: str) -> Mapping[str, Any]:
        edge = self._edge(request, node)
        fields = {**request.query_params, **(await read_fields(request))}
        wanted = {"register": "pin", "request_code": "code_method", "verify_code": "code"}.get(edge)
        if wanted and not fields.get(wanted):
            raise Refused(GraphCode.PARAMETER_INVALID, f"The parameter {wanted} is required.")
        return {"success": True}

    async def _list_blocked(self, request: Request, node: str) -> Mapping[str, Any]:
        self._edge(request, node)
        people = list(self._world.belongings.shut_out.get(node, {}))
        page, paging = page_of(people, request.query_params, self._page_address(request))
        rows = [{"messaging_product": "whatsapp", "wa_id": wa_id} for wa_id in page]
        return {"data": rows} | ({"paging": paging} if paging else {})

    async def _block(self, request: Request, node: str) -> Mapping[str, Any]:
        self._edge(request, node)
        users = (await read_fields(request)).get("block_users") or ()
        if request.method == "POST":
            return block_list.block(self._world, node, users, self._simulator.now())
        return block_list.unblock(self._world, node, users)

    async def _list_files(self, request: Request, node: str) -> Mapping[str, Any]:
        """List what was uploaded for a number, or sent to it."""
        self._edge(request, node)
        files = self._world.belongings.files.values()
        own = [file.file_id for file in files if file.phone_number_id == node]
        page, paging = page_of(own, request.query_params, self._page_address(request))
        return {"data": [{"id": file_id} for file_id in page]} | (
            {"paging": paging} if paging else {}
        )

    async def _call(self, request: Request, node: str) -> Mapping[str, Any]:
        self._edge(request, node)
        fields = await read_fields(request)
        action = fields.get("action")
        if action not in _CALL_ACTIONS:
            raise Refused(GraphCode.PARAMETER_INVALID, "Param action is not valid.")
        if action != "connect":
            return {"messaging_product": "whatsapp", "success": True}
        self._wa_id(str(fields.get("to") or fields.get("recipient") or ""))
        call_id = self._simulator.mint_wamid().replace("wamid.", "wacid.")
        return {"messaging_product": "whatsapp", "calls": [{"id": call_id}]}

    def _wa_id(self, name: str) -> str:
        try:
            found = self._world.phone_of_user(name) or self._world.phone(name, keep=False)
        except InvalidInput as error:
            raise Refused(GraphCode.PARAMETER_VALUE_INVALID, f"user {error.message}") from error
        return found.wa_id

    def _edge(self, request: Request, node: str) -> str:
        if node not in self._world.numbers:
            raise Refused(GraphCode.PARAMETER_INVALID, f"Object with ID '{node}' does not exist.")
        return request.url.path.rstrip("/").rpartition("/")[2]
