"""The query of a raw route is read as the framework reads that of any other."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI, Query
from hypothesis import given
from hypothesis import strategies as st

from askfirst.web.api.platform.query import query_reader_of
from askfirst.web.api.platform.refusals import refuse_with_problems
from askfirst.web.api.prompts.models import RenderQuery
from askfirst.web.problems import InvalidFields, problem_of

read = query_reader_of(RenderQuery)


def framework() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def told(query: Annotated[RenderQuery, Query()]) -> RenderQuery:
        return query

    refuse_with_problems(app)
    return app


NAMES = st.sampled_from(["locale", "purpose", "kinds", "order", "open_url", "Locale", "x y", ""])
VALUES = st.one_of(
    st.sampled_from(["", "en", "marketing", "https://wa.me/1", "%", "a+b", "é", "\0", "a" * 36]),
    st.text(max_size=8),
)
PAIRS = st.lists(st.tuples(NAMES, VALUES, st.booleans()), max_size=6)


@given(PAIRS)
def test_it_is_read_as_the_framework_reads_it(pairs: list[tuple[str, str, bool]]) -> None:
    query = "&".join(
        f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'), safe='+')}"
        if is_escaped
        else f"{quote(name)}"
        for name, value, is_escaped in pairs
    )
    assert _raw(query) == _framed(query)


def _raw(query: str) -> object:
    try:
        return read(query.encode()).model_dump()
    except InvalidFields as error:
        return {(one.field, one.message) for one in problem_of(error).errors}


def _framed(query: str) -> object:
    transport = httpx.ASGITransport(app=framework())
    answer = _get(transport, query)
    if answer.status_code == 200:
        return answer.json()
    return {(one["field"], one["message"]) for one in answer.json()["errors"]}


def _get(transport: httpx.ASGITransport, query: str) -> httpx.Response:

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(f"/?{query}")

    return asyncio.run(get())


def test_of_a_parameter_that_is_given_again_the_last_counts_and_of_a_list_all() -> None:
    got = read(b"locale=en&purpose=marketing&locale=fr&purpose=utility")
    assert got == RenderQuery(locale="fr", purpose=["marketing", "utility"])


@pytest.mark.parametrize("query", [b"speed=9", b"locale=" + b"a" * 36, b"open_url=javascript:1"])
def test_what_is_wrong_is_named_and_not_repeated(query: bytes) -> None:
    with pytest.raises(InvalidFields) as caught:
        read(query)
    (error,) = caught.value.errors
    assert error.field == query.decode().partition("=")[0]
    assert "javascript" not in error.message
