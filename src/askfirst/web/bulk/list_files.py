"""Files of people: taken in as they come, and given out while they are written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from askfirst.web.asgi import BodyIncomplete
from askfirst.web.problems import FileTooLarge

CSV: Final = "text/csv"
FILE_BYTES_MAX: Final = 1024 * 1024 * 1024
"""The commands `askfirst import` and `askfirst screen` take larger files."""


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
