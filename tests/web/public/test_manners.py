"""What holds for every page: strict headers, no side effects, kind refusals, nothing repeated."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.web.asgi import Receive, Scope, Send
from askfirst.web.pages.headers import CONTENT_SECURITY_POLICY
from askfirst.web.pages.request_context import link_to
from askfirst.web.public.start_page import build_pages
from tests.support.builders import BUSINESS
from tests.support.services import World, build_world
from tests.support.stores import SqliteHome
from tests.web.asgi_call import call
from tests.web.public.visitors import NUMBER, SITE, Page, Street, Visitor, furnish

OURS = ("/static/", "/elements/")
"""Where files lie that pages load."""


async def places(street: Street) -> list[str]:
    """An address of each page of one business."""
    thanks = urlsplit((await street.join()).got.headers["location"]).path
    entry, me = await street.entry(), await street.link()
    page = await street.visitor().get(thanks)
    assert page.got.status == 200
    return [
        "/p/acme/join",
        "/p/acme/stop",
        thanks,
        f"{thanks}/receipt.jws",
        "/p/acme/prompts/signup",
        "/p/acme/prompts/signup.json",
        entry,
        f"{entry}/qr.svg",
        f"{entry}/qr.png",
        f"{entry}/poster",
        f"{entry}/poster?size=a6",
        f"{entry}/poster.svg",
        me,
        f"{me}/receipts/1.jws",
        "/p/acme/keys.json",
        "/p/verify",
        "/p/nobody/join",
        "/p/acme/me/none",
        "/elements/askfirst.js",
    ]


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        listed = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for (name,) in listed}


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/chat/AF-0000", "/me"])
async def test_a_page_that_is_missing_is_still_the_businesss_and_says_how_to_stop(
    street: Street, path: str
) -> None:
    page = await street.visitor().get(f"/p/acme{path}")
    assert page.got.status == 404
    assert "Café Lune Page not found" in page.text
    assert page.all("a", href="/p/acme/stop")


async def test_people_can_press_how_to_reach_the_business(street: Street) -> None:
    page = await street.visitor().get("/p/acme/stop")
    assert page.all("a", href="mailto:hello@shop.example")


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("hello@shop.example", "mailto:hello@shop.example"),
        ("+44 20 7946 0123", "tel:+442079460123"),
        ("+44 (0)20 7946 0123", "tel:+442079460123"),
        ("020 7946 0123", ""),
        ("https://shop.example/help", "https://shop.example/help"),
        ("Rue de la Lune 3, Lyon", ""),
        ("javascript:alert(1)", ""),
        ("ask@us or call", ""),
        ("me@shop.example?bcc=x@y.example", ""),
    ],
)
def test_a_contact_is_a_link_only_where_it_is_clear_what_it_opens(
    sqlite_world: World, contact: str, address: str
) -> None:
    assert link_to(sqlite_world.services, contact) == address


async def test_following_every_link_on_every_page_changes_nothing(
    street: Street, sqlite_home: SqliteHome
) -> None:
    """Link scanners, prefetchers and previews in chats do.

    Only the first receipt of a business makes something: the key that it is signed with.
    """
    todo, seen = await places(street), set[str]()
    await street.services.receipts.rotate(BUSINESS, street.world.clock.now())
    before = everything(sqlite_home.path)
    while todo:
        path = todo.pop()
        if path in seen or path.startswith("/static/"):
            continue
        seen.add(path)
        for method in ("GET", "HEAD"):
            got = await street.visitor(sec_purpose="prefetch").raw(method, path)
            assert got.status < 500
            if got.headers["content-type"].startswith("text/html"):
                todo.extend(Page(got).links())
    assert len(seen) >= 19
    assert everything(sqlite_home.path) == before


async def test_no_page_can_be_framed_or_load_anything_from_elsewhere(street: Street) -> None:
    for path in await places(street):
        got = await street.visitor().raw("GET", path)
        assert got.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert got.headers["x-frame-options"] == "DENY"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["x-robots-tag"] == "noindex"
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert "form-action 'self'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


async def test_what_is_about_a_person_is_not_stored_by_caches(street: Street) -> None:
    for path in await places(street):
        got = await street.visitor().raw("GET", path)
        is_public = path.endswith(("/keys.json", ".js"))
        assert ("public" in got.headers["cache-control"]) == is_public
        assert is_public or got.headers["cache-control"] == "no-store"


async def test_nothing_is_inline_and_everything_that_is_loaded_is_ours(street: Street) -> None:
    for path in await places(street):
        got = await street.visitor().raw("GET", path)
        if not got.headers["content-type"].startswith("text/html"):
            continue
        page = Page(got)
        for tag, attributes in page.tags:
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]
            if tag in ("link", "script", "img"):
                assert (attributes.get("src") or attributes["href"]).startswith(OURS)
        assert re.search(r"<script[^>]*>[^<]", page.source) is None
        assert "<style" not in page.source


async def test_every_static_file_that_is_named_is_there(street: Street) -> None:
    named: set[str] = set()
    for path in await places(street):
        got = await street.visitor().raw("GET", path)
        if got.headers["content-type"].startswith("text/html"):
            named |= {one for one in Page(got).links() if one.startswith("/static/")}
    assert len(named) >= 7
    for path in named:
        assert (await call(build_pages(), "GET", path)).status == 200


async def test_a_head_is_a_get_without_its_body(street: Street) -> None:
    for path in await places(street):
        got = await street.visitor().raw("GET", path)
        head = await street.visitor().raw("HEAD", path)
        assert (head.status, head.headers["content-type"]) == (
            got.status,
            got.headers["content-type"],
        )


@pytest.mark.parametrize(
    "path",
    ["/p/nobody/join", "/p/UPPER/join", "/p/a%20b/join", "/p/acme", "/p/acme/none", "/p/", "/p/x/"],
)
async def test_what_is_not_there_is_told_in_the_readers_language(street: Street, path: str) -> None:
    page = await street.visitor(accept_language="fr").get(path)
    assert (page.got.status, "Cette page n’existe pas" in page.text) == (404, True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
async def test_a_page_that_only_shows_takes_nothing(street: Street, method: str) -> None:
    entry = await street.entry()
    got = await street.visitor().raw(method, entry, origin=SITE)
    assert got.status == 405
    assert set(got.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_trouble_is_told_without_a_word_of_what_was_sent(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(NUMBER)

    async def swallow(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(RuntimeError):
            await street.app(scope, receive, send)

    monkeypatch.setattr("askfirst.web.public.prompts.join.answer_prompt", broken)
    visitor = Visitor(swallow, {"accept-language": "fr"})
    form = (await visitor.get("/p/acme/join")).fields()
    got = await visitor.post("/p/acme/join", form | {"phone": NUMBER, "askfirst_signup": "grant"})
    assert (got.got.status, "Cela n’a pas fonctionné" in got.text) == (500, True)
    assert "7700" not in got.source


async def test_no_answer_can_be_given_while_storage_cannot_keep_it(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise Unavailable("the disk is full", retry_after_seconds=7)

    monkeypatch.setattr("askfirst.web.public.prompts.join.answer_prompt", down)
    got = await street.join()
    assert (got.got.status, got.got.headers["retry-after"]) == (503, "7")
    assert "disk" not in got.text


async def test_pages_can_live_under_a_path(street: Street) -> None:
    site = replace(street.services.site, public_url="https://shop.example/optin")
    below = await furnish(build_world(street.world.store, street.world.clock, site=site))
    page = await below.visitor().get("/p/acme/join")
    loaded = [one["href"] for one in page.all("link")]
    assert loaded
    assert all(one.startswith("/optin/static/") for one in loaded)
    form = page.fields() | {"phone": NUMBER, "askfirst_signup": "grant"}
    got = await below.visitor().post("/p/acme/join", form, "https://shop.example")
    assert got.got.headers["location"].startswith("/optin/p/acme/thanks/")
