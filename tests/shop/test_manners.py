"""What any shop has to get right: foreign forms, cookies, headers, numbers, languages."""

from __future__ import annotations

import re
import tomllib

import httpx
import pytest

from phone_numbers import read_number
from tests.shop.conftest import ADA, SHOP, FakeAskfirst
from words import NAMES, all_words, preferred

FORM = {"name": "Ada", "phone": ADA, "askfirst_signup": "grant", "askfirst_signup_token": "t"}
FORMS = (
    "/signup",
    "/order",
    "/thanks",
    "/login/code",
    "/login/check",
    "/account/send",
    "/account/campaign",
    "/logout",
)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://shop.test.evil.test", ""])
async def test_a_form_from_elsewhere_is_refused(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, path: str, origin: str
) -> None:
    answer = await visitor.post(path, data=FORM, headers={"origin": origin})
    assert answer.status_code == 403
    assert askfirst.calls == []


@pytest.mark.parametrize("path", ["/welcome", "/thanks", "/account", "/login/code", "/support"])
async def test_looking_at_a_page_changes_nothing(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, path: str
) -> None:
    await visitor.post("/order", data=FORM | {"tea": "1"})
    await visitor.post("/signup", data=FORM)
    askfirst.calls.clear()
    await visitor.get(path)
    assert askfirst.calls == []


async def test_the_cookie_is_closed_to_scripts_and_names_no_number(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.post("/signup", data=FORM, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "900123" not in cookie
    assert "900123" not in answer.headers["location"]


async def test_a_cookie_that_was_changed_is_nobodys(visitor: httpx.AsyncClient) -> None:
    await visitor.post("/signup", data=FORM)
    text, _, signature = visitor.cookies["lune"].partition(".")
    visitor.cookies.clear()
    visitor.cookies.set("lune", f"{text[:-2]}AA.{signature}")
    assert (await visitor.get("/account")).url.path == "/login"


async def test_every_page_has_a_strict_policy(visitor: httpx.AsyncClient) -> None:
    policy = (await visitor.get("/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_what_somebody_types_is_not_taken_for_html(visitor: httpx.AsyncClient) -> None:
    page = await visitor.post("/signup", data=FORM | {"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.text


async def test_after_changing_the_language_one_stays_in_the_shop(
    visitor: httpx.AsyncClient,
) -> None:
    form = {"language": "ar", "path": "//evil.test/"}
    page = await visitor.post("/language", data=form)
    assert str(page.url) == "http://shop.test/"
    assert '<html lang="ar" dir="rtl">' in page.text


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+44 7700 900123", ADA),
        ("0044 (7700) 900-123", ADA),
        ("+٤٤ ٧٧٠٠ ٩٠٠١٢٣", ADA),
        ("\u200e+44 7700 900123\u202c", ADA),
        ("07700 900123", ""),
        ("06 39 98 55 01", "+33639985501"),
        ("00 33 6 39 98 55 01", "+33639985501"),
        ("+44 7700 9O0123", ""),
        ("+447700900123+447700900123", ""),
        ("", ""),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert read_number({"phone": typed}) == number


def test_a_national_number_is_one_of_the_country_that_was_chosen() -> None:
    assert read_number({"phone": "07700 900123", "country": "GB"}) == ADA
    assert read_number({"phone": "07700 900123", "country": "XX"}) == ""


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("ko, ar;q=0.5, en;q=0.4", "ar"),
        ("ja-JP, en;q=0.4", "ja"),
        ("en;q=0.1, de;q=0.2", "de"),
        ("fr;q=0, en", "en"),
        ("*", "en"),
        ("fr;q=x", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_first_that_the_visitor_and_the_shop_share(
    header: str, language: str
) -> None:
    assert preferred(header) == language


def test_every_language_says_everything_with_the_same_places() -> None:
    shapes = [
        {
            f"{table}.{name}": sorted(re.findall(r"{+\w+}+", text))
            for table, texts in _read(language).items()
            for name, text in texts.items()
        }
        for language in NAMES
    ]
    assert all(shape == shapes[0] for shape in shapes)


def test_nothing_is_said_that_has_no_words() -> None:
    known = all_words()["en"].names()
    sources = [*SHOP.glob("templates/*.html"), *SHOP.glob("*.py")]
    used = {
        name
        for source in sources
        for name in re.findall(r"""say\(["']([a-z_]+\.[a-z_]+)["']""", source.read_text())
    }
    assert len(used) > 60
    assert used <= known


def _read(language: str) -> dict[str, dict[str, str]]:
    path = SHOP / "locale" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
