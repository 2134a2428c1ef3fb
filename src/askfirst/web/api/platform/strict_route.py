"""A route of the framework's with the house's manners: know the caller, then read strictly."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any, ClassVar, cast, get_args

from fastapi import Depends, FastAPI, Request, Response, params
from fastapi.routing import APIRoute
from pydantic import BaseModel

from askfirst.domain.tenants.api_key import ApiScope, Key
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.authenticate import authenticate
from askfirst.usecases.tenants.show_caller import identify
from askfirst.web.api.platform.json_body import BODY_BYTES_MAX, check_content_type
from askfirst.web.api.platform.route import ANY_KEY, ApiRoute
from askfirst.web.asgi import bearer, read_body
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

    scopes: ClassVar[Mapping[tuple[str, str], ApiScope | None]] = {}

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        method = next(iter(self.methods or ()))
        needed = self.scopes[method, self.path_format]

        async def strict(request: Request) -> Response:
            request.state.key = await _admit(_services_of(request), request, needed)
            if self.body_field is not None:
                raw = await _read(request)
                request = StrictRequest(request, raw, parse(raw))
            response = await handle(request)
            response.headers["cache-control"] = "no-store"  # answers are about people
            return response

        return strict


def add_routes(
    app: FastAPI,
    routes: tuple[ApiRoute, ...],
    responses: Callable[[ApiRoute], dict[int | str, Any]],
) -> None:
    """Add routes of the table to an app. A raw one is there to be described, not to be served."""

    class TableRoute(StrictRoute):
        scopes: ClassVar = {(route.method, route.path): route.scope for route in routes}

    app.router.route_class = TableRoute
    for route in routes:
        app.add_api_route(
            route.path,
            _described(route) if route.is_raw else route.function,
            methods=[route.method],
            status_code=route.status,
            summary=route.summary,
            description=cleandoc(route.function.__doc__ or ""),
            operation_id=route.name,
            response_model=route.answer if _is_model(route.answer) else None,
            responses=responses(route),
        )


def _described(route: ApiRoute) -> Callable[..., Any]:
    """Make a function that takes what a raw route takes, so that the framework describes it."""

    async def described(**_: Any) -> None:
        """Stand in the document, and nowhere else."""

    taken: dict[str, Any] = dict(route.parameters)
    if _is_model(route.request):
        taken["body"] = route.request
    described.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                annotation=kind,
                default=None if _is_header(kind) else Parameter.empty,
            )
            for name, kind in taken.items()
        ]
    )
    return described


def _is_header(kind: Any) -> bool:
    return any(isinstance(one, params.Header) for one in get_args(kind)[1:])


def _is_model(kind: type | None) -> bool:
    return kind is not None and issubclass(kind, BaseModel)


async def _admit(services: Services, request: Request, needed: ApiScope | None) -> Key:
    """Know the caller and check the scope, before a byte of the body is read."""
    secret = bearer(request.scope)
    if needed is ANY_KEY:
        return await identify(services, secret)
    return await authenticate(services, secret, needed)


async def _read(request: Request) -> bytes:
    raw = await read_body(request.scope, request.receive, BODY_BYTES_MAX)
    if raw:
        check_content_type(request.headers.get("content-type"))
    return raw


def _services_of(request: Request) -> Services:
    """Return what `build_api` was built with."""
    return cast("Services", request.app.state.services)


async def _services(request: Request) -> Services:
    return _services_of(request)


async def _caller(request: Request) -> Key:
    return cast("Key", request.state.key)


World = Annotated[Services, Depends(_services)]
Caller = Annotated[Key, Depends(_caller)]
