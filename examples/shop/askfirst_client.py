"""askfirst over REST, with nothing but the standard library. Copy it, or use any HTTP client.

Every call is the same: JSON there, JSON back, a key in the header. So there is one method.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

Answer = dict[str, Any]
_SECONDS_MAX = 10
_BAD_REQUEST, _SERVER_ERROR = 400, 500


class Refused(Exception):
    """askfirst understood and said no. `content` says why; it never repeats a number."""

    def __init__(self, status: int, content: Answer) -> None:
        super().__init__(f"askfirst answered {status}")
        self.status, self.content = status, content

    @property
    def detail(self) -> str:
        """Why, in a sentence (RFC 9457)."""
        return str(self.content.get("detail", ""))

    @property
    def fields(self) -> frozenset[str]:
        """The fields that are not what they must be."""
        return frozenset(one["field"] for one in self.content.get("errors", []))


class Away(Exception):
    """askfirst cannot be reached, or could not answer. Nothing was recorded, nothing was sent."""


class Askfirst:
    """One askfirst, and the key for one business. The key stays on the server, always."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self._key = key

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Make a call in a thread of its own, so that other visitors do not wait.

        Raises:
            Refused: the answer is no.
            Away: there is no answer.
        """
        return await asyncio.to_thread(self._call, method, path, body)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        line = kind(parts.netloc, timeout=_SECONDS_MAX)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            payload = json.dumps(body) if body is not None else None
            line.request(method, parts.path + path, payload, headers)
            answer = line.getresponse()
            content: Answer = json.loads(answer.read() or b"{}")
        except (OSError, HTTPException, ValueError) as error:
            raise Away(str(error)) from error
        finally:
            line.close()
        if answer.status >= _SERVER_ERROR:
            raise Away(f"askfirst answered {answer.status}")
        if answer.status >= _BAD_REQUEST:
            raise Refused(answer.status, content)
        return content
