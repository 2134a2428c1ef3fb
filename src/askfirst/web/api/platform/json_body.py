"""The body of a call to the API: JSON, and no larger than it has to be."""

from __future__ import annotations

from email.message import Message
from typing import Final

from askfirst.web.asgi import Receive, Scope, header, read_body
from askfirst.web.problems import UnsupportedMediaType

BODY_BYTES_MAX: Final = 64 * 1024
"""No answer of a person, and no question of ours, is longer."""


async def read_json_body(scope: Scope, receive: Receive) -> bytes:
    """Read the body, announced as what it must be; nothing where there is none."""
    raw = await read_body(scope, receive, BODY_BYTES_MAX)
    if raw:
        check_content_type(header(scope, b"content-type"))
    return raw


def check_content_type(value: str | None) -> None:
    """Take JSON in UTF-8 and nothing else: another type means that somebody else is meant."""
    if value == "application/json":
        return
    message = Message()
    message["content-type"] = value or ""
    charset = message.get_param("charset", "utf-8")
    if message.get_content_type() != "application/json" or str(charset).lower() != "utf-8":
        raise UnsupportedMediaType("must be sent as Content-Type: application/json")
