"""The server hands out the modules and their stylesheet, and nothing else of the folder."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from askfirst.web.public.elements import Elements
from tests.elements.shop import ELEMENTS


def asked_for(name: str) -> Request:
    return Request({"type": "http", "headers": [], "path_params": {"name": name}})


@pytest.mark.parametrize(("suffix", "kind"), [("js", "text/javascript"), ("css", "text/css")])
async def test_each_file_that_browsers_load_is_served(suffix: str, kind: str) -> None:
    files = list(ELEMENTS.glob(f"*.{suffix}"))
    assert files
    for file in files:
        answer = await Elements().get(asked_for(file.name))
        assert answer.body == file.read_bytes()
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("name", ["elements.d.ts", "no.js", "..", ""])
async def test_nothing_else_is_served(name: str) -> None:
    with pytest.raises(HTTPException):
        await Elements().get(asked_for(name))
