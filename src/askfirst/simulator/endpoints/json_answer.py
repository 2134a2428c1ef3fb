"""JSON, as the simulator answers its own callers."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response


def json_answer(content: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """Answer with an object."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")
