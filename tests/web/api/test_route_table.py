"""One table of routes: raw ones are described as the rest is, and nothing is there twice."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast, get_args, get_origin, get_type_hints

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response

from askfirst.bootstrap import server
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import Wired
from askfirst.domain.value import replace
from askfirst.usecases.context.services import Services
from askfirst.web.api.app import ROUTES, api_document, build_api
from askfirst.web.api.codes.models import CodeCheckRequest
from askfirst.web.api.platform.json_body import reader_of
from askfirst.web.api.platform.raw_endpoint import RawEndpoint, RestApi
from askfirst.web.api.platform.route import ApiRoute, Call, RawReply
from askfirst.web.api.sending.routes import CheckAnswer, CheckRequest
from askfirst.web.metrics import Metrics
from tests.web.api.bodies import check
from tests.web.api.desk import Desk

RAW = [route for route in ROUTES if route.is_raw]
FRAMED = [route for route in ROUTES if not route.is_raw]
NOBODY = cast("Services", None)


def named(route: ApiRoute) -> str:
    return f"{route.method} {route.path}"


def schema_name(content: Mapping[str, Any]) -> str:
    schema = content["application/json"]["schema"]
    return str(schema["$ref"]).rpartition("/")[2]


def operation_of(route: ApiRoute) -> dict[str, Any]:
    found: dict[str, Any] = api_document()["paths"][route.path][route.method.lower()]
    return found


def test_what_is_called_with_every_send_and_log_in_is_raw() -> None:
    assert {named(route) for route in RAW} == {
        "POST /v1/check",
        "POST /v1/codes",
        "POST /v1/codes/{id}/check",
        "POST /v1/codes/{id}/resend",
        "POST /v1/consents",
        "GET /v1/prompts/{key}/render",
    }


def test_the_document_describes_the_table_and_nothing_else() -> None:
    described = {
        (method.upper(), path)
        for path, operations in api_document()["paths"].items()
        for method in operations
    }
    assert described == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_route_is_described_with_its_scope_models_and_statuses(route: ApiRoute) -> None:
    operation = operation_of(route)
    needed = f"Needs the scope `{route.scope.value}`." if route.scope else "Any live key will do."
    assert operation["description"].endswith(needed)
    assert operation["operationId"] == route.function.__name__
    assert ("requestBody" in operation) == (
        route.request is not None or route.takes_csv or bool(route.files)
    )
    if route.request is not None:
        assert schema_name(operation["requestBody"]["content"]) == route.request.__name__
    answers = operation["responses"]
    assert set(answers) == {str(route.status), *map(str, route.refusals)}
    if route.media_type:
        assert list(answers[str(route.status)]["content"]) == [route.media_type]
    elif route.answer is None:
        assert "content" not in answers[str(route.status)]
    else:
        assert schema_name(answers[str(route.status)]["content"]) == route.answer.__name__


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_what_stands_in_a_path_is_described(route: ApiRoute) -> None:
    parameters = operation_of(route).get("parameters", ())
    in_path = [one["name"] for one in parameters if one["in"] == "path"]
    assert in_path == [part[1:-1] for part in route.path.split("/") if part.startswith("{")]


@pytest.mark.parametrize("route", RAW, ids=named)
def test_a_raw_function_takes_and_gives_the_models_of_its_entry(route: ApiRoute) -> None:
    hints = get_type_hints(route.function)
    call, body = [hints[name] for name in inspect.signature(route.function).parameters]
    assert call is Call
    assert body is (route.request or route.query or type(None))
    assert get_origin(hints["return"]) is RawReply
    assert get_args(hints["return"]) == (route.answer,)


@pytest.mark.parametrize("route", FRAMED, ids=named)
def test_a_function_of_the_framework_takes_and_gives_the_models_of_its_entry(
    route: ApiRoute,
) -> None:
    hints = get_type_hints(route.function)
    assert hints.get("body") is route.request
    nothing = Response if route.media_type else type(None)
    assert hints["return"] is (nothing if route.answer is None else route.answer)


def test_no_route_stands_in_the_table_twice() -> None:
    assert max(Counter(map(named, ROUTES)).values()) == 1
    assert max(Counter(route.name for route in ROUTES).values()) == 1


def test_the_framework_serves_no_raw_route(desk: Desk) -> None:
    framework = build_api(desk.services, Metrics()).framework
    assert isinstance(framework, FastAPI)
    served = {
        (method, route.path)
        for route in framework.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert served == {(route.method, route.path) for route in FRAMED}


def test_a_path_is_raw_with_all_its_methods_or_with_none() -> None:
    other = replace(FRAMED[0], method="GET", path="/v1/check")
    with pytest.raises(ValueError, match="/v1/check must be raw"):
        RestApi([*ROUTES, other], NOBODY, Metrics(), framework=FastAPI())


def test_a_raw_route_needs_a_scope() -> None:
    with pytest.raises(ValueError, match="no raw route with a scope"):
        RawEndpoint(replace(RAW[0], scope=None), NOBODY, Metrics())


def test_the_server_takes_the_raw_routes_from_the_table(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: dict[str, object] = {}
    monkeypatch.setattr(
        server, "Router", lambda exact, prefixes, otherwise: served.update(exact | prefixes)
    )
    world = SimpleNamespace(services=desk.services, metrics=desk.metrics)
    server.build_app(cast("Wired", world), Settings())
    whole = served["/v1/"]
    assert isinstance(whole, RestApi)
    assert set(whole.exact) == {route.path for route in RAW if "{" not in route.path}
    assert all(served[path] is app for path, app in whole.exact.items())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/v1/check", "/v1/codes", "/v1/codes/cod_1/check", "/v1/consents"]
)
async def test_a_raw_path_says_which_methods_it_takes(
    stranger: httpx.AsyncClient, method: str, path: str
) -> None:
    got = await stranger.request(method, path)
    assert (got.status_code, got.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
async def test_a_rendering_is_only_got(stranger: httpx.AsyncClient, method: str) -> None:
    got = await stranger.request(method, "/v1/prompts/signup/render")
    assert (got.status_code, got.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/check/", "/v1/codes/", "/v1/codes//check"),
        *("/v1/codes/a/b/check", "/v1/codes/a/check/", "/v1/codes/a/checks"),
    ],
)
async def test_what_is_like_a_raw_path_is_none(caller: httpx.AsyncClient, path: str) -> None:
    got = await caller.post(path, json={})
    assert got.status_code == 404


async def test_a_check_answers_with_the_model_that_is_described(caller: httpx.AsyncClient) -> None:
    got = await caller.post("/v1/check", json=check(explain=True))
    answer = msgspec.json.decode(got.content, type=CheckAnswer, strict=True)
    assert set(json.loads(got.content)) == set(CheckAnswer.__struct_fields__)
    assert answer.reasons[0].code == "no_opt_in"


class Counted(msgspec.Struct):
    to: str
    count: int


class Single(msgspec.Struct):
    to: str


@pytest.mark.parametrize("model", [Counted, Single, dict])
def test_a_struct_that_cannot_be_read_both_fast_and_strictly_is_refused(model: type) -> None:
    with pytest.raises(TypeError):
        reader_of(model)


@pytest.mark.parametrize("model", [CheckRequest, CodeCheckRequest])
@pytest.mark.parametrize(
    "body",
    [
        b'{"sender":"1","to":"2","to":"3","purpose":"x","code":"1"}',
        b'{"code":"1","code":"2"}',
        b'{"sender":"1","sender":"2"}',
        b"",
        b"[]",
        b'{"sender":"1","code":"1","other":"2"}',
    ],
)
def test_both_kinds_of_models_refuse_what_can_be_read_in_two_ways(
    model: type[BaseModel | CheckRequest], body: bytes
) -> None:
    with pytest.raises(Exception, match=r"once|needed|several fields"):
        reader_of(model)(body)
