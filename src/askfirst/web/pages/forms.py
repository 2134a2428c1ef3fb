"""What comes in by POST: small, whole, and from a page that may send it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from askfirst.domain.values.errors import InvalidInput, NotPermitted
from askfirst.web.asgi import read_body
from askfirst.web.multipart import read_parts

BYTES_MAX: Final = 16 * 1024
UPLOAD_BYTES_MAX: Final = 256 * 1024
_FIELDS_MAX: Final = 32
_OPAQUE: Final = "null"


async def read_form(
    request: Request, bytes_max: int = BYTES_MAX, fields_max: int = _FIELDS_MAX
) -> Mapping[str, str]:
    """Read a form. A field that is there twice could be read in two ways: refused."""
    body = await read_body(request.scope, request.receive, bytes_max)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=fields_max, errors="strict"
        )
    except ValueError as error:
        raise InvalidInput("form", "must be a form in UTF-8") from error
    return _once(pairs, fields_max)


async def read_upload(request: Request) -> Mapping[str, str]:
    """Read a form that may carry a file; a file is taken as text.

    Raises:
        InvalidInput: it is no whole form, or can be read in two ways.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return await read_form(request)
    body = await read_body(request.scope, request.receive, UPLOAD_BYTES_MAX)
    parts = read_parts(kind, body)
    return _once([(part.name, bytes(part.content).decode(errors="replace")) for part in parts])


def origin_of(request: Request, ours: str) -> str:
    """Tell from which origin a page posts.

    A browser that keeps the referrer to itself (as our pages ask it to) says `null`, but marks
    what comes from the same origin; what a sandboxed frame sends is marked cross-site.

    Raises:
        NotPermitted: nothing tells where it comes from.
    """
    named = request.headers.get("origin", _OPAQUE)
    if named != _OPAQUE:
        return named
    if request.headers.get("sec-fetch-site") == "same-origin":
        return ours
    raise NotPermitted("the form must come from a page of this site")


def address_of(request: Request) -> str:
    """Return the peer's address. At the door, only a trusted proxy was believed about it."""
    return request.client.host if request.client else ""


def _once(pairs: list[tuple[str, str]], fields_max: int = _FIELDS_MAX) -> Mapping[str, str]:
    form = dict(pairs)
    if len(form) != len(pairs) or len(pairs) > fields_max:
        raise InvalidInput("form", "must hold each field once")
    return form
