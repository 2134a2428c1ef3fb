"""A clean end: what was acknowledged is carried through before anything closes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from askfirst.bootstrap.listening import listen
from askfirst.bootstrap.server import answering
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.graph.platform.signature import sign
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.take_webhook import Taken
from askfirst.web.webhooks import endpoint as door

SECRET = "app secret"
BODY = json.dumps({"object": "whatsapp_business_account", "entry": []}).encode()


async def test_what_follows_a_webhook_is_done_before_the_services_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []

    async def take(*_: object) -> Taken:
        return Taken(arrivals=[None])  # type: ignore[list-item]

    async def ask(services: Services, _: object) -> None:
        while listener.fileno() >= 0:  # until the server has ended
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        done.append(await services.directory.businesses())

    monkeypatch.setattr(door, "take_webhook", take)
    monkeypatch.setattr(door, "ask_in_chat", ask)
    settings = isolated_settings(
        database_url=f"sqlite:///{tmp_path / 'ledger.db'}", webhook_secrets=SECRET
    )
    headers = {"x-hub-signature-256": sign(BODY, SECRET.encode())}
    with listen("127.0.0.1", 0) as listener:
        async with open_services(settings) as wired:
            async with answering(wired, settings, listener) as address:
                async with httpx.AsyncClient(base_url=address) as client:
                    got = await client.post("/webhooks/whatsapp", content=BODY, headers=headers)
                assert (got.status_code, done) == (200, [])
            assert done == [()]
