"""Events about codes by call-out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from askfirst.delivery.call_outs import NoReceiver, ReceiverByCallOut
from askfirst.domain.codes.code import Channel, StatusKind
from askfirst.domain.codes.code_event import CodeEvent, code_event
from askfirst.ports.events.outbox import NotTaken
from tests.support.builders import BUSINESS
from tests.support.clocks import FakeClock, at
from tests.support.codes import code, line
from tests.unit.delivery.upstream import Act, hangs, resets, says, upstream

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TAKEN = says(b"HTTP/1.1 204 No Content\r\n\r\n")


def event(**parts: object) -> CodeEvent:
    history = (line(StatusKind.SENT), line(StatusKind.FAILED, 2.5, reason="131026"))
    return code_event(code(history=history, **parts), 1)


@asynccontextmanager
async def receiver_at(url: str, moment: float = 0) -> AsyncIterator[ReceiverByCallOut]:
    receiver = ReceiverByCallOut(url, SECRET, FakeClock(at(moment)), answer_seconds=0.1)
    try:
        yield receiver
    finally:
        await receiver.close()


async def test_an_event_is_posted_in_the_manner_of_standard_webhooks() -> None:
    told = event(reference="session 4711; ü")
    async with upstream(TAKEN) as up, receiver_at(f"{up.url}/askfirst?shop=7") as receiver:
        assert receiver.is_configured
        await receiver.tell(told)
    (heard,) = up.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /askfirst?shop=7 HTTP/1.1\r\n")
    assert json.loads(body) == {
        "type": "code.failed",
        "timestamp": "2026-01-15T12:00:02.500000Z",
        "data": {
            "id": told.code_id,
            "business_id": BUSINESS,
            "what": "failed",
            "channel": Channel.WHATSAPP.value,
            "number": 1,
            "reason": "131026",
            "purpose": "login",
            "reference": "session 4711; ü",
            "state": "waiting",
        },
    }


async def test_each_try_is_signed_with_its_own_time_and_has_the_same_id_and_body() -> None:
    tries = []
    for moment in (3, 3603):
        async with upstream(TAKEN) as up, receiver_at(up.url, moment) as receiver:
            await receiver.tell(event())
        head, _, body = up.heard[0].partition(b"\r\n\r\n")
        headers = dict(one.split(": ", 1) for one in head.decode().split("\r\n")[1:])
        stamp = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        right = Webhook(SECRET).sign(headers["webhook-id"], stamp, body.decode())
        assert headers["webhook-signature"] == right
        tries.append((headers["webhook-id"], body, stamp.minute, stamp.hour))
    assert tries[0][:2] == tries[1][:2]
    assert tries[0][0] == event().event_id
    assert tries[1][3] == tries[0][3] + 1


async def test_no_reason_is_null() -> None:
    async with upstream(TAKEN) as up, receiver_at(up.url) as receiver:
        await receiver.tell(code_event(code(history=(line(StatusKind.SENT),)), 0))
    assert json.loads(up.heard[0].partition(b"\r\n\r\n")[2])["data"]["reason"] is None


@pytest.mark.parametrize(
    "act",
    [
        says(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"),
        says(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"),
        says(b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n"),
        says(b"garbage\r\n\r\n"),
        hangs,
        resets,
    ],
)
async def test_whatever_is_no_2xx_was_not_taken(act: Act) -> None:
    async with upstream(act) as up, receiver_at(up.url) as receiver:
        with pytest.raises(NotTaken):
            await receiver.tell(event())


async def test_where_nobody_listens_nothing_was_taken() -> None:
    async with upstream(TAKEN) as up:
        pass
    async with receiver_at(up.url) as receiver:
        with pytest.raises(NotTaken):
            await receiver.tell(event())


async def test_without_an_address_nobody_is_told() -> None:
    receiver = NoReceiver()
    assert not receiver.is_configured
    with pytest.raises(NotTaken):
        await receiver.tell(event())
    await receiver.close()
