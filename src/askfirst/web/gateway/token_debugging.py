"""`debug_token`: what an askfirst key may do, in Meta's shape, said by askfirst itself.

Products ask it first of all. No key is ever shown to Meta, and nothing is said of other people's.
Source: Meta, "Graph API Reference", "debug_token".
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import SECOND
from askfirst.graph.platform.errors import GraphCode
from askfirst.graph.tenants.subscribed_apps import APP_ID
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.inspect_key import InspectedKey, inspect_key
from askfirst.web.gateway.refusals import Reply

_PERMISSIONS: Final = {
    ApiScope.SEND: "whatsapp_business_messaging",
    ApiScope.MANAGE: "whatsapp_business_management",
}
"""What Meta calls it, by what the key has."""


async def debug_token(services: Services, business_id: BusinessId, query: str) -> Reply:
    """Answer about `input_token`, where it is a key of the caller's own business."""
    asked = dict(parse_qsl(query)).get("input_token", "")
    found = await inspect_key(services, business_id, asked)
    data = _unknown() if found is None else _known(found)
    return Reply(HTTPStatus.OK, msgspec.json.encode({"data": data}))


def _known(found: InspectedKey) -> dict[str, Any]:
    """`expires_at` 0: it does not end by itself, as the tokens of Meta's system users."""
    key = found.key
    scopes = [name for scope, name in _PERMISSIONS.items() if scope in key.scopes]
    targets = list(found.waba_ids)
    return {
        "app_id": APP_ID,
        "type": "SYSTEM_USER",
        "application": "askfirst",
        "data_access_expires_at": 0,
        "expires_at": 0,
        "is_valid": True,
        "issued_at": key.created_at // SECOND,
        "scopes": scopes,
        "granular_scopes": [{"scope": scope, "target_ids": targets} for scope in scopes],
    }


def _unknown() -> dict[str, Any]:
    message = "The input token is no live askfirst key of this business"
    error = {"code": int(GraphCode.TOKEN_INVALID), "message": message}
    return {"error": error, "is_valid": False, "scopes": []}
