"""`python -m benchmarks forwarding`: what a webhook costs with one receiver, against none.

A fixed number of webhooks is posted, and the processor time of the server counts until the last of
them was taken by the receiver: what lags behind is not left out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from statistics import median
from typing import Any, Final

from askfirst.adapters.clock import SystemClock
from askfirst.cli.tour.children import call
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.manage_receivers import ReceiverOrder, add_receiver
from benchmarks.progress import Progress
from benchmarks.setup.machine import Running
from benchmarks.setup.seeds import (
    BUSINESS,
    SENDER_ID,
    WABA_ID,
    fill_ledger,
    open_business,
    population_of,
)
from benchmarks.setup.webhook_bodies import Author, Mix, webhooks
from benchmarks.setup.world import bare, own_world, prepare, server

ROUNDS: Final = 2
STEPS: Final = 2 * ROUNDS
WEBHOOKS: Final = 4_000
_LEDGER_EVENTS: Final = 10_000
_LINES: Final = 64
_SECONDS_MAX: Final = 120
_MICROSECONDS: Final = 1_000_000
_TO_LOOPBACK: Final = {"ASKFIRST_SUBSCRIPTIONS_TO_LOOPBACK": "true"}


def bench_forwarding(database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Measure in turns."""
    without: list[float] = []
    with_one: list[float] = []
    for _ in range(ROUNDS):
        for figures, has_receiver in ((without, False), (with_one, True)):
            progress.step("with a receiver" if has_receiver else "without")
            figures.append(_round(database_url, has_receiver=has_receiver))
    ratios = [one / none for none, one in zip(without, with_one, strict=True)]
    return {
        "cpu_us_per_webhook": round(median(with_one), 1),
        "cpu_us_without_receiver": round(median(without), 1),
        "cpu_ratio": round(median(ratios), 3),
        "cpu_ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
        "webhooks": WEBHOOKS,
        "verified": True,
    }


def _round(database_url: str | None, *, has_receiver: bool) -> float:
    """Return the microseconds of processor time a webhook."""
    with ExitStack() as running:
        settings, folder = running.enter_context(own_world(database_url))
        chat = running.enter_context(bare(folder))
        url = f"{chat.address}/webhooks"

        async def seed(services: Services) -> str:
            key = await open_business(services)
            await fill_ledger(services, _LEDGER_EVENTS)
            if has_receiver:
                await add_receiver(services, ReceiverOrder(business_id=BUSINESS, url=url))
            return key

        to_loopback = settings.model_copy(update={"subscriptions_to_loopback": True})
        key = prepare(to_loopback, seed)
        subject = running.enter_context(server(settings, folder, more=_TO_LOOPBACK))
        author = Author(
            phone_number_id=SENDER_ID,
            waba_id=WABA_ID,
            mix=Mix.REAL,
            population=population_of(_LEDGER_EVENTS),
            at=SystemClock().now() // SECOND,
        )
        requests = list(webhooks(author, range(WEBHOOKS)))
        before = subject.cpu_seconds()
        asyncio.run(_post_all(subject, requests))
        if has_receiver:
            _wait_until_taken(subject, key)
        return (subject.cpu_seconds() - before) * _MICROSECONDS / WEBHOOKS


async def _post_all(subject: Running, requests: Sequence[bytes]) -> None:
    host, _, port = subject.address.removeprefix("http://").partition(":")
    numbers = count()

    async def line() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        while (number := next(numbers)) < len(requests):
            writer.write(requests[number])
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise Unavailable("a webhook was not taken")
            await reader.readexactly(16)
        writer.close()

    await asyncio.gather(*(line() for _ in range(_LINES)))


def _wait_until_taken(subject: Running, key: str) -> None:
    deadline = time.monotonic() + _SECONDS_MAX
    while time.monotonic() < deadline:
        (one,) = call("GET", f"{subject.address}/v1/receivers", token=key).body["data"]
        if one["position"] >= WEBHOOKS:
            return
        time.sleep(0.2)
    raise Unavailable("the receiver did not get every webhook")
