"""A person's phone, as pages that work with forms alone."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest

from askfirst.simulator.pages import build_inboxes
from askfirst.simulator.simulator import DEFAULT_PHONE_NUMBER_ID, Simulator
from askfirst.simulator.state import Button, Letter

ADA = "447700900123"
OFFER = Letter(
    message_id="wamid.1",
    phone_number_id=DEFAULT_PHONE_NUMBER_ID,
    received_at=1_000.0,
    type="template",
    text="A second coffee <b>on us</b>",
    template="summer_offer",
    category="MARKETING",
    buttons=(Button("Stop promotions", "Stop promotions", "button"),),
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
def simulator(business: Business) -> Simulator:
    ticks = itertools.count(2_000)
    simulator = Simulator.with_defaults(
        now=lambda: float(next(ticks)), entropy=bytes, deliver=business
    )
    simulator.world.phone(ADA).inbox.append(OFFER)
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


async def test_the_chat_shows_what_came_escaped(browser: httpx.AsyncClient) -> None:
    page = (await browser.get(f"/inbox/{ADA}")).text
    assert "A second coffee &lt;b&gt;on us&lt;/b&gt;" in page
    assert "Stop promotions" in page


async def test_what_is_typed_is_told_and_shown(
    browser: httpx.AsyncClient, business: Business
) -> None:
    page = (await post(browser, "write", text="Baja, por favor")).text
    assert "Baja, por favor" in page
    assert "delivered" in page
    assert b"Baja, por favor" in business.bodies[-1]


async def test_a_button_is_tapped_and_the_switch_is_turned(
    browser: httpx.AsyncClient, business: Business
) -> None:
    await post(browser, "tap", message_id="wamid.1", button="Stop promotions")
    assert b'"button"' in business.bodies[-1]
    page = (await post(browser, "stop")).text
    assert b'"stop"' in business.bodies[-1]
    assert "Resume offers" in page
    page = (await post(browser, "resume")).text
    assert b'"resume"' in business.bodies[-1]
    assert "Stop offers" in page


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
        ("dance", {}, 404),
    ],
)
async def test_what_cannot_be_done_is_told(
    browser: httpx.AsyncClient, act: str, form: dict[str, str], status: int
) -> None:
    assert (await post(browser, act, **form)).status_code == status


async def test_looking_makes_no_phone_and_changes_nothing(
    browser: httpx.AsyncClient, simulator: Simulator, business: Business
) -> None:
    assert (await browser.get("/inbox/447700900999")).status_code == 200
    assert (await browser.get("/inbox?number=%2B44+7700+900999")).status_code == 200
    assert (await browser.get("/inbox/abc")).status_code == 404
    assert (await browser.get(f"/inbox/{ADA}/write")).status_code == 405
    assert "+447700900123" in (await browser.get("/")).text
    assert list(simulator.world.phones) == [ADA]
    assert business.bodies == []


async def test_pages_have_a_strict_policy_and_their_files(browser: httpx.AsyncClient) -> None:
    page = await browser.get(f"/inbox/{ADA}")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "style=" not in page.text
    for name in ("phone.css", "phone.js", "phone.svg"):
        assert f"/static/{name}" in page.text
        assert (await browser.get(f"/static/{name}")).status_code == 200
    assert (await browser.get("/static/pages.py")).status_code == 404
