"""The custom elements, as files that any page may load."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from askfirst.web.public.headers import FOR_ALL

_HOUR: Final = "public, max-age=3600"
_NOT_MODIFIED, _NOT_FOUND = 304, 404
_TYPES: Final = {"js": "text/javascript", "css": "text/css"}


class Elements:
    """The modules, read once."""

    def __init__(self) -> None:
        self._files: Mapping[str, bytes] = {
            file.name: file.read_bytes()
            for file in files("askfirst.web").joinpath("elements").iterdir()
            if _suffix(file.name) in _TYPES
        }

    async def get(self, request: Request) -> Response:
        """Give one module; a browser that has it already is told so."""
        content = self._files.get(request.path_params["name"])
        if content is None:
            raise HTTPException(_NOT_FOUND)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**FOR_ALL, "cache-control": _HOUR, "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=_NOT_MODIFIED, headers=headers)
        kind = _TYPES[_suffix(request.path_params["name"])]
        return Response(content, media_type=kind, headers=headers)


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]
