"""Raw routes: plain ASGI, made of the table, for what is called with every log-in or send.

FastAPI takes more time over such a call than all else together. When it fails: the answer is a
problem with a status of 4xx or 5xx; a caller that sees no `"verdict":"allow"` must not send.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.patience import Patience
from askfirst.usecases.tenants.authenticate import authenticate
from askfirst.web.api.platform.json_body import read_json_body, reader_of
from askfirst.web.api.platform.query import query_reader_of
from askfirst.web.api.platform.route import ApiRoute, Call
from askfirst.web.asgi import App, Headers, Receive, Scope, Send, bearer, respond
from askfirst.web.metrics import Metrics
from askfirst.web.problem_answers import send_problem
from askfirst.web.problems import MethodNotAllowed

_JSON: Final = b"application/json"
_NO_STORE: Final[Headers] = [(b"cache-control", b"no-store")]
_NAME: Final = re.compile(r"\{[a-z_]+\}")


class RawEndpoint:
    """ASGI application for one raw route."""

    def __init__(self, route: ApiRoute, services: Services, metrics: Metrics) -> None:
        if route.scope is None or not route.is_raw:
            message = f"{route.method} {route.path} is no raw route with a scope"
            raise ValueError(message)
        self._scope, self._function = route.scope, route.function
        self._status, self.door, self._only_reads = route.status, route.door, route.only_reads
        self._read = reader_of(route.request) if route.request is not None else None
        self._read_query = query_reader_of(route.query) if route.query is not None else None
        self._services, self._metrics = services, metrics

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, names: tuple[str, ...] = ()
    ) -> None:
        """Know the caller, read the body, answer; then do what the answer did not wait for."""
        try:
            patience = Patience()
            key = await patience.give(authenticate(self._services, bearer(scope), self._scope))
            body = None
            if self._read is not None:
                body = self._read(await read_json_body(scope, receive))
            elif self._read_query is not None:
                body = self._read_query(scope["query_string"])
            call = Call(self._services, self._metrics, key.business_id, scope, names)
            work = self._function(call, body)
            reply = await (patience.give(work) if self._only_reads else work)
            content = _written(reply.content)
        except Exception as error:  # noqa: BLE001 - told, and raised again where nobody foresaw it
            await send_problem(send, error, self._metrics, self.door)
            return
        self._metrics.request(self.door, self._status)
        headers = [*_NO_STORE, *reply.headers] if reply.headers else _NO_STORE
        await respond(send, self._status, content, _JSON, headers)
        if reply.afterwards is not None:
            await reply.afterwards()


class RawPath:
    """ASGI application for one path and all methods that it takes."""

    def __init__(self, endpoints: Mapping[str, RawEndpoint], metrics: Metrics) -> None:
        self._endpoints, self._metrics = endpoints, metrics
        self._door = next(iter(endpoints.values())).door

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, names: tuple[str, ...] = ()
    ) -> None:
        endpoint = self._endpoints.get(scope["method"])
        if endpoint is None:
            error = MethodNotAllowed(", ".join(self._endpoints))
            await send_problem(send, error, self._metrics, self._door)
            return
        await endpoint(scope, receive, send, names)


class RestApi:
    """ASGI application: each call goes to its raw route, and what has none to the framework.

    `exact` are the raw routes that a look at the path alone finds.
    """

    def __init__(
        self, routes: Iterable[ApiRoute], services: Services, metrics: Metrics, framework: App
    ) -> None:
        paths = dict(_raw_paths(tuple(routes), services, metrics))
        self.exact = {path: app for path, app in paths.items() if "{" not in path}
        self._named = tuple(
            (re.compile(_NAME.sub("([^/]+)", path)), app)
            for path, app in paths.items()
            if "{" in path
        )
        self.framework = framework

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if (app := self.exact.get(path)) is not None:
            await app(scope, receive, send)
            return
        for shape, named in self._named:
            if found := shape.fullmatch(path):
                await named(scope, receive, send, found.groups())
                return
        await self.framework(scope, receive, send)


def _raw_paths(
    routes: tuple[ApiRoute, ...], services: Services, metrics: Metrics
) -> Iterator[tuple[str, RawPath]]:
    """Gather what one path takes.

    Raises:
        ValueError: a path is partly raw, so that the one half would hide the other.
    """
    for path in dict.fromkeys(route.path for route in routes if route.is_raw):
        here = [route for route in routes if route.path == path]
        if not all(route.is_raw for route in here):
            message = f"{path} must be raw with all its methods, or with none"
            raise ValueError(message)
        endpoints = {one.method: RawEndpoint(one, services, metrics) for one in here}
        yield path, RawPath(endpoints, metrics)


def _written(content: BaseModel | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.model_dump_json().encode()
