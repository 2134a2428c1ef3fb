"""The OpenAPI document: what every call says about itself, and that its examples are true."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest
from pydantic import BaseModel

from askfirst.web.api.app import ROUTES, SECTIONS, api_document
from askfirst.web.api.openapi import examples_of
from askfirst.web.api.platform.models import ProblemAnswer
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.problems import KINDS

JSON, PROBLEM = "application/json", "application/problem+json"
TAKEN = {404, 409, 503}
"""Statuses of examples that are well formed, but for things that are not there in a test."""


def named(route: ApiRoute) -> str:
    return f"{route.method} {route.path}"


def operation_of(route: ApiRoute) -> dict[str, Any]:
    found: dict[str, Any] = api_document()["paths"][route.path][route.method.lower()]
    return found


def bodies_of(route: ApiRoute) -> list[tuple[str, Any]]:
    examples = operation_of(route)["requestBody"]["content"][JSON]["examples"]
    return [(one["summary"], one["value"]) for one in examples.values()]


def read_as(model: type, value: Any) -> Any:
    """Read an example into its model; what is no such thing raises."""
    if issubclass(model, BaseModel):
        return model.model_validate(value)
    return msgspec.convert(value, model, strict=True)


def written(answer: Any) -> Any:
    if isinstance(answer, BaseModel):
        return answer.model_dump(mode="json")
    return msgspec.to_builtins(answer)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_call_says_what_it_does_and_where_it_belongs(route: ApiRoute) -> None:
    operation = operation_of(route)
    assert re.fullmatch(r"[A-Z][A-Za-z' -]{4,40}", operation["summary"])
    assert operation["description"].count(".") >= 2
    assert operation["tags"][0] in {section.title for section in SECTIONS}


def test_every_section_says_what_it_is_about() -> None:
    tags = api_document()["tags"]
    assert [tag["name"] for tag in tags] == [section.title for section in SECTIONS]
    assert all(len(tag["description"]) > 40 for tag in tags)
    assert sum(len(section.routes) for section in SECTIONS) == len(ROUTES)


def test_no_two_calls_have_the_same_summary() -> None:
    assert len({route.summary for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.request], ids=named)
def test_a_call_with_a_body_has_examples_of_it(route: ApiRoute) -> None:
    assert route.request is not None
    assert bodies_of(route)
    for summary, value in bodies_of(route):
        assert summary
        assert isinstance(read_as(route.request, value), route.request)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.answer], ids=named)
def test_the_example_of_an_answer_has_exactly_the_members_of_one(route: ApiRoute) -> None:
    assert route.answer is not None
    content = operation_of(route)["responses"][str(route.status)]["content"][JSON]
    assert written(read_as(route.answer, content["example"])) == content["example"]


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_each_problem_has_its_codes_a_reason_and_an_example(route: ApiRoute) -> None:
    known = {kind.code: kind for kind in KINDS.values()}
    responses = operation_of(route)["responses"]
    for status in route.refusals:
        told = responses[str(status)]
        codes = told["x-problem-codes"]
        assert told["description"].endswith(".")
        assert {known[code].status for code in codes} == {status}
        problem = ProblemAnswer.model_validate(told["content"][PROBLEM]["example"])
        assert (problem.status, problem.type) == (status, f"/problems/{problem.code}")
        assert problem.code in codes
        assert problem.detail


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_problem_with_a_value_names_the_field(route: ApiRoute) -> None:
    if 422 not in route.refusals:
        assert route.request is None
        return
    example = operation_of(route)["responses"]["422"]["content"][PROBLEM]["example"]
    assert all(error["field"] and error["message"] for error in example["errors"])


def test_the_words_of_a_route_take_the_place_of_the_usual_ones() -> None:
    for route in ROUTES:
        for status, words in route.problems.items():
            assert operation_of(route)["responses"][str(status)]["description"] == words


def test_every_parameter_is_described_and_those_in_a_path_have_an_example() -> None:
    for route in ROUTES:
        for one in operation_of(route).get("parameters", ()):
            assert one.get("description") or one["schema"].get("description"), one["name"]
            assert one["in"] != "path" or one["example"]


def members() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, schema in api_document()["components"]["schemas"].items():
        for field, member in schema.get("properties", {}).items():
            yield name, field, member


def test_every_field_says_what_it_is() -> None:
    silent = [
        f"{name}.{field}"
        for name, field, member in members()
        if not member.get("description") and "$ref" not in member
    ]
    assert not silent


def test_schemas_have_readable_names_and_say_what_they_are() -> None:
    for name, schema in api_document()["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name)
        assert name == "JsonValue" or schema["description"]


def test_a_feature_has_examples_of_its_routes_and_of_nothing_else() -> None:
    for section in SECTIONS:
        assert set(examples_of(section)) >= {r.name for r in section.routes if _has_bodies(r)}
        assert set(examples_of(section)) <= {route.name for route in section.routes}


def _has_bodies(route: ApiRoute) -> bool:
    return route.request is not None or route.answer is not None


@pytest.mark.parametrize("route", [one for one in ROUTES if one.request], ids=named)
async def test_the_server_takes_the_examples(caller: httpx.AsyncClient, route: ApiRoute) -> None:
    tokens = {
        key: (await caller.get(f"/v1/prompts/{key}/render")).json()["token"]
        for key in ("signup", "orders_notice")
    }
    path = route.path
    for one in operation_of(route).get("parameters", ()):
        path = path.replace("{" + one["name"] + "}", str(one.get("example")))
    for _, body in copy.deepcopy(bodies_of(route)):
        if "token" in body.get("prompt", {}):
            key = "orders_notice" if body.get("verb") == "inform" else "signup"
            body["prompt"] = {"token": tokens[key]}
        got = await caller.request(route.method, path, json=body)
        assert got.status_code in {route.status, *TAKEN}, got.text


async def test_every_route_is_documented_with_its_scope(stranger: httpx.AsyncClient) -> None:
    paths = (await stranger.get("/openapi.json")).json()["paths"]
    for route in ROUTES:
        operation = paths[route.path][route.method.lower()]
        assert operation["security"] == [{"key": []}]
        assert route.scope is None or f"`{route.scope.value}`" in operation["description"]


async def test_every_reference_leads_somewhere(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', response.text))
    assert named <= set(response.json()["components"]["schemas"])
