"""Bodies as fields: JSON, and forms of both kinds, whichever the client says it is.

What it does not say is taken for JSON, and what is sent on says it is JSON: a form under
another name is no JSON, and so is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.json_object import read_object
from askfirst.web.multipart import Part, read_parts

FORM: Final = b"application/x-www-form-urlencoded"
MULTIPART: Final = b"multipart/form-data"
JSON: Final = "application/json"
_FIELDS_MAX: Final = 64
_PLAIN: Final = frozenset({None, JSON})
_CHARSETS: Final = frozenset({b"utf-8", b"utf8"})


def read_fields(content_type: str | None, body: bytes) -> dict[str, Any]:
    """Read the fields of a body; those of a form are texts.

    Raises:
        InvalidInput: it is not what its type says, or a field is there twice.
    """
    if content_type in _PLAIN:
        return read_object(body)
    kind, options = parse_options_header(content_type)
    if options.get(b"charset", b"utf-8").lower() not in _CHARSETS:
        raise InvalidInput("content-type", "must have the charset UTF-8, or none")
    match kind:
        case b"application/json":
            return read_object(body)
        case b"application/x-www-form-urlencoded":
            return _unique(_form(body))
        case b"multipart/form-data":
            return dict(map(_field, read_parts(content_type or "", body)))
        case _:
            raise InvalidInput("content-type", "must be application/json, or that of a form")


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FIELDS_MAX,
        )
    except ValueError as error:
        raise InvalidInput("body", "must be a form in UTF-8, of 64 fields at most") from error


def _field(part: Part) -> tuple[str, str]:
    if part.filename is not None:
        raise InvalidInput(part.name, "must not be a file")
    try:
        return part.name, bytes(part.content).decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(part.name, "must be UTF-8") from error


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise InvalidInput(name[:64], "must not be given twice")
        fields[name] = value
    return fields
