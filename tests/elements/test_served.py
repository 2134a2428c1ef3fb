"""The server hands out the modules and their stylesheet, and nothing else of the folder."""

from __future__ import annotations

import gzip

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from askfirst.web.public.prompts.elements import Elements
from tests.elements.shop import ELEMENTS


def asked_for(name: str, **headers: str) -> Request:
    raw = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    return Request({"type": "http", "headers": raw, "path_params": {"name": name}})


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


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "deflate, GZIP"])
async def test_whoever_takes_gzip_gets_it(accepted: str) -> None:
    plain = await Elements().get(asked_for("optin.js"))
    packed = await Elements().get(asked_for("optin.js", accept_encoding=accepted))
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert gzip.decompress(bytes(packed.body)) == plain.body


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br"])
async def test_whoever_does_not_take_gzip_gets_it_plain(accepted: str) -> None:
    answer = await Elements().get(asked_for("optin.js", accept_encoding=accepted))
    assert "content-encoding" not in answer.headers


async def test_a_browser_that_has_it_packed_is_told_so() -> None:
    packed = await Elements().get(asked_for("optin.js", accept_encoding="gzip"))
    known = asked_for("optin.js", accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert (await Elements().get(known)).status_code == 304
