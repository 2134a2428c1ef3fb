"""Elements speak the language of the question by themselves; the product's words go first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from askfirst.web.element_words import KEYS
from askfirst.web.words import read_texts
from tests.elements.questions import TOKEN, box, fragment, optin
from tests.elements.shop import ELEMENTS, Shop

NAMES = {name: key for keys in KEYS.values() for name, key in keys.items()}
LOCALES = [("fr", "ltr"), ("ar", "rtl")]
OPEN = {"fr": "Ouvrir WhatsApp", "ar": "فتح واتساب"}
YES = {"fr": "Sur WhatsApp", "ar": "عبر واتساب", "bn": "WhatsApp-এ"}
ANSWERS = "/p/cafe/answers"
SOURCE = "/p/cafe/prompts/x.json"
ASKED = {"optin": "signup", "order": "order"}
# What an answer can come to: by its token, and by what is said to it.
FATES = {"done": (TOKEN, 201), "failed": (TOKEN, 500), "refused": ("", 0)}

in_both = pytest.mark.parametrize(("lang", "way"), LOCALES)


def words(lang: str, name: str, **values: int) -> str:
    """What the catalogue of a language has for the element."""
    return read_texts(lang)[NAMES[name]].format(**values)


def form(inside: str) -> str:
    phone = '<input type="hidden" name="phone" value="+447700900123">'
    return f'<form action="/join" method="post">{phone}{inside}<button id="send">→</button></form>'


def asking(tag: str, inside: str, attributes: str = "") -> str:
    """A form with a question that is posted: a box, or two buttons."""
    return form(f'<askfirst-{tag} post="{ANSWERS}" {attributes}>{inside}</askfirst-{tag}>')


def login(lang: str, attributes: str) -> str:
    """Two questions: the box about messages comes first, as in the shop."""
    return f"""
<askfirst-code request="/code" check="/check" resend="/resend" {attributes}>
  <form action="/code" method="post"><input type="tel" name="phone" aria-label="Phone">
  {optin(fragment("login", lang))}{fragment("code", lang)}</form>
  <form action="/check" method="post" hidden>
    <input name="code" aria-label="Code" autocomplete="one-time-code">
    <button id="check">→</button>
    <button class="askfirst-resend" formaction="/resend" formnovalidate>↻</button>
  </form>
</askfirst-code>"""


def sent(**more: str) -> dict[str, Any]:
    until = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    urls = {"open_url": "https://wa.me/1", "qr_url": "/qr.svg"}
    return {"id": "cod_1", "channel": "whatsapp", "resend_at": until, **urls, **more}


def answer(page: Page) -> None:
    """Say yes in whatever language, and send the form."""
    controls = page.locator("[value=grant]")
    if controls.first.get_attribute("type") == "checkbox":
        controls.check()
        page.locator("#send").click()
    else:
        controls.click()


def ask(shop: Shop, page: Page, lang: str, *, attributes: str = "", **more: str) -> None:
    """Ask for a code on a page in this language."""
    shop.answer("/code", sent(**more))
    page.goto(shop.show(login(lang, attributes), lang=lang))
    page.get_by_label("Phone").fill("+447700900123")
    page.get_by_role("button", name=YES[lang]).click()


def alert(page: Page) -> Locator:
    return page.get_by_role("alert")


def check(page: Page) -> None:
    page.get_by_label("Code").fill("1")
    page.locator("#check").click()


def test_english_is_the_same_with_and_without_a_question() -> None:
    code = "".join(one.read_text(encoding="utf-8") for one in ELEMENTS.glob("*.js"))
    spoken = dict(re.findall(r'say\(this, "(\w+)", "([^"]+)"', code))
    spoken |= re.findall(r'^  (\w+): "([A-Z].+)",$', code, re.MULTILINE)
    (spoken["failed"],) = re.findall(r'english = "([^"]+)"', code)
    assert spoken.pop("open") == "Open WhatsApp"
    assert spoken.pop("found") == read_texts("en")["country.found"]
    assert spoken.pop("none") == read_texts("en")["country.none"]
    assert spoken == {name: read_texts("en")[key] for name, key in NAMES.items()}


def test_the_filter_knows_each_word_and_no_other() -> None:
    module = (ELEMENTS / "inert-html.js").read_text(encoding="utf-8")
    (known,) = re.findall(r"\^data-\((.+)\)=", module)
    assert known.split("|") == sorted({*NAMES, "digits", "open"})


@pytest.mark.browser
@in_both
@pytest.mark.parametrize("name", FATES)
@pytest.mark.parametrize("tag", ASKED)
def test_an_answer_is_told_in_the_language_of_the_question(
    shop: Shop, page: Page, lang: str, way: str, tag: str, name: str
) -> None:
    token, status = FATES[name]
    shop.answer(ANSWERS, {}, status)
    question = fragment(ASKED[tag], lang, token)
    page.goto(shop.show(asking(tag, question), lang=lang, direction=way))
    answer(page)
    expect(alert(page)).to_have_text(words(lang, name))


@pytest.mark.browser
@in_both
@pytest.mark.parametrize("tag", ASKED)
def test_a_fetched_question_brings_its_words(
    shop: Shop, page: Page, lang: str, way: str, tag: str
) -> None:
    shop.answer(ANSWERS, {}, 201)
    shop.answer(SOURCE, {"html": fragment(ASKED[tag], lang, TOKEN)})
    page.goto(shop.show(asking(tag, "", f'src="{SOURCE}"'), lang=lang, direction=way))
    answer(page)
    expect(alert(page)).to_have_text(words(lang, "done"))


@pytest.mark.browser
@pytest.mark.parametrize("tag", ASKED)
@pytest.mark.parametrize("word", ["Noté !", ""])
def test_the_word_on_the_tag_goes_first(shop: Shop, page: Page, tag: str, word: str) -> None:
    shop.answer(ANSWERS, {}, 201)
    question = fragment(ASKED[tag], "fr", TOKEN)
    page.goto(shop.show(asking(tag, question, f'data-done="{word}"'), lang="fr"))
    answer(page)
    expect(page.locator("[posted] > .askfirst-notice")).to_have_text(word)


@pytest.mark.browser
@pytest.mark.parametrize("inside", ['<p data-done="No">', '<p class="askfirst-prompt">'])
def test_what_else_is_inside_says_nothing(shop: Shop, page: Page, inside: str) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(asking("optin", inside + "</p>" + fragment("signup", "fr", TOKEN))))
    answer(page)
    expect(alert(page)).to_have_text(words("fr", "done"))


@pytest.mark.browser
def test_words_from_elsewhere_are_text(shop: Shop, page: Page) -> None:
    hostile = "<img src=x onerror='document.title=1'>{x}"
    shop.answer(ANSWERS, {}, 201)
    question = box().replace('dir="ltr"', f'dir="ltr" data-done="{hostile}"')
    shop.answer(SOURCE, {"html": question})
    policy = "script-src 'self' 'unsafe-inline'"
    page.goto(shop.show(asking("optin", "", f'src="{SOURCE}"'), policy=policy))
    answer(page)
    expect(alert(page)).to_have_text(hostile.removesuffix("{x}"))
    assert page.title() == "A shop"
    assert page.locator("img").count() == 0


@pytest.mark.browser
def test_no_other_data_comes_in(shop: Shop, page: Page) -> None:
    known = sorted({*NAMES, "digits", "open"})
    strange = ["name", "x", "done-x", "xdone", "action", "done.x", "constructor", "__proto__"]
    given = " ".join(f'data-{name}="{name}"' for name in known + strange)
    given += ' done="" data="" constructor="x" __proto__="x" title="x" id="x" dat="a=b" '
    shop.answer(SOURCE, {"html": f"<div {given}>{box()}</div>"})
    page.goto(shop.show(asking("optin", "", f'src="{SOURCE}"')))
    whole = page.locator("askfirst-optin > div")
    whole.wait_for()
    assert sorted(whole.evaluate("one => one.getAttributeNames()")) == [f"data-{n}" for n in known]


@pytest.mark.browser
@in_both
def test_a_code_on_its_way_is_told_in_the_language_of_the_question(
    shop: Shop, page: Page, lang: str, way: str
) -> None:
    page.clock.install()
    ask(shop, page, lang)
    expect(page.get_by_role("link", name=OPEN[lang])).to_be_visible()
    resend = page.locator(".askfirst-resend")
    expect(resend).to_have_text(re.compile(words(lang, "wait", seconds=0).replace("0", r"\d+")))
    page.get_by_role("button", name=words(lang, "scan")).click()
    expect(page.get_by_role("img", name=OPEN[lang])).to_be_visible()
    page.clock.run_for(31_000)
    shop.answer("/resend", sent())
    resend.click()
    expect(page.get_by_role("status")).to_contain_text(words(lang, "resent"))


@pytest.mark.browser
@in_both
@pytest.mark.parametrize("name", ["wrong", "expired", "used", "locked"])
def test_a_refused_code_is_told_in_the_language_of_the_question(
    shop: Shop, page: Page, lang: str, way: str, name: str
) -> None:
    shop.answer("/check", {"result": name, "tries_left": 2})
    ask(shop, page, lang)
    check(page)
    told = words(lang, name, tries=2)
    expect(alert(page)).to_have_text(told)
    assert ("2" in told) == (name == "wrong")


@pytest.mark.browser
def test_counts_are_written_in_the_digits_of_the_question(shop: Shop, page: Page) -> None:
    shop.answer("/check", {"result": "wrong", "tries_left": 2})
    ask(shop, page, "bn")
    expect(page.locator(".askfirst-resend")).to_have_text(re.compile("[০-৯]+"))
    check(page)
    expect(alert(page)).to_have_text(words("bn", "wrong", tries=2).replace("2", "২"))


@pytest.mark.browser
@in_both
def test_a_proven_number_is_told_in_the_language_of_the_question(
    shop: Shop, page: Page, lang: str, way: str
) -> None:
    shop.answer("/check", {"detail": ""}, 500)
    shop.answer("/check", {"result": "approved"})
    ask(shop, page, lang)
    check(page)
    expect(alert(page)).to_have_text(words(lang, "failed"))
    check(page)
    expect(page.get_by_role("status")).to_have_text(words(lang, "approved"))


@pytest.mark.browser
@in_both
def test_a_message_that_did_not_come_is_told_in_the_language_of_the_question(
    shop: Shop, page: Page, lang: str, way: str
) -> None:
    shop.answer("/check", {"result": "expired"})
    page.clock.install()
    ask(shop, page, lang, channel="whatsapp_inbound")
    expect(page.get_by_role("link", name=OPEN[lang])).to_be_visible()
    with page.expect_response("**/check"):
        page.clock.run_for(3_000)
    expect(alert(page)).to_have_text(words(lang, "over"))
    expect(page.get_by_role("link", name=words(lang, "again"))).to_be_focused()


@pytest.mark.browser
def test_the_words_on_the_tag_go_first_for_a_code(shop: Shop, page: Page) -> None:
    shop.answer("/check", {"result": "wrong", "tries_left": 2})
    ask(shop, page, "fr", attributes='data-wrong="Raté, encore {tries}" data-scan="Viser"')
    expect(page.get_by_role("button", name="Viser")).to_be_visible()
    check(page)
    expect(alert(page)).to_have_text("Raté, encore 2")


@pytest.mark.browser
@pytest.mark.parametrize("result", ["fine thing", '"]', "done] x", ""])
def test_a_result_of_any_shape_approves_nothing(shop: Shop, page: Page, result: str) -> None:
    shop.answer("/check", {"result": result})
    ask(shop, page, "fr")
    check(page)
    expect(alert(page)).not_to_be_empty()
    expect(page.get_by_label("Code")).to_be_visible()
