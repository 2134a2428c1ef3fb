"""Clients as their makers ship them, through the gateway: a picture in and out, an offer, a no.

Each shows a refusal in its own way; the guide says how.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import heyoo  # type: ignore[import-untyped]
import httpx
import pytest
from pywa.errors import UserStoppedMarketingMessages
from pywa.types.templates import TemplateLanguage
from pywa_async.client import WhatsApp as AsyncWhatsApp

from askfirst.bootstrap.database.store import Store
from askfirst.simulator.simulator import DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID
from player import PICTURE
from tests.support.clocks import FakeClock
from tests.web.gateway.town import NUMBER, Town, make_town

CLIENTS = Path(__file__).parent / "clients"
REFUSED = "(#131050) Refused by askfirst: "


@pytest.fixture
async def town(sqlite_store: Store, clock: FakeClock) -> AsyncIterator[Town]:
    async with make_town(sqlite_store, clock) as made:
        yield made


async def picture_of(town: Town) -> str:
    """Let the customer send a picture; gives its id."""
    async with httpx.AsyncClient(base_url=town.graph_url) as phone:
        headers = {"content-type": "image/png"}
        sent = await phone.post(f"/phones/{NUMBER}/files", content=PICTURE, headers=headers)
        return str(sent.json()["file_id"])


async def run(town: Town, client: str, media: str = "") -> dict[str, Any]:
    """Run a client of Node's; gives what it says."""
    variables = {
        "GATEWAY": town.address,
        "KEY": town.secret,
        "NUMBER": DEFAULT_PHONE_NUMBER_ID,
        "CUSTOMER": NUMBER.removeprefix("+"),
        "MEDIA": media,
    }

    def node() -> str:
        command = ["node", str(CLIENTS / f"{client}.mjs")]
        env = os.environ | variables
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    said: dict[str, Any] = json.loads(await asyncio.to_thread(node))
    return said


async def assert_works(town: Town, client: str) -> None:
    await town.says_yes()
    said = await run(town, client, await picture_of(town))
    assert base64.b64decode(said["bytes"]) == PICTURE
    assert all(said[kind].startswith("wamid.") for kind in ("text", "picture", "offer")), said
    assert len(town.simulator.world.phone(NUMBER).inbox) == 3


async def test_whatsapp_api_js_shows_a_refusal_as_its_answer(town: Town) -> None:
    refused = (await run(town, "whatsapp_api_js"))["offer"]["error"]
    assert (refused["code"], refused["message"]) == (131050, f"{REFUSED}no_opt_in")
    await assert_works(town, "whatsapp_api_js")


async def test_kapso_raises_an_error_that_has_the_code_and_the_sentence(town: Town) -> None:
    refused = (await run(town, "kapso"))["error"]
    assert (refused["name"], refused["code"]) == ("GraphApiError", 131050)
    assert (refused["httpStatus"], refused["message"]) == (400, f"{REFUSED}no_opt_in")
    assert refused["details"].startswith("There is no opt-in")
    await assert_works(town, "kapso")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_heyoo_gives_the_refusal_back(town: Town, tmp_path: Path) -> None:
    """It leaves the file open that it uploads."""
    client = heyoo.WhatsApp(town.secret, phone_number_id=DEFAULT_PHONE_NUMBER_ID)
    client.base_url = f"{town.address}/v14.0"
    client.url = f"{client.base_url}/{DEFAULT_PHONE_NUMBER_ID}/messages"
    customer, picture = NUMBER.removeprefix("+"), tmp_path / "menu.png"
    picture.write_bytes(PICTURE)

    def offer() -> dict[str, Any]:
        sent: dict[str, Any] = client.send_template("summer_offer", customer, [], "en_US")
        return sent

    refused = (await asyncio.to_thread(offer))["error"]
    assert (refused["code"], refused["message"]) == (131050, f"{REFUSED}no_opt_in")
    await town.says_yes()
    media = await picture_of(town)
    url = await asyncio.to_thread(client.query_media_url, media)
    got = await asyncio.to_thread(client.download_media, url, "image/png", str(tmp_path / "in"))
    assert Path(got).read_bytes() == PICTURE
    uploaded = (await asyncio.to_thread(client.upload_media, str(picture)))["id"]
    image = await asyncio.to_thread(client.send_image, uploaded, customer, link=False)
    text = await asyncio.to_thread(client.send_message, "What a dish!", customer)
    for sent in (image, text, await asyncio.to_thread(offer)):
        assert sent["messages"][0]["id"].startswith("wamid.")


async def test_pywa_async_raises_by_the_code(town: Town) -> None:
    async with httpx.AsyncClient() as session:
        client = AsyncWhatsApp(
            phone_id=DEFAULT_PHONE_NUMBER_ID,
            token=town.secret,
            session=session,
            waba_id=DEFAULT_WABA_ID,
        )
        session.base_url = httpx.URL(f"{town.address}/v23.0")
        offer: tuple[str, TemplateLanguage, list[Any]]
        offer = ("summer_offer", TemplateLanguage.ENGLISH_US, [])
        with pytest.raises(UserStoppedMarketingMessages) as refused:
            await client.send_template(NUMBER, *offer)
        assert "There is no opt-in" in str(refused.value.details)
        await town.says_yes()
        url = await client.get_media_url(await picture_of(town))
        assert await client.get_media_bytes(url=url.url) == PICTURE
        uploaded = await client.upload_media(PICTURE, mime_type="image/png", filename="menu.png")
        assert (await client.send_image(NUMBER, uploaded.id)).id.startswith("wamid.")
        assert (await client.send_message(NUMBER, "What a dish!")).id.startswith("wamid.")
        assert (await client.send_template(NUMBER, *offer)).id.startswith("wamid.")
