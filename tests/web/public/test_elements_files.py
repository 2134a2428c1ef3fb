"""The elements as files that any page may load."""

from __future__ import annotations

import re

import pytest

from tests.web.public.visitors import Street


async def test_every_module_that_a_module_loads_is_there(street: Street) -> None:
    todo, seen = ["askfirst.js"], set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        got = await street.visitor().raw("GET", f"/elements/{name}", origin="https://shop.example")
        assert got.status == 200
        assert got.headers["content-type"] == "text/javascript; charset=utf-8"
        assert got.headers["access-control-allow-origin"] == "*"
        assert got.headers["cache-control"] == "public, max-age=3600"
        todo += re.findall(r'import[^;]*?"\./([a-z-]+\.js)"', got.body.decode())
    assert len(seen) > 4


async def test_a_browser_that_has_a_module_is_told_so(street: Street) -> None:
    got = await street.visitor().raw("GET", "/elements/askfirst.js")
    again = await street.visitor().raw(
        "GET", "/elements/askfirst.js", if_none_match=got.headers["etag"]
    )
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("name", ["none.js", "elements.d.ts", "..%2fapp.py", "../app.py", ""])
async def test_nothing_else_is_given_away(street: Street, name: str) -> None:
    assert (await street.visitor().raw("GET", f"/elements/{name}")).status == 404
