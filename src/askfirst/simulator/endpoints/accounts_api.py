"""Meta's routes for an account: whom its webhooks go to, and its figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.endpoints.graph_body import read_fields
from askfirst.simulator.graph.paging import page_of
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.inbound.webhook_dispatcher import Callback
from askfirst.simulator.simulator import Simulator

APP_ID = "900000000000001"
PageAddress = Callable[[Request], str]
_SPAN = ("start", "end")


class AccountsApi:
    """Answers about accounts."""

    def __init__(self, simulator: Simulator, page_address: PageAddress) -> None:
        self._simulator = simulator
        self._page_address = page_address

    def routes(self) -> dict[tuple[str, str], Callable[[Request, str], Awaitable[Any]]]:
        """List the edges that are served here."""
        return {
            ("GET", "subscribed_apps"): self._show_apps,
            ("POST", "subscribed_apps"): self._subscribe,
            ("DELETE", "subscribed_apps"): self._unsubscribe,
            ("GET", "template_analytics"): self._show_analytics,
            ("GET", "template_group_analytics"): self._show_analytics,
        }

    async def _show_apps(self, request: Request, node: str) -> Mapping[str, Any]:
        """Show the app of the token, where the account's webhooks go to it."""
        self._account(node)
        courier = self._simulator.courier
        app: dict[str, Any] = {
            "whatsapp_business_api_data": {
                "link": f"{str(request.base_url).rstrip('/')}/",
                "name": "Simulated app",
                "id": APP_ID,
            }
        }
        if callback := courier.callbacks.get(node):
            app["override_callback_uri"] = callback.uri
        apps = [] if node in courier.silent else [app]
        page, paging = page_of(apps, request.query_params, self._page_address(request))
        return {"data": list(page)} | ({"paging": paging} if paging else {})

    async def _subscribe(self, request: Request, node: str) -> Mapping[str, Any]:
        """Send the account's webhooks to the app, or to the address that it names."""
        self._account(node)
        fields = {**request.query_params, **(await read_fields(request))}
        uri, word = fields.get("override_callback_uri"), fields.get("verify_token")
        courier = self._simulator.courier
        if bool(uri) != bool(word):
            details = "override_callback_uri and verify_token belong together."
            raise Refused(GraphCode.PARAMETER_INVALID, details)
        courier.callbacks.pop(node, None)
        if uri:
            callback = Callback(str(uri), str(word))
            challenge = self._simulator.mint_node_id()
            if not await courier.shake_hands(callback, challenge):
                details = "The callback URL or verify token couldn't be validated."
                raise Refused(GraphCode.CALLBACK_UNVERIFIED, details)
            courier.callbacks[node] = callback
        courier.silent.discard(node)
        return {"success": True}

    async def _unsubscribe(self, _request: Request, node: str) -> Mapping[str, Any]:
        """Send the app no more webhooks of the account."""
        self._account(node)
        self._simulator.courier.callbacks.pop(node, None)
        self._simulator.courier.silent.add(node)
        return {"success": True}

    async def _show_analytics(self, request: Request, node: str) -> Mapping[str, Any]:
        """Show what became of templates: nothing is counted here."""
        self._account(node)
        if not all(request.query_params.get(name) for name in _SPAN):
            raise Refused(GraphCode.PARAMETER_INVALID, "Params start and end are required.")
        points = {"granularity": "DAILY", "product_type": "cloud_api", "data_points": []}
        return {"data": [points]}

    def _account(self, node: str) -> None:
        if not any(number.waba_id == node for number in self._simulator.world.numbers.values()):
            details = f"Object with ID '{node}' does not exist or cannot be loaded (subcode 33)."
            raise Refused(GraphCode.PARAMETER_INVALID, details)
