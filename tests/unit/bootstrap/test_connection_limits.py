"""The limits before authentication, on real connections over loopback."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.connections import descriptors
from askfirst.bootstrap.connections.limits import ConnectionLimits, Limit, refusal
from askfirst.bootstrap.connections.teller import ConnectionTeller
from askfirst.bootstrap.listening import listen, serving
from askfirst.domain.value import replace
from askfirst.web.asgi import (
    BodyIncomplete,
    BodyTooLarge,
    Receive,
    Scope,
    Send,
    know_caller,
    read_body,
    respond,
)
from askfirst.web.metrics import Metrics

TEXT = b"text/plain"
LIMITS = ConnectionLimits(
    head_bytes=8_192,
    head_seconds=0.5,
    idle_seconds=0.5,
    body_grace_seconds=0.5,
    waiting_bytes=100_000,
    waiting_bytes_per_address=60_000,
)
PATIENT = replace(LIMITS, head_seconds=30, idle_seconds=30, body_grace_seconds=30)
"""For what is not about time: the machine may be busy with other things."""


@dataclass
class Door:
    """Reads bodies up to a million bytes; `/known` knows its callers first, `/early` reads none."""

    ended: list[str] = field(default_factory=list)
    told: list[Limit] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    port: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/known":
            know_caller(scope)
        if scope["path"] == "/early":
            await respond(send, 401, b"unknown", TEXT)
            return
        try:
            body = await read_body(scope, receive, 1_000_000)
        except BodyTooLarge:
            await respond(send, 413, b"large", TEXT)
        except BodyIncomplete:
            self.ended.append("incomplete")
            await respond(send, 408, b"late", TEXT)
        else:
            await respond(send, 200, str(len(body)).encode(), TEXT)

    async def connect(self) -> Client:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        return client


@dataclass
class Client:
    """A stranger."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(10):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def one_answer(self) -> bytes:
        async with asyncio.timeout(10):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            return head + await self.reader.readexactly(int(length[1]) if length else 0)


@asynccontextmanager
async def opened(
    limits: ConnectionLimits = LIMITS, trusted: tuple[str, ...] = ()
) -> AsyncIterator[Door]:
    door = Door()
    with listen("127.0.0.1", 0) as listener:
        door.port = listener.getsockname()[1]
        async with serving(
            door, listener, trusted_proxies=trusted, limits=limits, tell=door.told.append
        ):
            try:
                yield door
            finally:
                for client in door.clients:
                    await client.close()


def post(length: int, path: str = "/", *headers: bytes) -> bytes:
    lines = (b"POST " + path.encode() + b" HTTP/1.1", b"host: x", *headers)
    return b"\r\n".join((*lines, b"content-length: %d" % length, b"", b""))


CHUNKED = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
"""A body that has ended, and whose trailer has not."""


async def test_a_request_in_pieces_is_answered_as_one() -> None:
    async with opened(PATIENT) as door:
        client = await door.connect()
        for _ in range(2):
            for piece in (post(6)[:10], post(6)[10:], b"abc", b"def"):
                await client.send(piece)
                await asyncio.sleep(0.02)
            assert (await client.one_answer()).endswith(b"\r\n\r\n6")
        assert door.told == []


@pytest.mark.parametrize(
    ("pieces", "status", "limit"),
    [
        ((b"GET / HTTP/1.1\r\nhost",), 408, Limit.HEAD_TIME),
        ((b"",), 408, Limit.HEAD_TIME),
        ((b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n",), 431, Limit.HEAD_SIZE),
        ((b"GET / HTTP/1.1\r\nx: " + b"a" * 9_000 + b"\r\n\r\n",), 431, Limit.HEAD_SIZE),
        ((b"GET / HTTP/1.1\r\nx: ", *[b"a" * 1_000] * 9), 431, Limit.HEAD_SIZE),
        ((b"GET / HTTP/1.1\r\n" + b"x: a\r\n" * 101 + b"\r\n",), 431, Limit.HEAD_SIZE),
        ((CHUNKED, *[b"x: " + b"a" * 1_000 + b"\r\n"] * 10), 431, Limit.HEAD_SIZE),
        ((CHUNKED, b"x: a\r\n" * 101), 431, Limit.HEAD_SIZE),
        ((post(1_000), b"abc"), 408, Limit.BODY_RATE),
        ((b"nonsense\r\n\r\n",), 400, Limit.MALFORMED),
        ((b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",), 400, Limit.MALFORMED),
    ],
)
async def test_what_goes_over_a_limit_is_told_so_and_closed(
    pieces: tuple[bytes, ...], status: int, limit: Limit
) -> None:
    async with opened() as door:
        client = await door.connect()
        for piece in pieces:
            await client.send(piece)
            await asyncio.sleep(0.01)
        assert await client.answer() == refusal(limit)
        assert refusal(limit).startswith(b"HTTP/1.1 %d " % status)
        assert door.told == [limit]


async def test_a_head_that_drips_has_the_same_deadline() -> None:
    async with opened() as door:
        client = await door.connect()
        await client.send(b"GET / HTTP/1.1\r\n")
        dripping = asyncio.create_task(drip(client, b"x: a\r\n"))
        assert (await client.answer()).startswith(b"HTTP/1.1 408")
        dripping.cancel()


async def drip(client: Client, piece: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            await client.send(piece)
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("first", [b"", b"\r\n"], ids=["silent", "empty lines"])
async def test_a_connection_that_only_rests_is_closed(first: bytes) -> None:
    async with opened() as door:
        client = await door.connect()
        await client.send(post(0))
        assert (await client.one_answer()).startswith(b"HTTP/1.1 200")
        dripping = asyncio.create_task(drip(client, first))
        assert await client.answer() == b""
        dripping.cancel()
        assert door.told == []


async def test_a_second_head_on_a_connection_has_a_deadline_too() -> None:
    async with opened() as door:
        client = await door.connect()
        await client.send(post(0) + b"GET / HT")
        assert b"HTTP/1.1 408" in await client.answer()


async def test_half_bodies_make_room_for_each_other_and_their_doors_hear_of_it() -> None:
    async with opened(PATIENT) as door:
        halves = [await door.connect() for _ in range(4)]
        for client in halves:
            await client.send(post(50_000) + b"x" * 40_000)
            await asyncio.sleep(0.05)
        assert await halves[0].answer() == refusal(Limit.MEMORY)
        assert await halves[1].answer() == refusal(Limit.MEMORY)
        assert door.ended == ["incomplete"] * 2
        await halves[3].send(b"x" * 10_000)
        assert (await halves[3].one_answer()).startswith(b"HTTP/1.1 200")


async def test_behind_a_proxy_memory_counts_for_the_customer_that_it_names() -> None:
    async with opened(PATIENT, trusted=("127.0.0.0/8",)) as door:
        clients = [await door.connect() for _ in range(3)]
        for client, place in zip(
            clients, (b"203.0.113.9", b"203.0.113.8", b"203.0.113.9"), strict=True
        ):
            await client.send(post(50_000, "/", b"x-forwarded-for: " + place) + b"x" * 31_000)
            await asyncio.sleep(0.05)
        assert await clients[0].answer() == refusal(Limit.MEMORY_PER_ADDRESS)
        assert door.told == [Limit.MEMORY_PER_ADDRESS]


async def test_the_body_of_a_known_caller_may_be_larger_at_nobodys_cost() -> None:
    async with opened(PATIENT) as door:
        stranger, client = await door.connect(), await door.connect()
        await stranger.send(post(100) + b"x" * 90)
        await client.send(post(500_000, "/known"))
        await asyncio.sleep(0.1)
        for _ in range(5):
            await client.send(b"x" * 100_000)
            await asyncio.sleep(0.02)
        assert (await client.one_answer()).startswith(b"HTTP/1.1 200")
        await stranger.send(b"x" * 10)
        assert (await stranger.one_answer()).startswith(b"HTTP/1.1 200")
        assert door.told == []


@pytest.mark.parametrize("length", [1_000_001, 999_999_999_999, 10**30])
async def test_a_body_that_is_announced_as_too_large_is_not_waited_for(length: int) -> None:
    async with opened() as door:
        client = await door.connect()
        await client.send(post(length))
        status = 400 if length == 10**30 else 413  # the parser reads 64 bits
        assert (await client.one_answer()).startswith(b"HTTP/1.1 %d" % status)


async def test_what_still_comes_after_an_early_answer_ends_soon() -> None:
    async with opened() as door:
        client = await door.connect()
        await client.send(post(5_000_000, "/early") + b"x" * 50_000)
        assert b"401" in await client.one_answer()
        dripping = asyncio.create_task(drip(client, b"x" * 10_000))
        assert await client.answer() in (b"", refusal(Limit.BODY_RATE))
        dripping.cancel()


async def test_requests_that_pile_up_on_one_connection_are_cut_off() -> None:
    async with opened(PATIENT) as door:
        client = await door.connect()
        await client.send(post(0) * 40)
        await client.answer()
        assert door.told == [Limit.PIPELINED]


async def test_a_few_requests_in_a_row_are_answered_in_order() -> None:
    async with opened(PATIENT) as door:
        client = await door.connect()
        await client.send(b"".join(post(n) + b"x" * n for n in (3, 2, 1)))
        got = b""
        while got.count(b"HTTP/1.1 200") < 3:
            got += await client.one_answer()
        assert [part[-1:] for part in got.split(b"HTTP/1.1 200")[1:]] == [b"3", b"2", b"1"]


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async def pour(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, 200, b"x" * 50_000_000, TEXT)

    told: list[Limit] = []
    limits = ConnectionLimits(answer_seconds=0.5)
    with listen("127.0.0.1", 0) as listener:
        async with serving(pour, listener, limits=limits, tell=told.append):
            with socket.create_connection(listener.getsockname()) as client:
                client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                for _ in range(60):
                    await asyncio.sleep(0.1)
                    if told:
                        break
    assert told == [Limit.ANSWER_TIME]


def test_a_flood_is_counted_and_said_once() -> None:
    metrics = Metrics()
    teller = ConnectionTeller(metrics, SystemClock())
    with capture_logs() as lines:
        for _ in range(100):
            teller(Limit.MEMORY)
            teller(Limit.MALFORMED)
    (line,) = lines
    assert (line["event"], line["setting"]) == ("connections_refused", "ASKFIRST_WAITING_BYTES_MAX")
    assert b'askfirst_connections_refused_total{limit="memory"} 100.0' in metrics.render()
    assert b'{limit="malformed"} 100.0' in metrics.render()


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "fitting"),
    [
        (1024, 4096, 1280, 1024),
        (1024, 1024, 1024, 768),
        (256, 256, 256, 16),
        (1280, 1280, None, 1024),
        (1024, -1, 1280, 1024),
        (-1, -1, None, 1024),
    ],
)
def test_descriptors_are_raised_and_some_are_kept_back(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None, fitting: int
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr("resource.getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr("resource.setrlimit", lambda _, limits: asked.append(limits))
    with capture_logs() as lines:
        assert descriptors.connections_within(1024) == fitting
    assert asked in ([(raised, hard)], [] if raised in (None, soft) else None)
    assert bool(lines) == (fitting < 1024)
