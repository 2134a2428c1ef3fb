"""`python -m benchmarks holds`: how long one delivery of Meta's keeps everybody else waiting."""

from __future__ import annotations

import asyncio
import hmac
import json
import tempfile
import time
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from askfirst.bootstrap.server import settle, webhook_door
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import Wired, open_services
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Unavailable
from askfirst.web.asgi import Message
from askfirst.web.webhooks.endpoint import WebhookEndpoint
from benchmarks.progress import Progress
from benchmarks.setup.seeds import BUSINESS, SENDER_ID, WABA_ID
from benchmarks.setup.webhook_bodies import APP_SECRET

TEXTS: Final = 100
CHARACTERS: Final = 4_096
UPDATES: Final = 1_000
"""Meta: up to 1,000 updates a delivery."""
_SECOND: Final = 1_790_000_000
_WORDS: Final = {
    "stop": "stop ",
    "turned round": "please do not stop sending me, unsubscribe ",
    "another script": "إيقاف ",
    "letters of eighteen": "\ufdfa",
    "accents": "a\u0301\u0302",
    "joiners": "s\u200bt",
    "codes": "AF-ABCD1234 ",
}


def bench_holds(progress: Progress) -> dict[str, Any]:
    """Take one delivery of each kind; the longest turn of the loop is what counts.

    Processor time of the loop's thread, so that what else runs on the machine says nothing.
    """
    held = asyncio.run(_measure(progress))
    return {
        "longest_ms": max(held.values()),
        "ms_by_delivery": held,
        "verified": True,
    }


async def _measure(progress: Progress) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="askfirst-bench-") as folder:
        settings = isolated_settings(
            database_url=f"sqlite:///{Path(folder) / 'ledger.db'}", webhook_secrets=APP_SECRET
        )
        async with open_services(settings) as wired:
            await _register(wired)
            door = webhook_door(wired, settings)
            if door is None:
                raise Unavailable("no webhook is taken")
            settle()
            held = {}
            for name, body in _bodies().items():
                progress.step(name)
                held[name] = round(await _hold(door, body), 1)
            return held


async def _register(wired: Wired) -> None:
    now, directory = wired.services.clock.now(), wired.services.directory
    sender = Sender(
        business_id=BUSINESS,
        phone_number_id=SENDER_ID,
        waba_id=WABA_ID,
        digits="15550100001",
        name="Bench",
    )
    await directory.put_business(Business(business_id=BUSINESS, name="Bench"), now)
    await directory.put_sender(sender, None, now)


async def _hold(door: WebhookEndpoint, body: bytes) -> float:
    """Return the milliseconds of the longest turn while a delivery is read and taken."""
    longest, is_over = 0.0, False

    async def look() -> None:
        nonlocal longest
        before = time.thread_time()
        while not is_over:
            await asyncio.sleep(0)
            now = time.thread_time()
            longest = max(longest, now - before)
            before = now

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    await _deliver(door, body)
    is_over = True
    await looking
    return longest * 1_000


async def _deliver(door: WebhookEndpoint, body: bytes) -> None:
    """Post a signed delivery to the door, as the server would."""
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        answers.append(message)

    digest = hmac.digest(APP_SECRET.encode(), body, "sha256").hex()
    headers = [(b"x-hub-signature-256", f"sha256={digest}".encode())]
    await door({"method": "POST", "headers": headers}, receive, send)
    if answers[0]["status"] != HTTPStatus.OK:
        raise Unavailable(f"a delivery was answered {answers[0]['status']}")


def _bodies() -> dict[str, bytes]:
    bodies = {
        f"{TEXTS} texts, {name}": _delivery(
            {
                "messages": [
                    _text((words * CHARACTERS)[:CHARACTERS], f"{name}.{number}", number)
                    for number in range(TEXTS)
                ]
            }
        )
        for name, words in _WORDS.items()
    }
    many = range(UPDATES)
    bodies["stops of one person"] = _delivery(
        {"messages": [_text("STOP", f"one.{number}", 0) for number in many]}
    )
    bodies["late stops of one person"] = _delivery(
        {"messages": [_text("STOP", f"late.{number}", -number) for number in many]}
    )
    bodies["stops of many people"] = _delivery(
        {"messages": [_text("STOP", f"many.{number}", number) for number in many]}
    )
    bodies["reports of failure"] = _delivery({"statuses": [_report(number) for number in many]})
    bodies["changes of number"] = _delivery({"messages": [_move(number) for number in many]})
    return bodies


def _delivery(content: Mapping[str, Any]) -> bytes:
    value = {"metadata": {"phone_number_id": SENDER_ID}, **content}
    entry = {"id": WABA_ID, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _text(text: str, message: str, person: int) -> dict[str, Any]:
    return {
        "from": f"4477009{max(person, 0):05d}",
        "id": f"wamid.{message}",
        "timestamp": str(_SECOND + person),
        "type": "text",
        "text": {"body": text},
    }


def _report(number: int) -> dict[str, Any]:
    return {
        "id": f"wamid.out.{number}",
        "recipient_id": f"4477009{number:05d}",
        "status": "failed",
        "timestamp": str(_SECOND + number),
        "errors": [{"code": 131050}],
    }


def _move(number: int) -> dict[str, Any]:
    return {
        "from": f"4477009{number:05d}",
        "id": f"wamid.move.{number}",
        "timestamp": str(_SECOND),
        "type": "system",
        "system": {"type": "user_changed_number", "new_wa_id": f"4477008{number:05d}"},
    }


STEPS: Final = len(_WORDS) + 5
