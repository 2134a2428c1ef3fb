"""Codes the whole way: REST, the gate, a simulated WhatsApp, its webhooks, and SMS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from askfirst.bootstrap.demo.simulation import CAFE, simulating
from askfirst.bootstrap.listening import address_of, listen
from askfirst.bootstrap.server import answering
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.authenticate import create_key

CAFE_LUNE = Business(business_id=BusinessId("cafe-lune"), name=CAFE.name)
PHONE = "447700900123"
SECRET = "app secret"
SECONDS_MAX = 15.0

WANTED = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Town:
    """A server, a simulated WhatsApp and the phone of one person, over real sockets."""

    server: httpx.AsyncClient
    simulator: httpx.AsyncClient

    async def ask(self, **parts: Any) -> dict[str, Any]:
        body = {"to": "+" + PHONE, "channel": "whatsapp,sms"} | parts
        got = await self.server.post("/v1/codes", json=body)
        assert got.status_code == 201, got.text
        return got.json()  # type: ignore[no-any-return]

    async def type(self, code: dict[str, Any], digits: str) -> str:
        got = await self.server.post(f"/v1/codes/{code['id']}/check", json={"code": digits})
        return str(got.json()["result"])

    async def phone(self) -> dict[str, Any]:
        return (await self.simulator.get(f"/phones/{PHONE}")).json()  # type: ignore[no-any-return]

    async def play(self, act: str, **parts: Any) -> None:
        got = await self.simulator.post(f"/phones/{PHONE}/{act}", json=parts)
        assert got.status_code == 200, got.text

    async def shown(self) -> str:
        """The code in the newest WhatsApp message, as the button would copy it."""
        inbox = await until(self._inbox)
        return str(inbox[-1]["copy_code"]["code"])

    async def texted(self) -> str:
        """The code in the newest SMS."""
        sms = await until(self._sms)
        return str(sms[-1]["text"]).split()[0]

    async def history(self, code: dict[str, Any]) -> list[str]:
        sheet = (await self.server.get(f"/v1/codes/{code['id']}")).json()
        return [line["what"] for line in sheet["history"]]

    async def _inbox(self) -> Any:
        return (await self.phone())["inbox"]

    async def _sms(self) -> Any:
        return (await self.phone())["sms"]


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """Wait until something is there."""
    async with asyncio.timeout(SECONDS_MAX):
        while not (found := await look()):
            await asyncio.sleep(0.02)
    return found


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as running:
        listener = listen("127.0.0.1", 0)
        hook = f"{address_of(listener)}/webhooks/whatsapp"
        simulator = await running.enter_async_context(
            simulating(listen("127.0.0.1", 0), webhooks_to=hook, app_secret=SECRET)
        )
        settings = isolated_settings(
            database_url=f"sqlite:///{tmp_path / 'askfirst.db'}",
            graph_url=simulator,
            chat_url=f"{simulator}/chat",
            webhook_secrets=SECRET,
            sms_url=f"{simulator}/sms",
            sms_secret=CAFE.sms_secret,
            code_fallback_seconds=1,
        )
        wired = await running.enter_async_context(open_services(settings))
        _, key = await create_key(wired.services, CAFE_LUNE, "town", frozenset(ApiScope))
        cafe = Sender(
            business_id=CAFE_LUNE.business_id,
            phone_number_id=PhoneNumberId(CAFE.phone_number_id),
            waba_id=WabaId(CAFE.waba_id),
            digits=CAFE.number.removeprefix("+"),
            name=CAFE.name,
        )
        await register_sender(wired.services, cafe, CAFE.token)
        address = await running.enter_async_context(answering(wired, settings, listener))
        headers = {"authorization": f"Bearer {key}"}
        server = httpx.AsyncClient(base_url=address, headers=headers)
        await running.enter_async_context(server)
        wanted = {"sender": CAFE.phone_number_id, "languages": list(WANTED)}
        made = await server.post("/v1/code-templates", json=wanted)
        assert made.json()["made"] == list(WANTED)
        yield Town(
            server,
            await running.enter_async_context(httpx.AsyncClient(base_url=simulator)),
        )


async def test_the_templates_for_codes_are_made_in_the_languages_asked_for(
    town: Town,
) -> None:
    found = (await town.server.get("/v1/templates?limit=1000")).json()["data"]
    codes = [one for one in found if one["name"] == "askfirst_code_copy_code_5m"]
    assert {one["language"] for one in codes} == set(WANTED)
    assert {(one["category"], one["state"]) for one in codes} == {("authentication", "in_service")}


async def test_a_code_by_whatsapp(town: Town) -> None:
    code = await town.ask(locale="fr")
    assert code["open_url"].endswith("/chat/15550100001")
    digits = await town.shown()
    # The report may overtake our own note that it was sent.
    await until(lambda: _has(town, code, "sent"))
    await until(lambda: _has(town, code, "delivered"))
    assert await town.type(code, digits) == "approved"
    history = await town.history(code)
    assert (sorted(history[:2]), history[2:]) == (["delivered", "sent"], ["approved"])


async def test_a_code_by_sms_where_the_number_is_not_on_whatsapp(town: Town) -> None:
    await town.play("trouble", not_on_whatsapp=True)
    code = await town.ask()
    assert await town.type(code, await town.texted()) == "approved"
    assert "fallback_used" in await town.history(code)


async def test_a_code_by_sms_where_nothing_is_delivered_in_time(town: Town) -> None:
    await town.play("trouble", no_delivery=True)
    code = await town.ask()
    texted = await town.texted()
    await until(lambda: _has(town, code, "sent", times=2))
    assert await town.type(code, texted) == "approved"
    assert await town.history(code) == ["sent", "failed", "fallback_used", "sent", "approved"]


async def test_nothing_comes_where_every_way_is_shut(town: Town) -> None:
    await town.play("trouble", not_on_whatsapp=True, sms_fails=True)
    code = await town.ask()
    await until(lambda: _has(town, code, "failed", times=2))
    assert (await town.phone())["sms"] == []


async def test_a_number_proves_itself_from_the_phone(town: Town) -> None:
    code = await town.ask(channel="whatsapp_inbound")
    await town.play("messages", text=code["text"])
    sheet = (await town.server.get(f"/v1/codes/{code['id']}")).json()
    assert sheet["state"] == "approved"


async def test_who_asked_for_no_code_taps_and_the_code_is_dead(town: Town) -> None:
    code = await town.ask(channel="whatsapp")
    digits = await town.shown()
    letter = (await town.phone())["inbox"][-1]
    await town.play("tap", message_id=letter["message_id"], button="I didn't request a code")
    assert await town.type(code, digits) == "expired"
    metrics = (await town.server.get("/metrics")).text
    assert 'askfirst_code_alarms_total{signal="not_requested"} 1.0' in metrics


async def _has(town: Town, code: dict[str, Any], what: str, times: int = 1) -> bool:
    return (await town.history(code)).count(what) >= times
