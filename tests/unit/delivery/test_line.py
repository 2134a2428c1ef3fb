"""The way out against a Graph API that misbehaves."""

from __future__ import annotations

import asyncio
import socket

import pytest

from askfirst.delivery import pool
from askfirst.delivery.answer_reader import ANSWER_BYTES_MAX
from askfirst.delivery.http_client import HttpClient
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown
from tests.unit.delivery.upstream import (
    OK,
    Act,
    ask,
    hangs,
    lines_to,
    resets,
    says,
    says_and_closes,
    upstream,
)

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


async def test_a_request_goes_out_as_it_was_meant() -> None:
    async with upstream(says(OK)) as up, lines_to(up.url) as lines:
        answer = await ask(lines, b'{"to":"x"}', "/v23.0/123/messages")
    assert (answer.status, answer.content_type, answer.body) == (200, "application/json", b"{}")
    assert up.heard == [
        b"POST /v23.0/123/messages HTTP/1.1\r\n"
        + b"host: %b\r\n" % up.url.removeprefix("http://").encode()
        + b"content-type: application/json\r\ncontent-length: 10\r\n"
        + b'accept-encoding: identity\r\n\r\n{"to":"x"}'
    ]


async def test_one_connection_serves_many_requests() -> None:
    async with upstream(says(OK)) as up, lines_to(up.url) as lines:
        for _ in range(5):
            await ask(lines)
        assert up.connections == 1


@pytest.mark.parametrize(
    ("parts", "body"),
    [
        ((OK[:5], OK[5:40], OK[40:]), b"{}"),
        ((CHUNKED, b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n"), b"abcde"),
        ((b"HTTP/1.1 100 Continue\r\n\r\n", OK), b"{}"),
        ((b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK,), b"{}"),
        ((b"HTTP/1.1 204 No Content\r\n\r\n",), b""),
    ],
)
async def test_an_answer_is_read_however_it_is_cut(parts: tuple[bytes, ...], body: bytes) -> None:
    async with upstream(says(*parts)) as up, lines_to(up.url) as lines:
        assert (await ask(lines)).body == body
        assert (await ask(lines)).body == body
        assert up.connections == 1


async def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    act = says_and_closes(b"HTTP/1.1 200 OK\r\n\r\n", b"all ", b"of it")
    async with upstream(act) as up, lines_to(up.url) as lines:
        assert (await ask(lines)).body == b"all of it"


@pytest.mark.parametrize("status", [301, 400, 403, 500])
async def test_any_status_is_an_answer_and_redirects_are_not_followed(status: int) -> None:
    head = b"HTTP/1.1 %d X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n" % status
    async with upstream(says(head)) as up, lines_to(up.url) as lines:
        assert (await ask(lines)).status == status
        assert len(up.heard) == 1


@pytest.mark.parametrize(
    "act",
    [
        hangs,
        resets,
        says(b"nonsense\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef"),
        says(b"HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"),
        says(CHUNKED + b"zz\r\n"),
        says(b"HTTP/1.1 200 OK\r\nx: " + b"y" * (ANSWER_BYTES_MAX + 1)),
        says(b"HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n" + b"y" * ANSWER_BYTES_MAX),
        says_and_closes(),
        says_and_closes(OK[:-1]),
        says_and_closes(b"HTTP/1.1 200 OK\r\ncontent-type: te"),
        says_and_closes(CHUNKED + b"3\r\nabc\r\n"),
    ],
)
async def test_without_a_whole_answer_the_outcome_is_unknown_and_nothing_is_sent_again(
    act: Act,
) -> None:
    async with upstream(act) as up, lines_to(up.url, answer_seconds=0.2) as lines:
        with pytest.raises(OutcomeUnknown):
            await ask(lines)
        await asyncio.sleep(0.02)
        assert len(up.heard) == 1


@pytest.mark.parametrize(
    "act",
    [
        says(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"),
        says(b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
        says(OK + OK),
        says(OK + b"garbage"),
        says(OK, b"late garbage"),
        says_and_closes(OK),
    ],
)
async def test_a_connection_that_cannot_be_trusted_is_not_used_again(act: Act) -> None:
    async with upstream(act) as up, lines_to(up.url) as lines:
        for number in range(1, 4):
            assert (await ask(lines)).body == b"{}"
            await up.has_ended(number)
        assert up.connections == 3


async def test_a_close_that_the_loop_has_not_seen_yet_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "RESTED_SECONDS", -1.0)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    async with lines_to(f"http://127.0.0.1:{listener.getsockname()[1]}") as lines:
        peer = await _served(lines, listener)
        first = peer.getpeername()
        peer.close()  # the loop does not run between this and the opening of a line
        with await _served(lines, listener) as peer:
            assert peer.getpeername() != first
    listener.close()


async def test_on_a_connection_that_is_known_to_be_closed_nothing_is_sent() -> None:
    async with upstream(says_and_closes(OK), says(OK)) as up, lines_to(up.url) as lines:
        held = await lines.open()
        await ask(lines)
        line = await lines.open()
        await up.has_ended(1)
        with pytest.raises(NotSent):
            line.send("POST", "/1/m", {}, b"")
        line.release()
        held.release()
        assert len(up.heard) == 1


async def _served(lines: HttpClient, listener: socket.socket) -> socket.socket:
    asked = asyncio.ensure_future(ask(lines))
    peer, _ = await asyncio.get_running_loop().sock_accept(listener)
    peer.send(OK)
    await asked
    return peer


async def test_a_connection_that_idled_too_long_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "IDLE_SECONDS_MAX", 0.01)
    async with upstream(says(OK)) as up, lines_to(up.url) as lines:
        await ask(lines)
        await asyncio.sleep(0.03)
        await ask(lines)
        assert up.connections == 2


async def test_a_line_given_back_unused_serves_the_next() -> None:
    async with upstream(says(OK)) as up, lines_to(up.url, connections_max=1) as lines:
        line = await lines.open()
        line.release()
        line.release()
        assert (await ask(lines)).status == 200
        assert up.connections == 1
        with pytest.raises(NotSent):
            line.send("POST", "/1/m", {}, b"")
        with pytest.raises(OutcomeUnknown):
            await line.answer()


async def test_who_waits_gets_the_connection_that_becomes_free() -> None:
    async with upstream(says(OK)) as up, lines_to(up.url) as lines:
        answers = await asyncio.gather(*(ask(lines) for _ in range(20)))
        assert {answer.status for answer in answers} == {200}
        assert up.connections <= 2


async def test_who_waits_gets_a_place_when_a_connection_breaks() -> None:
    async with (
        upstream(resets, says(OK)) as up,
        lines_to(up.url, connections_max=1) as lines,
    ):
        answers = await asyncio.gather(ask(lines), ask(lines), return_exceptions=True)
    assert isinstance(answers[0], OutcomeUnknown)
    assert not isinstance(answers[1], BaseException)


async def test_waiting_for_a_connection_ends_in_time_and_harms_nobody() -> None:
    async with (
        upstream(says(OK)) as up,
        lines_to(up.url, connections_max=1, connect_seconds=0.05) as lines,
    ):
        held = await lines.open()
        with pytest.raises(NotSent):
            await lines.open()
        waiting = asyncio.ensure_future(lines.open())
        await asyncio.sleep(0.01)
        held.release()
        waiting.cancel()
        assert (await asyncio.gather(waiting, return_exceptions=True))[0] is not None
        assert (await ask(lines)).status == 200


async def test_the_line_of_those_who_wait_has_an_end() -> None:
    async with upstream(says(OK)) as up, lines_to(up.url, connections_max=1) as lines:
        held = await lines.open()
        waiting = [asyncio.ensure_future(lines.open()) for _ in range(16)]
        await asyncio.sleep(0)
        with pytest.raises(NotSent, match="too many"):
            await lines.open()
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        held.release()
        assert (await ask(lines)).status == 200


async def test_where_nobody_listens_nothing_is_sent() -> None:
    async with upstream(says(OK)) as up:
        pass
    async with lines_to(up.url) as lines:
        for _ in range(5):
            with pytest.raises(NotSent):
                await lines.open()


async def test_a_lost_answer_leaves_no_place_taken() -> None:
    async with (
        upstream(hangs) as up,
        lines_to(up.url, connections_max=1, answer_seconds=0.05) as lines,
    ):
        for _ in range(3):
            line = await lines.open()
            line.send("POST", "/1/m", {}, b"")  # and nobody waits for the answer
        assert up.connections == 3


async def test_closed_lines_send_nothing() -> None:
    async with upstream(says(OK)) as up, lines_to(up.url, connections_max=1) as lines:
        held = await lines.open()
        waiting = asyncio.ensure_future(lines.open())
        await asyncio.sleep(0)
        await lines.close()
        with pytest.raises(NotSent):
            await waiting
        with pytest.raises(NotSent):
            held.send("POST", "/1/m", {}, b"")
        with pytest.raises(NotSent):
            await lines.open()
        assert not up.heard


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/1/m", {"authorization": "Bearer x\r\nx-smuggled: 1"}),
        ("/1/m", {"authorization": "Bearer x\n"}),
        ("/1/m", {"user-agent": "emoji \N{GRINNING FACE}"}),
        ("/1/m", {"content-length": "0"}),
        ("/1/m", {"transfer-encoding": "chunked"}),
        ("/1/m HTTP/1.1\r\nx: y", {}),
        ("/1/m?a= b", {}),
        ("/1/\N{LATIN SMALL LETTER E WITH ACUTE}", {}),
    ],
)
async def test_what_would_not_be_the_meant_request_is_not_sent(
    target: str, headers: dict[str, str]
) -> None:
    async with upstream(says(OK)) as up, lines_to(up.url, connections_max=1) as lines:
        line = await lines.open()
        with pytest.raises(NotSent):
            line.send("POST", target, headers, b"{}")
        line.release()
        await ask(lines)
        assert len(up.heard) == up.connections == 1
