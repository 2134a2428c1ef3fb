"""How to stop: whoever has a receipt, or is asked, finds the way out."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.usecases.consent.issue_receipt import public_keys, verify_receipt
from tests.support.builders import BUSINESS, sender
from tests.web.public.visitors import Page, Street

STOP = "/p/acme/stop"
VOCABULARIES = built_in_catalogue().vocabularies


def chat(page: Page) -> str:
    (link,) = [one["href"] for one in page.all("a", **{"class": "button"})]
    return link


@pytest.mark.parametrize("locale", sorted(VOCABULARIES))
async def test_the_chat_opens_with_the_stop_word_of_the_readers_language(
    street: Street, locale: str
) -> None:
    page = await street.visitor().get(f"{STOP}?locale={locale}")
    word = VOCABULARIES[locale].stop
    assert chat(page) == f"https://wa.me/15550100001?text={quote(word)}"
    assert word in page.text
    assert "Café Lune" in page.text
    assert "<svg" in page.source


async def test_it_says_how_to_get_a_page_of_ones_own(street: Street) -> None:
    page = await street.visitor().get(STOP)
    assert "Ask Café Lune for the link" in page.text
    assert "hello@shop.example" in page.text


@pytest.mark.parametrize("locale", sorted(VOCABULARIES))
async def test_the_chat_opens_with_the_words_that_ask_for_that_page(
    street: Street, locale: str
) -> None:
    page = await street.visitor().get(f"{STOP}?locale={locale}")
    words = VOCABULARIES[locale].link_ask
    links = [one["href"] for one in page.all("a", **{"class": "quiet"})]
    assert f"https://wa.me/15550100001?text={quote(words)}" in links
    assert words in page.text


async def test_the_way_there_is_on_the_page_that_asks(street: Street) -> None:
    page = await street.visitor().get("/p/acme/join")
    assert any(one["href"].endswith("/p/acme/stop#choices") for one in page.all("a"))


async def test_nothing_there_asks_for_anything(street: Street) -> None:
    page = await street.visitor().get(STOP)
    assert not page.all("form", method="post")
    assert not page.all("input")


@pytest.mark.parametrize("state", [SenderState.PAUSED, SenderState.RESTRICTED])
async def test_a_sender_that_may_not_send_still_hears_a_stop(
    street: Street, state: SenderState
) -> None:
    now = street.world.clock.now()
    await street.services.directory.put_sender(sender(state=state), None, now)
    assert unquote(chat(await street.visitor().get(STOP))).endswith("=STOP")


async def test_a_sender_in_service_goes_before_one_that_is_not(street: Street) -> None:
    now = street.world.clock.now()
    other = sender(PhoneNumberId("900000000000001"), digits="15550100009")
    await street.services.directory.put_sender(sender(state=SenderState.PAUSED), None, now)
    await street.services.directory.put_sender(other, None, now)
    assert "/15550100009?" in chat(await street.visitor().get(STOP))


async def test_without_a_sender_the_page_still_says_what_to_do(street: Street) -> None:
    now = street.world.clock.now()
    await street.services.directory.put_sender(sender(state=SenderState.BANNED), None, now)
    page = await street.visitor().get(STOP)
    assert page.got.status == 200
    assert "Send STOP in your WhatsApp chat with Café Lune" in page.text
    assert not page.all("a", **{"class": "button"})


async def test_whoever_is_asked_or_thanked_or_comes_too_late_is_led_there(street: Street) -> None:
    thanks = urlsplit((await street.join()).got.headers["location"]).path
    for path in ("/p/acme/join", thanks, "/p/acme/me/none"):
        assert STOP in (await street.visitor().get(path)).links(), path


async def test_a_receipt_names_the_page(street: Street) -> None:
    thanks = urlsplit((await street.join()).got.headers["location"]).path
    text = (await street.visitor().raw("GET", f"{thanks}/receipt.jws")).body.decode()
    keys = await public_keys(street.services, BUSINESS)
    way_out = verify_receipt(street.services, text, keys)["withdrawal"]
    assert way_out == {"reply": "STOP", "page": f"{street.services.site.public_url}{STOP}"}
    assert (await street.visitor().get(STOP)).got.status == 200
