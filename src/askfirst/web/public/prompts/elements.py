"""The custom elements, as files that any page may load."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from askfirst.web.pages.headers import FOR_ALL

_HOUR: Final = "public, max-age=3600"
_TYPES: Final = {"js": "text/javascript", "css": "text/css"}


class Elements:
    """The modules, read once."""

    def __init__(self) -> None:
        self._files: Mapping[str, bytes] = {
            file.name: file.read_bytes()
            for file in files("askfirst.web").joinpath("elements").iterdir()
            if _suffix(file.name) in _TYPES
        }
        self._packed = {
            name: gzip.compress(content, mtime=0) for name, content in self._files.items()
        }

    async def get(self, request: Request) -> Response:
        """Return one module; a browser that has it already is told so."""
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        packed = _takes_gzip(request.headers.get("accept-encoding", ""))
        content = self._packed[name] if packed else self._files[name]
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**FOR_ALL, "cache-control": _HOUR, "etag": tag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if packed:
            headers["content-encoding"] = "gzip"
        kind = _TYPES[_suffix(name)]
        return Response(content, media_type=kind, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """Read Accept-Encoding as far as needed (RFC 9110, 12.5.3): gzip is named, and not with q=0."""
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.replace(" ", "").partition(";")
        if coding == "gzip":
            return weight.rstrip("0.") != "q="
    return False


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]
