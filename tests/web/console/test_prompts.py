"""Prompts in the console: which there are, their words as customers see them, what lint finds."""

from __future__ import annotations

from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.value import replace
from askfirst.usecases.prompts.manage_prompts import publish_prompt, put_draft
from askfirst.web.console.words import console_words
from tests.support.builders import BUSINESS
from tests.web.console.office import Office
from tests.web.public.visitors import Page

HOME = f"/console/{BUSINESS}"
VIEWER = OperatorRole.VIEWER


async def look(office: Office, path: str) -> Page:
    return await office.at(VIEWER).get(f"{HOME}{path}")


def own(office: Office, text: str) -> Prompt:
    """The question of the sign-up form in words of the business's own, in English."""
    built_in = office.world.services.catalogue.prompts["signup"]
    return replace(built_in, wordings={"en": Wording(text=text)})


async def test_each_prompt_is_listed_with_its_languages(office: Office) -> None:
    page = await look(office, "/prompts")
    for key in office.world.services.catalogue.prompts:
        assert f"{HOME}/prompts/{key}" in page.links()
    assert "comes with askfirst" in page.text


async def test_words_are_shown_as_customers_see_them_in_each_language(office: Office) -> None:
    page = await look(office, "/prompts/signup?in=fr")
    shown = page.all("div", **{"class": "askfirst-prompt", "lang": "fr", "dir": "ltr"})
    assert shown
    assert "Café Lune" in page.text
    assert "{business}" not in page.source
    arabic = await look(office, "/prompts/signup?in=ar")
    assert arabic.all("div", **{"class": "askfirst-prompt", "lang": "ar", "dir": "rtl"})


async def test_a_draft_is_told_from_what_is_asked_now(office: Office) -> None:
    services = office.world.services
    draft = own(office, "Yes, {business} may send me {kinds} on WhatsApp. {stop}")
    await put_draft(services, BUSINESS, draft)
    assert "Draft" in (await look(office, "/prompts")).text
    assert "may send me" not in (await look(office, "/prompts/signup?in=en")).text
    page = await look(office, "/prompts/signup?in=en&draft=1")
    assert "may send me" in page.text
    assert "no customer sees it yet" in page.text
    await publish_prompt(services, BUSINESS, "signup")
    assert "may send me" in (await look(office, "/prompts/signup?in=en")).text
    assert "your revision 1" in (await look(office, "/prompts")).text


async def test_what_lint_finds_is_said_with_its_mending(office: Office) -> None:
    await put_draft(office.world.services, BUSINESS, own(office, "Win a prize now!"))
    page = await look(office, "/prompts/signup?draft=1")
    assert "Must change" in page.text
    assert "texts.en" in page.text


async def test_what_a_wording_has_in_it_is_no_markup(office: Office) -> None:
    text = "<script>alert(1)</script> {business} {kinds} {stop}"
    await put_draft(office.world.services, BUSINESS, own(office, text))
    page = await look(office, "/prompts/signup?draft=1")
    assert "<script" not in page.source


async def test_a_prompt_that_is_not_there_is_not_found(office: Office) -> None:
    assert (await look(office, "/prompts/nothing")).got.status == 404


async def test_each_page_has_words_in_each_language(office: Office) -> None:
    for locale in console_words():
        for place in ("/prompts", "/prompts/signup", "/prompts/orders_notice", "/prompts/code"):
            page = await look(office, f"{place}?locale={locale}")
            assert page.got.status == 200, (locale, place)
