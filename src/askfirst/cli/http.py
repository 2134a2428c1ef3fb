"""Small JSON calls of the command line's own."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from askfirst.domain.values.errors import Unavailable

SECONDS_MAX = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `body` is empty where it was not a JSON object."""

    status: int
    body: dict[str, Any]


def call(method: str, url: str, body: dict[str, Any] | None = None, *, token: str = "") -> Reply:
    """Make one call; Unavailable where nobody answers."""
    parts = urlsplit(url)
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS_MAX)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, target, content, headers)
        response = connection.getresponse()
        return Reply(response.status, _object(response.read()))
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"{parts.netloc} does not answer") from error
    finally:
        connection.close()


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
