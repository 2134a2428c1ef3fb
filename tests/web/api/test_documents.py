"""The OpenAPI document and the page made of it."""

import re

import httpx
import pytest

from askfirst.web.api.app import ROUTES
from askfirst.web.api.consent.models import ConsentRequest
from askfirst.web.problems import KINDS


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


async def test_the_example_of_a_consent_is_one(
    stranger: httpx.AsyncClient, caller: httpx.AsyncClient
) -> None:
    schemas = (await stranger.get("/openapi.json")).json()["components"]["schemas"]
    example = schemas["ConsentRequest"]["examples"][0]
    assert ConsentRequest.model_validate(example).verb == "grant"
    assert (await caller.post("/v1/consents", json=example)).status_code == 201


async def test_the_page_fetches_nothing_and_runs_nothing(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get("/docs")
    assert response.status_code == 200
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?https?:", response.text)
    assert "<script" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "prefers-color-scheme: dark" in response.text


async def test_the_page_shows_every_call_and_every_problem(stranger: httpx.AsyncClient) -> None:
    page = (await stranger.get("/docs")).text
    assert all(f"<code>{route.path}</code>" in page for route in ROUTES)
    assert all(f'id="problem-{kind.code}"' in page for kind in KINDS.values())


async def test_the_page_shows_what_is_inside_of_members(stranger: httpx.AsyncClient) -> None:
    page = (await stranger.get("/docs")).text
    inside = (
        "contact.phone",
        "prompt.text",
        "prompt.hash",
        "reasons[].code",
        "standing[].basis.kind",
    )
    assert all(f"<code>{name}</code>" in page for name in inside)


@pytest.mark.parametrize("code", ["invalid_input", "conflict"])
async def test_the_type_of_a_problem_leads_to_its_explanation(
    stranger: httpx.AsyncClient, code: str
) -> None:
    response = await stranger.get(f"/problems/{code}")
    assert response.headers["location"] == f"/docs#problem-{code}"
