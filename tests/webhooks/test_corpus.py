"""Webhooks as Meta and its users show them: none is refused, and each does what its table says.

The tables were read line by line against the payloads. The corpus stands outside the
repository, since others hold its copyright; our own fixtures go through the same tests.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.graph.inbound.webhook import read_webhook
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from tests.support.builders import sender
from tests.support.clocks import NOON
from tests.support.reading import all_events, assert_sound
from tests.web.asgi_call import call
from tests.webhooks.playback import Effects, open_world, play

HERE = Path(__file__).parent
CORPUS = sorted((HERE.parents[2] / "shared" / "data" / "webhooks").glob("*__*.json"))
FIXTURES = sorted((HERE / "fixtures").glob("*.json"))
EVERYTHING = [*FIXTURES, *CORPUS]
SECRET = b"app secret of these tests"


def table(name: str) -> dict[str, Effects]:
    found: dict[str, Effects] = json.loads((HERE / name).read_text())
    return found


EFFECTS = table("fixtures_effects.json") | table("corpus_effects.json")


def test_the_tables_name_every_payload() -> None:
    assert {file.name for file in FIXTURES} == set(table("fixtures_effects.json"))
    assert {file.name for file in CORPUS} in (set(), set(table("corpus_effects.json")))
    assert len(FIXTURES) > 30
    assert len(table("corpus_effects.json")) == 260


@pytest.mark.parametrize("file", EVERYTHING, ids=lambda file: file.stem)
async def test_a_payload_does_what_its_table_says(file: Path, tmp_path: Path) -> None:
    world = await open_world(tmp_path / "askfirst.db")
    try:
        assert await play(world, file.read_bytes()) == EFFECTS[file.name]
    finally:
        await world.store.close()


async def test_every_signed_payload_is_answered_200_and_a_second_time_too(tmp_path: Path) -> None:
    world = await open_world(tmp_path / "askfirst.db")
    door = WebhookEndpoint(world.services, Metrics(), secrets=[SECRET], verify_token="word")
    accounts: dict[PhoneNumberId, WabaId] = {}
    for file in EVERYTHING:
        for notice in read_webhook(file.read_bytes()):
            known = notice.phone_number_id or PhoneNumberId(f"8{len(accounts):05d}")
            accounts.setdefault(known, notice.waba_id or WabaId("1"))
    for known, waba_id in accounts.items():
        ours = sender(known, waba_id=waba_id, digits="15550199999")
        await world.store.directory.put_sender(ours, None, NOON)
    await deliver(door)
    count = len(await all_events(world.store))
    await deliver(door)
    assert count == len(await all_events(world.store))
    await assert_sound(world.store)
    await world.store.close()


async def deliver(door: WebhookEndpoint) -> None:
    for file in EVERYTHING:
        body = file.read_bytes()
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        headers = [("x-hub-signature-256", signature)]
        answer = await call(door, "POST", "/webhooks/whatsapp", body=body, headers=headers)
        assert answer.status == 200, file.name
