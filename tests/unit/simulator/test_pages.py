"""A person's phone, as pages that work with forms alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest

from askfirst.simulator.pages.pages import build_inboxes
from askfirst.simulator.simulator import DEFAULT_PHONE_NUMBER_ID, Simulator
from askfirst.simulator.state.state import (
    BusinessNumber,
    Button,
    CopyCode,
    Letter,
    Link,
    Sms,
)
from tests.unit.simulator.conftest import Day, count_up

ADA = "447700900123"
DAY = 86_400


def offer(at: float, message_id: str = "wamid.1") -> Letter:
    return Letter(
        message_id=message_id,
        phone_number_id=DEFAULT_PHONE_NUMBER_ID,
        received_at=at,
        type="template",
        header="Café Lune",
        text="A *second* coffee <b>on us</b>",
        footer="This week only",
        template="summer_offer",
        category="MARKETING",
        language="en_US",
        buttons=(Button("Stop promotions", "Stop promotions", "button"),),
        links=(Link("The menu", "https://example.com/menu"),),
    )


class Business:
    """Takes webhooks, and says what the test tells it to."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.status = 200

    async def __call__(self, body: bytes, _: Mapping[str, str]) -> int:
        self.bodies.append(body)
        return self.status


@pytest.fixture
def business() -> Business:
    return Business()


@pytest.fixture
def simulator(business: Business, day: Day) -> Simulator:
    simulator = Simulator.with_defaults(now=day, entropy=count_up(), deliver=business)
    simulator.world.phone(ADA).inbox.append(offer(day.seconds - 60))
    return simulator


@pytest.fixture
async def browser(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=build_inboxes(simulator))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://phone", follow_redirects=True
    ) as client:
        yield client


async def post(browser: httpx.AsyncClient, act: str, **form: str) -> httpx.Response:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await browser.post(f"/inbox/{ADA}/{act}", content=urlencode(form), headers=headers)


async def look(browser: httpx.AsyncClient, path: str = f"/inbox/{ADA}", language: str = "") -> str:
    page = await browser.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    return unescape(page.text)


async def test_the_chat_shows_what_came_escaped(browser: httpx.AsyncClient) -> None:
    page = (await browser.get(f"/inbox/{ADA}")).text
    assert "A <strong>second</strong> coffee &lt;b&gt;on us&lt;/b&gt;" in page
    for words in ("Café Lune", "This week only", "Stop promotions", "Template summer_offer"):
        assert words in page
    assert '<a href="https://example.com/menu" target="_blank" rel="noreferrer">' in page
    assert 'lang="en-US"' in page


async def test_what_is_typed_is_told_and_shown(
    browser: httpx.AsyncClient, business: Business
) -> None:
    page = (await post(browser, "write", text="Baja,\r\npor favor")).text
    assert "Baja,\npor favor" in page
    assert "delivered" in page
    assert rb"Baja,\npor favor" in business.bodies[-1]


async def test_what_is_said_elsewhere_is_shown_too(
    browser: httpx.AsyncClient, simulator: Simulator
) -> None:
    await simulator.phones.write(ADA, "From the control face")
    assert "From the control face" in await look(browser)


async def test_a_button_is_tapped(browser: httpx.AsyncClient, business: Business) -> None:
    page = (await post(browser, "tap", message_id="wamid.1", button="Stop promotions")).text
    assert b'"button"' in business.bodies[-1]
    assert '<li class="own"' in page


async def test_the_switches_are_turned(browser: httpx.AsyncClient, business: Business) -> None:
    page = (await post(browser, "stop")).text
    assert b'"stop"' in business.bodies[-1]
    assert "Resume offers" in page
    assert "You stopped offers from this business." in page
    page = (await post(browser, "resume")).text
    assert b'"resume"' in business.bodies[-1]
    assert "Stop offers" in page
    page = (await post(browser, "signup")).text
    assert b'"signup"' in business.bodies[-1]
    assert "You signed up for offers" in page


async def test_a_blocked_business_cannot_be_written_to(
    browser: httpx.AsyncClient, simulator: Simulator, business: Business
) -> None:
    page = (await post(browser, "block")).text
    assert simulator.world.phone(ADA).blocked == {DEFAULT_PHONE_NUMBER_ID}
    assert "You blocked this business." in page
    assert "<textarea" not in page
    page = (await post(browser, "unblock")).text
    assert "<textarea" in page
    assert business.bodies == []


async def test_looking_leaves_messages_unread_until_they_are_read(
    browser: httpx.AsyncClient, simulator: Simulator, business: Business
) -> None:
    simulator.world.phone(ADA).unread["wamid.1"] = DEFAULT_PHONE_NUMBER_ID
    unread = '<span class="unread">1</span>'
    assert unread in await look(browser)
    assert unread in await look(browser)
    assert unread not in (await post(browser, "read")).text
    assert b'"read"' in business.bodies[-1]


async def test_trouble_is_switched_and_seen(
    browser: httpx.AsyncClient, simulator: Simulator
) -> None:
    troubles = simulator.world.phone(ADA).troubles
    page = unescape((await post(browser, "trouble", no_delivery="on")).text)
    assert troubles.no_delivery
    assert "Something goes wrong on purpose: Nothing is delivered" in page
    page = unescape((await post(browser, "trouble", fail_with="131049")).text)
    assert "Nothing is delivered · Every message fails with error 131049" in page
    await post(browser, "trouble", no_delivery="off")
    page = (await post(browser, "trouble", fail_with="")).text
    assert (troubles.no_delivery, troubles.fail_with) == (False, 0)
    assert "on purpose" not in page


async def test_a_code_can_be_copied_until_it_expires(
    browser: httpx.AsyncClient, simulator: Simulator, day: Day
) -> None:
    letter = Letter(
        message_id="wamid.2",
        phone_number_id=DEFAULT_PHONE_NUMBER_ID,
        received_at=day.seconds,
        type="template",
        text="*1234* is your verification code.",
        copy_code=CopyCode("Copy code", "1234", day.seconds + 300),
    )
    simulator.world.phone(ADA).inbox.append(letter)
    assert 'data-code="1234"' in await look(browser)
    day.seconds += 300
    page = await look(browser)
    assert "data-code" not in page
    assert "This code has expired" in page


async def test_days_have_names(browser: httpx.AsyncClient, simulator: Simulator, day: Day) -> None:
    inbox = simulator.world.phone(ADA).inbox
    inbox.appendleft(offer(day.seconds - DAY, "wamid.2"))
    inbox.appendleft(offer(day.seconds - 30 * DAY, "wamid.3"))
    page = await look(browser, language="fr")
    old, yesterday, today = (page.index(name) for name in ("2026", "Hier", "Aujourd’hui"))
    assert old < yesterday < today


async def test_text_messages_are_a_chat_of_their_own(
    browser: httpx.AsyncClient, simulator: Simulator, day: Day
) -> None:
    text = "1234 is your code"
    simulator.world.phone(ADA).sms.append(Sms(sms_id="1", received_at=day.seconds, text=text))
    page = await look(browser, f"/inbox/{ADA}/sms")
    assert f'<p class="text" dir="auto">{text}</p>' in page
    assert "These messages can't be answered." in page
    assert "A <strong>second" not in page
    assert f'<p class="text" dir="auto">{text}</p>' not in await look(browser)
    page = (await post(browser, "trouble", sms_fails="on", view="sms")).text
    assert "SMS fails" in page
    assert "answered" in page


async def test_each_business_has_a_chat_of_its_own(
    browser: httpx.AsyncClient, simulator: Simulator, business: Business
) -> None:
    other = BusinessNumber(phone_number_id="2", waba_id="1", digits="15550100002", name="Bakery")
    simulator.world.numbers[other.phone_number_id] = other
    page = (await post(browser, "write", text="One loaf, please", view="2")).text
    assert b'"phone_number_id":"2"' in business.bodies[-1]
    assert "<h1><bdi>Bakery</bdi></h1>" in page
    assert "summer_offer" not in page
    assert '<p class="text" dir="auto">One loaf' not in await look(browser)
    assert (await browser.get(f"/inbox/{ADA}?to=3")).status_code == 404


async def test_a_business_that_does_not_take_it_shows(
    browser: httpx.AsyncClient, business: Business
) -> None:
    business.status = 503
    assert "not taken: 503" in (await post(browser, "write", text="hello")).text


@pytest.mark.parametrize(
    ("act", "form", "status"),
    [
        ("write", {"text": "  "}, 400),
        ("tap", {"message_id": "wamid.2", "button": "x"}, 400),
        ("tap", {"message_id": "wamid.1", "button": "Buy"}, 400),
        ("trouble", {"fail_with": "many"}, 400),
        ("trouble", {"fail_with": "1000000"}, 400),
        ("write", {"text": "hello", "view": "3"}, 404),
        ("dance", {}, 404),
    ],
)
async def test_what_cannot_be_done_is_told(
    browser: httpx.AsyncClient, act: str, form: dict[str, str], status: int
) -> None:
    page = await post(browser, act, **form)
    assert page.status_code == status
    assert 'role="alert"' in page.text


async def test_the_page_speaks_the_visitors_language(browser: httpx.AsyncClient) -> None:
    french = await look(browser, language="fr-CA, en;q=0.5")
    assert '<html lang="fr" dir="ltr">' in french
    assert 'aria-label="Envoyer"' in french
    arabic = await look(browser, language="ar")
    assert '<html lang="ar" dir="rtl">' in arabic
    assert 'aria-label="إرسال"' in arabic
    page = await browser.get(f"/inbox/{ADA}")
    assert page.headers["vary"] == "accept-language"


async def test_looking_makes_no_phone_and_changes_nothing(
    browser: httpx.AsyncClient, simulator: Simulator, business: Business
) -> None:
    assert (await browser.get("/inbox/447700900999")).status_code == 200
    assert (await browser.get("/inbox/447700900999/sms")).status_code == 200
    assert (await browser.get("/inbox?number=%2B44+7700+900999")).status_code == 200
    assert (await browser.get("/inbox/abc")).status_code == 404
    assert (await browser.get(f"/inbox/{ADA}/write")).status_code == 405
    start = await look(browser, "/")
    assert "+44 7700 900123" in start
    assert "verification_code" in start
    assert list(simulator.world.phones) == [ADA]
    assert business.bodies == []


async def test_a_number_that_no_country_has_still_has_a_phone(browser: httpx.AsyncClient) -> None:
    assert "+9991234567" in await look(browser, "/inbox/9991234567")


async def test_pages_have_a_strict_policy_and_their_files(browser: httpx.AsyncClient) -> None:
    page = await browser.get(f"/inbox/{ADA}")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "style=" not in page.text
    assert "onclick" not in page.text
    for name in ("phone.css", "chat.css", "phone.js", "phone.svg"):
        assert f"/static/{name}" in page.text
        assert (await browser.get(f"/static/{name}")).status_code == 200
    assert (await browser.get("/static/pages.py")).status_code == 404
