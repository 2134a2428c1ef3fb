"""Forms with files (RFC 7578): read whole, and written anew.

The parser is python-multipart's, which is Starlette's, too. Where it takes what can be read in two
ways, that is refused here. Nothing of the client's own framing leaves: neither its boundary, nor
its headers, nor what stands before, after and between the parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, MultipartState, parse_options_header

from askfirst.domain.values.errors import InvalidInput

PARTS_MAX: Final = 16
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
"""RFC 2046, section 5.1.1."""
_TYPE = re.compile(
    r"[\w.+-]{1,64}/[\w.+-]{1,64}(?: ?; ?[\w-]{1,32}=\"?[\w.+-]{1,64}\"?){0,4}", re.ASCII
)
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ENCODINGS: Final = frozenset({b"binary", b"8bit", b"7bit"})
_NAME_MAX: Final = 64
_FILENAME_MAX: Final = 240
_ESCAPES = {'"': "%22", "\r": "%0D", "\n": "%0A", "\0": "%00"}
"""As the HTML standard has it: "multipart/form-data encoding algorithm"."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a file where it has a file name or a type, else a field."""

    name: str
    content: bytes | memoryview
    filename: str | None = None
    content_type: str | None = None


@dataclass(slots=True)
class _Collector:
    """Takes what the parser tells, as places in the one body that it reads."""

    body: memoryview
    headers: dict[bytes, bytes] = field(default_factory=dict)
    pieces: list[memoryview] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    name: bytes = b""
    value: bytes = b""

    def on_part_begin(self) -> None:
        self.headers, self.pieces = {}, []

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

    def on_part_data(self, _: bytes, start: int, end: int) -> None:
        self.pieces.append(self.body[start:end])

    def on_part_end(self) -> None:
        content = self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)
        self.parts.append(part_of(self.headers, content))


def boundary_of(content_type: str) -> bytes:
    """Return what stands between the parts of a form; InvalidInput where nothing names it."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not _BOUNDARY.fullmatch(boundary):
        raise InvalidInput("content-type", "must name the boundary between the parts")
    return boundary


def read_parts(content_type: str, body: bytes) -> tuple[Part, ...]:
    """Read the parts of a form, each with a name of its own.

    Raises:
        InvalidInput: it is no whole form, or has a part that cannot be read in one way only.
    """
    boundary = boundary_of(content_type)
    if body.count(b"--" + boundary) > PARTS_MAX + 1:
        raise InvalidInput("body", f"must have {PARTS_MAX} parts at most")
    found = _Collector(memoryview(body))
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": found.on_part_begin,
            "on_part_data": found.on_part_data,
            "on_part_end": found.on_part_end,
            "on_header_begin": found.on_header_begin,
            "on_header_field": found.on_header_field,
            "on_header_value": found.on_header_value,
            "on_header_end": found.on_header_end,
        },
    )
    try:
        parser.write(body)
    except FormParserError as error:
        raise InvalidInput("body", "must be a form as RFC 7578 has it") from error
    if parser.state is not MultipartState.END:
        raise InvalidInput("body", "must be a whole form, with the boundary at its end")
    given = [part.name for part in found.parts]
    if len(set(given)) != len(given):
        twice = next(name for name in given if given.count(name) > 1)
        raise InvalidInput(twice, "must not be given twice")
    return tuple(found.parts)


def write_parts(parts: Iterable[Part], boundary: str) -> bytes:
    """Write a form. `boundary` must not occur in it: make it of fresh random bytes."""
    line = f"--{boundary}"
    pieces: list[bytes | memoryview] = []
    for part in parts:
        head = f'{line}\r\nContent-Disposition: form-data; name="{_escaped(part.name)}"'
        if part.filename is not None:
            head += f'; filename="{_escaped(part.filename)}"'
        if part.content_type is not None:
            head += f"\r\nContent-Type: {part.content_type}"
        pieces += (f"{head}\r\n\r\n".encode(), part.content, b"\r\n")
    return b"".join([*pieces, f"{line}--\r\n".encode()])


def part_of(headers: dict[bytes, bytes], content: bytes | memoryview) -> Part:
    """Read the headers of a part; InvalidInput where they cannot be read in one way only."""
    known = dict(headers)
    disposition = known.pop(b"content-disposition", b"")
    kind = known.pop(b"content-type", None)
    if known.pop(b"content-transfer-encoding", b"binary").strip().lower() not in _ENCODINGS:
        raise InvalidInput("content-transfer-encoding", "must be binary")
    known.pop(b"content-length", None)  # the boundary says where a part ends
    if known:
        header = min(known).decode("latin-1")[:_NAME_MAX]
        raise InvalidInput(header, "is not a header that a part may have")
    _check_parameters(disposition)
    sort, options = parse_options_header(disposition)
    name, filename = options.get(b"name"), options.get(b"filename")
    if sort != b"form-data" or not name:
        raise InvalidInput("content-disposition", "must be form-data and name the field")
    return Part(
        name=_text("body", name)[:_NAME_MAX],
        content=content,
        filename=None if filename is None else _text("filename", filename)[-_FILENAME_MAX:],
        content_type=None if kind is None else _content_type(kind),
    )


def _check_parameters(disposition: bytes) -> None:
    """Refuse a parameter that is there twice: the parser takes the last, another may the first.

    `name*` is another spelling of the name, which forms do not have (RFC 7578, section 5.1).
    """
    bare = _QUOTED.sub(b"", disposition).lower()
    names = [one.partition(b"=")[0].strip() for one in bare.split(b";")[1:]]
    if len(set(names)) != len(names) or b"name*" in names:
        raise InvalidInput("content-disposition", "must give each parameter once")


def _content_type(value: bytes) -> str:
    text = value.decode("latin-1").strip()
    if not _TYPE.fullmatch(text):
        raise InvalidInput("content-type", "of a part must be such as image/png")
    return text


def _text(what: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(what, "must be UTF-8") from error


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(letter, letter) for letter in text)
