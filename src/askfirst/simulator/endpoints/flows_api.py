"""Meta's routes for flows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.endpoints.graph_body import read_fields
from askfirst.simulator.graph import flow_list
from askfirst.simulator.graph.paging import page_of
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.belongings import Flow

PageAddress = Callable[[Request], str]


class FlowsApi:
    """Lists flows and changes them."""

    def __init__(self, simulator: Simulator, page_address: PageAddress) -> None:
        self._simulator = simulator
        self._owned = simulator.world.belongings
        self._page_address = page_address

    def routes(self) -> dict[tuple[str, str], Callable[[Request, str], Awaitable[Any]]]:
        """List the edges that are served here."""
        return {
            ("GET", "flows"): self._list,
            ("POST", "flows"): self._make,
            ("GET", "assets"): self._show_assets,
            ("POST", "assets"): self._put_asset,
            ("POST", "publish"): self._move_on,
            ("POST", "deprecate"): self._move_on,
        }

    async def _list(self, request: Request, node: str) -> Mapping[str, Any]:
        own = [flow for flow in self._owned.flows.values() if flow.waba_id == node]
        page, paging = page_of(own, request.query_params, self._page_address(request))
        fields = request.query_params.get("fields", "")
        answer: dict[str, Any] = {"data": [flow_list.shown(flow, fields) for flow in page]}
        return answer | ({"paging": paging} if paging else {})

    async def _make(self, request: Request, node: str) -> Mapping[str, Any]:
        if not any(number.waba_id == node for number in self._simulator.world.numbers.values()):
            raise Refused(GraphCode.PARAMETER_INVALID, "Object does not exist.")
        flow_id, fields = self._simulator.mint_node_id(), await read_fields(request)
        return flow_list.make_flow(self._owned, node, flow_id, fields)

    async def _show_assets(self, request: Request, node: str) -> Mapping[str, Any]:
        self._flow(node)
        base = str(request.base_url).rstrip("/")
        asset = {"name": "flow.json", "asset_type": "FLOW_JSON"}
        return {"data": [asset | {"download_url": f"{base}/cdn/flows/{node}"}]}

    async def _put_asset(self, request: Request, node: str) -> Mapping[str, Any]:
        flow = self._flow(node)
        async with request.form() as form:
            file = form.get("file")
            if form.get("asset_type") != "FLOW_JSON" or not isinstance(file, UploadFile):
                details = "The parameters file and asset_type are required."
                raise Refused(GraphCode.PARAMETER_INVALID, details)
            flow.document = (await file.read()).decode()
        return {"success": True, "validation_errors": []}

    async def _move_on(self, request: Request, node: str) -> Mapping[str, Any]:
        step = request.url.path.rstrip("/").rpartition("/")[2]
        return flow_list.move_on(self._flow(node), step)

    def _flow(self, node: str) -> Flow:
        flow = self._owned.flows.get(node)
        if flow is None:
            raise Refused(GraphCode.PARAMETER_INVALID, f"Object with ID '{node}' does not exist.")
        return flow
