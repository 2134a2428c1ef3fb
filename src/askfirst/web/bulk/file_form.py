"""A form with one file at its end, read as it comes: no more of the file is held than a piece."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, MultipartState
from starlette.requests import Request

from askfirst.domain.values.errors import InvalidInput
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge
from askfirst.web.bulk.list_files import pieces_of
from askfirst.web.multipart import Part, boundary_of, part_of

FIELDS_BYTES_MAX: Final = 16 * 1024
_FIELDS_MAX: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """The fields that stand before the file, the name of the file, and the file itself."""

    fields: Mapping[str, str]
    filename: str
    content: AsyncIterator[bytes]


async def read_file_form(request: Request) -> FileForm:
    """Read a form up to its file; the rest is read while `content` is.

    Raises:
        InvalidInput: it is no form with a file at its end, or can be read in two ways.
        BodyTooLarge: its fields are too long.
    """
    taken = _Taken()
    pieces = _parsed(request, taken)
    async for _ in pieces:
        if taken.filename is not None:
            break
    if taken.filename is None:
        raise InvalidInput("file", "must be chosen")
    return FileForm(fields=taken.fields, filename=taken.filename, content=_file(taken, pieces))


@dataclass(slots=True)
class _Taken:
    """What the parser has told so far; `waiting` are the pieces of the file that nobody has had."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None
    waiting: deque[bytes] = field(default_factory=deque)
    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: bytes = b""
    value: bytes = b""
    part: Part | None = None
    content: bytearray = field(default_factory=bytearray)
    size: int = 0

    def on_part_begin(self) -> None:
        if self.filename is not None:
            raise InvalidInput("file", "must be the last part of the form")
        self.headers, self.part = {}, None
        self.content.clear()

    def on_header_begin(self) -> None:
        self.name = self.value = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self.name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def on_header_end(self) -> None:
        name = self.name.lower()
        if name in self.headers:
            raise InvalidInput("body", "must have each header of a part once")
        self.headers[name] = self.value

    def on_headers_finished(self) -> None:
        self.part = part_of(self.headers, b"")
        if self.part.filename is not None:
            self.filename = self.part.filename

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self.filename is not None:
            self.waiting.append(data[start:end])
            return
        self.content += data[start:end]
        self.size += end - start
        if self.size > FIELDS_BYTES_MAX:
            raise BodyTooLarge

    def on_part_end(self) -> None:
        if self.filename is not None or self.part is None:
            return
        if self.part.name in self.fields or len(self.fields) >= _FIELDS_MAX:
            raise InvalidInput("form", "must hold each field once")
        self.fields[self.part.name] = self.content.decode(errors="replace")


async def _parsed(request: Request, taken: _Taken) -> AsyncIterator[None]:
    """Feed the parser; yields after each piece that came.

    Raises:
        BodyIncomplete: it ended before its end.
    """
    boundary = boundary_of(request.headers.get("content-type", ""))
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": taken.on_part_begin,
            "on_part_data": taken.on_part_data,
            "on_part_end": taken.on_part_end,
            "on_header_begin": taken.on_header_begin,
            "on_header_field": taken.on_header_field,
            "on_header_value": taken.on_header_value,
            "on_header_end": taken.on_header_end,
            "on_headers_finished": taken.on_headers_finished,
        },
    )
    async for piece in pieces_of(request):
        try:
            parser.write(piece)
        except FormParserError as error:
            raise InvalidInput("form", "must be a form as RFC 7578 has it") from error
        yield
    if parser.state is not MultipartState.END:
        raise BodyIncomplete


async def _file(taken: _Taken, pieces: AsyncIterator[None]) -> AsyncIterator[bytes]:
    while True:
        while taken.waiting:
            yield taken.waiting.popleft()
        try:
            await anext(pieces)
        except StopAsyncIteration:
            return
