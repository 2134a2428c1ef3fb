"""Files of people, as they come by network."""

from __future__ import annotations

from email.message import Message
from typing import Final

from fastapi import Request

from askfirst.web.asgi import know_caller
from askfirst.web.problems import UnsupportedMediaType

FILE_TYPES: Final = (
    "text/csv",
    "text/plain",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
    "application/octet-stream",
)


def check_file(request: Request) -> None:
    """Look at what is sent before it is read; its caller is known from now on.

    Raises:
        UnsupportedMediaType: it is not called a file that can be a table.
    """
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    if message.get_content_type() not in FILE_TYPES:
        raise UnsupportedMediaType("must be sent as Content-Type: text/csv, or of another file")
    know_caller(request.scope)
