"""Flows: made as drafts, published, ended. Source: Meta, "Flows API"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.belongings import Belongings, Flow

CATEGORIES = frozenset(
    {
        "APPOINTMENT_BOOKING",
        "CONTACT_US",
        "CUSTOMER_SUPPORT",
        "LEAD_GENERATION",
        "OTHER",
        "SHOPPING",
        "SIGN_IN",
        "SIGN_UP",
        "SURVEY",
    }
)


def make_flow(
    owned: Belongings, waba_id: str, flow_id: str, fields: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Answer `POST /{waba}/flows`."""
    name = fields.get("name")
    if not isinstance(name, str) or not name:
        raise Refused(GraphCode.PARAMETER_INVALID, "The parameter name is required.")
    if any(flow.waba_id == waba_id and flow.name == name for flow in owned.flows.values()):
        raise Refused(GraphCode.PARAMETER_INVALID, "Flow name is not unique.")
    flow = Flow(flow_id=flow_id, waba_id=waba_id, name=name, categories=[])
    change_flow(flow, fields)
    if fields.get("publish") in (True, "true"):
        flow.status = "PUBLISHED"
    owned.flows[flow_id] = flow
    return {"id": flow_id, "success": True, "validation_errors": []}


def change_flow(flow: Flow, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer `POST /{flow}`."""
    categories = fields.get("categories", flow.categories or ["OTHER"])
    if isinstance(categories, str):
        categories = json.loads(categories)
    if not categories or not set(categories) <= CATEGORIES:
        raise Refused(GraphCode.PARAMETER_INVALID, "Param categories is not valid.")
    flow.categories = list(categories)
    flow.name = str(fields.get("name") or flow.name)
    flow.endpoint_uri = str(fields.get("endpoint_uri") or flow.endpoint_uri)
    if document := fields.get("flow_json"):
        flow.document = document if isinstance(document, str) else json.dumps(document)
    return {"success": True}


def move_on(flow: Flow, step: str) -> Mapping[str, Any]:
    """Answer `POST /{flow}/publish` and `/deprecate`; a flow without a screen stays a draft."""
    wanted, status = {
        "publish": ("DRAFT", "PUBLISHED"),
        "deprecate": ("PUBLISHED", "DEPRECATED"),
    }[step]
    if flow.status != wanted:
        raise Refused(GraphCode.PARAMETER_INVALID, f"The flow is {flow.status}, not {wanted}.")
    if step == "publish" and not flow.document:
        raise Refused(GraphCode.PARAMETER_INVALID, "The flow has no flow.json.")
    flow.status = status
    return {"success": True}


def delete_flow(owned: Belongings, flow_id: str) -> Mapping[str, Any]:
    """Answer `DELETE /{flow}`: only drafts can be deleted."""
    flow = owned.flows[flow_id]
    if flow.status != "DRAFT":
        raise Refused(GraphCode.PARAMETER_INVALID, f"The flow is {flow.status}, not DRAFT.")
    del owned.flows[flow_id]
    return {"success": True}


def shown(flow: Flow, fields: str = "") -> Mapping[str, Any]:
    """Write a flow; `whatsapp_business_account` only where it is asked for, as at Meta."""
    everything: dict[str, Any] = {
        "id": flow.flow_id,
        "name": flow.name,
        "status": flow.status,
        "categories": flow.categories,
        "validation_errors": [],
    }
    if "whatsapp_business_account" in fields:
        everything["whatsapp_business_account"] = {"id": flow.waba_id}
    if flow.endpoint_uri:
        everything["endpoint_uri"] = flow.endpoint_uri
    names = {name.partition(".")[0] for name in fields.split(",") if name}
    return {name: one for name, one in everything.items() if not names or name in names | {"id"}}
