"""One route of the REST face: who may call what, what goes in and comes out, and what does it.

A table of these is all there is: the raw endpoints, the framework's routes and the OpenAPI document
are made of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import msgspec
from pydantic import BaseModel

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import BusinessId
from askfirst.usecases.context.services import Services
from askfirst.web.asgi import Headers, Scope
from askfirst.web.metrics import Metrics

ANY_KEY: Final = None
"""In place of a scope: any live key will do."""

_ALWAYS: Final = frozenset({401, 503})
_WITH_SCOPE: Final = frozenset({403})
_WITH_BODY: Final = frozenset({400, 413, 415, 422})

Body = TypeVar("Body")
Query = TypeVar("Query", bound=BaseModel)
Answer = TypeVar("Answer")


class Call(msgspec.Struct, frozen=True):
    """A call at a raw endpoint, by a caller who is known; `names` are those in its path."""

    services: Services
    metrics: Metrics
    business_id: BusinessId
    scope: Scope
    names: tuple[str, ...]

    def headers(self, name: bytes) -> list[str]:
        """Return all values of a header, which is named in small letters."""
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == name]


class RawReply(msgspec.Struct, Generic[Answer], frozen=True):
    """An answer, or the JSON that was written of it, and what is done once it is out."""

    content: Answer | bytes
    headers: Headers | None = None
    afterwards: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """A route. `request` and `answer`: the models of the bodies; None where there is none.

    `query`: the model of what a raw route that has no body takes behind the `?`.
    `problems` are the statuses that it answers besides those of every route of its kind, each
    with what leads to it; where every route has one, the reason takes the place of the usual one.
    `media_type` is set where the answer is a file and no JSON.
    `parameters` describe what else a raw route takes; the framework reads its own off `function`.
    `takes_csv`: the body is a file of CSV, which the function reads itself; `files`: one of these
    types, the first of which is CSV.
    """

    method: str
    path: str
    scope: ApiScope | None
    function: Callable[..., Coroutine[Any, Any, Any]]
    summary: str
    request: type | None = None
    query: type[BaseModel] | None = None
    answer: type | None = None
    status: int = 200
    problems: Mapping[int, str] = field(default_factory=dict)
    media_type: str = ""
    is_raw: bool = False
    takes_csv: bool = False
    files: tuple[str, ...] = ()
    door: str = "api"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    only_reads: bool = False

    @property
    def name(self) -> str:
        """Name the operation, as clients that are generated call it."""
        return self.function.__name__

    @property
    def refusals(self) -> tuple[int, ...]:
        """List every status of a problem that it may answer with."""
        scoped = _WITH_SCOPE if self.scope is not ANY_KEY else frozenset()
        has_body = self.request is not None or self.takes_csv or self.files
        read = _WITH_BODY if has_body else frozenset()
        return tuple(sorted(_ALWAYS | scoped | read | self.problems.keys()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSection:
    """The routes of one feature, as the reference shows them together.

    `feature` is the folder of the routes; the examples of their bodies stand there, in
    `examples.json`. `about` is Markdown.
    """

    feature: str
    title: str
    about: str
    routes: tuple[ApiRoute, ...]


def raw_route(
    method: str,
    path: str,
    scope: ApiScope,
    function: Callable[[Call, Body], Coroutine[Any, Any, RawReply[Answer]]]
    | Callable[[Call, Query], Coroutine[Any, Any, RawReply[Answer]]],
    summary: str,
    *,
    request: type[Body] | None,
    query: type[Query] | None = None,
    answer: type[Answer],
    status: int = 200,
    problems: Mapping[int, str] | None = None,
    door: str = "api",
    parameters: Mapping[str, Any] | None = None,
    only_reads: bool = False,
) -> ApiRoute:
    """Make a route of plain ASGI: its function takes and gives exactly the models it names.

    `door` is what it is counted under. `request` is a pydantic model, or a flat msgspec struct; in
    its place, a function that reads no body takes the `query`, and says so in `parameters`.
    `only_reads`: nothing is done but to read, so an answer that takes too long is given up.
    """
    return ApiRoute(
        method=method,
        path=path,
        scope=scope,
        function=function,
        summary=summary,
        request=request,
        query=query,
        answer=answer,
        status=status,
        problems=problems or {},
        is_raw=True,
        door=door,
        parameters=parameters or {},
        only_reads=only_reads,
    )
