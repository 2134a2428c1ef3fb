"""Files of people, as they come by network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import Message
from typing import Final

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from askfirst.web.asgi import BodyIncomplete, know_caller
from askfirst.web.problems import FileTooLarge, UnsupportedMediaType

CSV: Final = "text/csv"
FILE_BYTES_MAX: Final = 1024 * 1024 * 1024
"""The commands `askfirst import` and `askfirst screen` take larger files."""
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


async def pieces_of(request: Request) -> AsyncIterator[bytes]:
    """Take the file as it comes: no more of it is held than a piece."""
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise BodyIncomplete
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size > FILE_BYTES_MAX:
            raise FileTooLarge("send at most 1 GB; use askfirst import for a larger file")
        if piece:
            yield piece
        if not message.get("more_body", False):
            return


def csv_answer(name: str, first: str, rest: AsyncIterator[str]) -> Response:
    """Answer with a file of CSV: its first part, which was made already, and the others."""

    async def written() -> AsyncIterator[str]:
        yield first
        async for part in rest:
            yield part

    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(written(), media_type=CSV, headers=headers)
