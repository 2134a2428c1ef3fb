"""Where links into a chat lead: what wa.me does, as pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from askfirst.simulator.pages.pages import build_inboxes
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import ManagedLink
from tests.unit.simulator.conftest import SENDER, Receiver

ADA = "447700900123"
CAFE = "/chat/15550100001"
HELLO = "Hello Café Lune! (AF-7K2M9QXT)"


@pytest.fixture
async def browser(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=build_inboxes(simulator))
    async with httpx.AsyncClient(transport=transport, base_url="http://phone") as client:
        yield client


@pytest.fixture
def link(simulator: Simulator) -> ManagedLink:
    link = ManagedLink(code="4O4YGZEG3RIVE1", phone_number_id=SENDER, prefilled_message=HELLO)
    simulator.world.links[link.code] = link
    return link


async def test_a_link_asks_which_phone_it_was_opened_on(
    browser: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.world.phone(ADA)
    page = await browser.get(CAFE, params={"text": f"<b>{HELLO}"})
    assert page.status_code == 200
    text = page.text
    assert "Open the chat with Café Lune" in text
    assert f"&lt;b&gt;{HELLO}" in text
    assert 'name="phone"' in text
    assert f"{CAFE}?phone={ADA}&text=%3Cb%3EHello" in unescape(text)


@pytest.mark.parametrize("phone", ["+44 7700 900123", ADA])
async def test_a_named_phone_opens_with_the_text_ready(
    browser: httpx.AsyncClient, phone: str
) -> None:
    answer = await browser.get(CAFE, params={"text": HELLO, "phone": phone})
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert address.path == f"/inbox/{ADA}"
    assert parse_qs(address.query) == {"to": [SENDER], "text": [HELLO]}
    page = (await browser.get(answer.headers["location"])).text
    assert f">\n{HELLO}</textarea>" in page


async def test_following_a_link_says_and_keeps_nothing(
    browser: httpx.AsyncClient, simulator: Simulator, receiver: Receiver, link: ManagedLink
) -> None:
    for path in (CAFE, f"/chat/message/{link.code}"):
        await browser.get(path, params={"text": HELLO, "phone": ADA}, follow_redirects=True)
    assert receiver.bodies == []
    assert simulator.world.phones == {}


async def test_what_is_ready_is_sent_as_it_was_edited(
    browser: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    form = {"text": "Hello! (AF-7K2M9QXT) Are you open?", "view": SENDER}
    answer = await browser.post(f"/inbox/{ADA}/write", data=form)
    assert answer.headers["location"] == f"/inbox/{ADA}?to={SENDER}"
    assert b"Hello! (AF-7K2M9QXT) Are you open?" in receiver.bodies[-1]


async def test_a_number_that_is_none_is_asked_for_again(browser: httpx.AsyncClient) -> None:
    page = await browser.get(CAFE, params={"text": HELLO, "phone": "me"})
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert 'value="me"' in page.text
    assert HELLO in page.text


@pytest.mark.parametrize("path", ["/chat", "/chat/", "/chat/15550109999", "/chat/cafe"])
async def test_a_number_that_is_no_business_is_told_clearly(
    browser: httpx.AsyncClient, path: str
) -> None:
    page = await browser.get(path, params={"text": HELLO})
    assert page.status_code == 404
    assert "This number isn't a business here" in unescape(page.text)
    assert f"{CAFE}?text=Hello" in page.text


async def test_a_managed_link_does_the_same(browser: httpx.AsyncClient, link: ManagedLink) -> None:
    path = f"/chat/message/{link.code}"
    page = (await browser.get(path)).text
    assert HELLO in page
    assert f'action="{path}"' in page
    answer = await browser.get(path, params={"phone": ADA})
    assert parse_qs(urlsplit(answer.headers["location"]).query)["text"] == [HELLO]


async def test_a_deleted_link_says_that_it_has_expired(
    browser: httpx.AsyncClient, simulator: Simulator, link: ManagedLink
) -> None:
    del simulator.world.links[link.code]
    page = await browser.get(f"/chat/message/{link.code}")
    assert page.status_code == 404
    assert "This link has expired" in page.text


@pytest.mark.parametrize(
    ("kind", "media_type", "start"),
    [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
)
async def test_a_managed_link_is_drawn(
    browser: httpx.AsyncClient, link: ManagedLink, kind: str, media_type: str, start: bytes
) -> None:
    picture = await browser.get(f"/chat/message/{link.code}/qr.{kind}")
    assert picture.headers["content-type"] == media_type
    assert picture.content.startswith(start)
    assert (await browser.get(f"/chat/message/{link.code}/qr.gif")).status_code == 404
    assert (await browser.get(f"/chat/message/NONE/qr.{kind}")).status_code == 404
