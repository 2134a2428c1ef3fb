"""Bodies that clients send to the Graph API: JSON or a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.refused import Refused


async def read_fields(request: Request) -> Mapping[str, Any]:
    """Read the fields of a body; none where it is empty."""
    body = await request.body()
    if not body:
        return {}
    if "form" in request.headers.get("content-type", ""):
        async with request.form() as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Refused(GraphCode.PARAMETER_INVALID, str(error)) from error
