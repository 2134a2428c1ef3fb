"""A FastAPI route with the house's manners: know the caller, then read the body strictly."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.web.api.platform.access import SCOPES, admit, services_of
from askfirst.web.api.platform.json_body import BODY_BYTES_MAX, check_content_type
from askfirst.web.asgi import read_body
from askfirst.web.strict_json import parse

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose body was read and understood already, by the one strict reader."""

    def __init__(self, request: Request, raw: bytes, tree: Any) -> None:
        super().__init__(request.scope, request.receive)
        self._raw, self._tree = raw, tree

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> Any:
        return self._tree


class StrictRoute(APIRoute):
    """Looks up its scope when it is built: a route without one is an error at start-up."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        method = next(iter(self.methods or ()))
        needed: ApiScope | None = SCOPES[method, self.path_format]

        async def strict(request: Request) -> Response:
            request.state.key = await admit(services_of(request), request, needed)
            if self.body_field is not None:
                raw = await _read(request)
                request = StrictRequest(request, raw, parse(raw))
            response = await handle(request)
            response.headers["cache-control"] = "no-store"  # answers are about people
            return response

        return strict


async def _read(request: Request) -> bytes:
    raw = await read_body(request.scope, request.receive, BODY_BYTES_MAX)
    if raw:
        check_content_type(request.headers.get("content-type"))
    return raw
