"""`python -m benchmarks stop`: from a STOP that is typed to the first send that is refused.

Sends for the same person queue at the gateway, one after another without a pause, while the webhook
with the STOP comes in beside them, as it does in a campaign.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import uvloop

from askfirst.adapters.clock import SystemClock
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.context.services import Services
from benchmarks.gateway import template_send
from benchmarks.progress import Progress
from benchmarks.setup.counting import count_rows
from benchmarks.setup.people import LOADED
from benchmarks.setup.seeds import SENDER_ID, WABA_ID, open_business, record_answers
from benchmarks.setup.webhook_bodies import Author, Mix, typed_stop
from benchmarks.setup.world import bare, own_world, prepare, server

QUEUES = 8
"""People who are written to at one time."""
STEPS: Final = 3
_OK: Final = 200
_GIVE_UP_SECONDS: Final = 10.0
_WITHDRAWN: Final = b"withdrawn"


@dataclass(slots=True)
class StopTally:
    """What all queues have seen. Times are seconds since the request of the STOP was written."""

    refused_after: list[float] = field(default_factory=list)
    acknowledged_after: list[float] = field(default_factory=list)
    sends: int = 0
    stale: int = 0
    errors: int = 0


def bench_stop(
    seconds: float, stops_per_second: float, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Measure, and count the stops that were written down."""
    progress.step("recording answers")
    with own_world(database_url) as (settings, folder), ExitStack() as running:
        key = prepare(settings, _seed)
        upstream = running.enter_context(bare(folder, "meta"))
        subject = running.enter_context(server(settings, folder, upstream.address))
        progress.step("stopping")
        tally = uvloop.run(_run(subject.address, key, seconds, stops_per_second))
        running.close()
        progress.step("counting")
        stops = count_rows(settings)["stops"]
    return _figures(tally, stops)


async def _seed(services: Services) -> str:
    key = await open_business(services)
    await record_answers(services, one_yes_in=1)
    return key


def _figures(tally: StopTally, stops: int) -> dict[str, Any]:
    asked = len(tally.refused_after)
    return {
        "stops": asked,
        "sends": tally.sends,
        "refused_after_ms": _spread(tally.refused_after),
        "acknowledged_after_ms": _spread(tally.acknowledged_after),
        "stale_allows": tally.stale,
        "errors": tally.errors,
        "verified": bool(asked) and stops == asked and not tally.stale,
    }


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    last = len(ordered) - 1
    places = {"p50": last // 2, "p95": last * 95 // 100, "p99": last * 99 // 100, "max": last}
    return {name: round(ordered[place] * 1000, 2) for name, place in places.items()}


async def _run(address: str, key: str, seconds: float, rate: float) -> StopTally:
    tally, people = StopTally(), iter(range(LOADED))
    began = time.monotonic()
    slots = (began + number / rate for number in range(int(seconds * rate)))
    place = urlsplit(address)
    where = (place.hostname or "", place.port or 0)
    await asyncio.gather(*(_queue(where, key, people, slots, tally) for _ in range(QUEUES)))
    return tally


async def _queue(
    where: tuple[str, int],
    key: str,
    people: Iterator[int],
    slots: Iterator[float],
    tally: StopTally,
) -> None:
    """Write to one person after another, each until they have stopped."""
    sends, webhooks = await Line.open(*where), await Line.open(*where)
    for slot in slots:
        person = next(people, None)
        if person is None:
            break
        author = Author(
            phone_number_id=SENDER_ID,
            waba_id=WABA_ID,
            mix=Mix.TEXTS,
            population=LOADED,
            at=SystemClock().now() // SECOND,
        )
        stop = _Stop(slot, webhooks, typed_stop(author, person), tally)
        await _write_until_refused(sends, template_send(key, person), stop, tally)
    sends.close()
    webhooks.close()


class _Stop:
    """One STOP: typed when its time comes, `acknowledged` once it is answered."""

    def __init__(self, slot: float, line: Line, request: bytes, tally: StopTally) -> None:
        self._line, self._request, self._tally = line, request, tally
        self._slot = slot
        self.typed_at = 0.0
        self.is_acknowledged = False

    async def type(self) -> None:
        await asyncio.sleep(max(0.0, self._slot - time.monotonic()))
        self.typed_at = time.monotonic()
        status, _ = await self._line.ask(self._request)
        self._tally.acknowledged_after.append(time.monotonic() - self.typed_at)
        self._tally.errors += status != _OK
        self.is_acknowledged = True


async def _write_until_refused(line: Line, send: bytes, stop: _Stop, tally: StopTally) -> None:
    """Send without a pause. A send that began after the acknowledgement must not be let through."""
    typing = asyncio.create_task(stop.type())
    while True:
        is_late = stop.is_acknowledged
        status, body = await line.ask(send)
        tally.sends += 1
        if status != _OK:
            break
        tally.stale += is_late
        if stop.typed_at and time.monotonic() - stop.typed_at > _GIVE_UP_SECONDS:
            raise Unavailable("a STOP was not acted on within ten seconds")
    if stop.typed_at and _WITHDRAWN in body:
        tally.refused_after.append(time.monotonic() - stop.typed_at)
    else:
        tally.errors += 1
    await typing


class Line:
    """A connection that is kept alive: one request, one whole answer, and so on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, host: str, port: int) -> Line:
        return cls(*await asyncio.open_connection(host, port))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request, and return the status and the body of its answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        lengths = [int(one[15:]) for one in lines if one.startswith(b"content-length:")]
        body = await self._reader.readexactly(lengths[0] if lengths else 0)
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        self._writer.close()
