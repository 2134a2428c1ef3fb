"""The public pages: complete, harmless, and quiet."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from askfirst.web.public.start_page import DemoSheet, build_pages
from tests.web.asgi_call import call

SHEET = DemoSheet(
    address="http://127.0.0.1:8080",
    key="ask_<key>",
    version="v26.0",
    sender_id="200000000000001",
    sender_name="Café Lune",
    template="summer_offer",
    language="en_US",
    person="+447700900123",
    phone_page="http://127.0.0.1:8090/inbox/447700900123",
    simulator="http://127.0.0.1:8090",
)


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("demo", [None, SHEET])
async def test_a_page_needs_nothing_inline_and_nothing_from_elsewhere(
    demo: DemoSheet | None,
) -> None:
    text = (await call(build_pages(demo), "GET", "/")).body.decode()
    tags = Tags(text).found
    assert not [attrs for _, attrs in tags if "style" in attrs or any(a[:2] == "on" for a in attrs)]
    loaded = [
        attrs.get("src") or attrs.get("href")
        for tag, attrs in tags
        if tag in ("img", "link", "script")
    ]
    assert loaded
    assert all(str(place).startswith("/static/") for place in loaded)
    assert re.search(r"<script[^>]*>[^<]", text) is None
    assert "<style" not in text


async def test_every_file_that_a_page_names_is_there() -> None:
    app = build_pages(SHEET)
    text = (await call(app, "GET", "/")).body.decode()
    names = set(re.findall(r"/static/[a-z.]+", text))
    assert len(names) == 4
    for name in names:
        got = await call(app, "GET", name)
        assert (got.status, got.headers["x-content-type-options"]) == (200, "nosniff")


async def test_the_policy_is_strict_and_the_key_is_not_cached() -> None:
    got = await call(build_pages(SHEET), "GET", "/")
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert "unsafe" not in got.headers["content-security-policy"]
    assert got.headers["cache-control"] == "no-store"


async def test_the_demo_page_says_what_to_try_with_everything_filled_in() -> None:
    text = (await call(build_pages(SHEET), "GET", "/")).body.decode()
    assert text.count("ask_&lt;key&gt;") == 4
    assert "ask_<key>" not in text
    assert "/v26.0/200000000000001/messages" in text
    assert "+44 7700 900123" in text
    assert SHEET.phone_page in text


async def test_the_plain_page_holds_no_demo() -> None:
    text = (await call(build_pages(), "GET", "/")).body.decode()
    assert "/docs" in text
    assert "447700900123" not in text


@pytest.mark.parametrize("path", ["/p/none", "/static/none.css", "/static/../pages.py"])
async def test_what_is_not_there_is_told_kindly(path: str) -> None:
    got = await call(build_pages(), "GET", path)
    assert (got.status, b"Page not found" in got.body) == (404, True)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_changed_here(method: str) -> None:
    got = await call(build_pages(), method, "/")
    assert (got.status, got.headers["allow"]) == (405, "GET, HEAD")


def test_a_demo_sheet_does_not_show_its_key() -> None:
    assert "ask_" not in repr(SHEET)
