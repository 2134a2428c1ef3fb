"""SMS by call-out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from askfirst.delivery.call_outs import NoSms, SmsByCallOut
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.codes.sms import SmsNotSent, SmsUnanswered
from tests.support.clocks import FakeClock
from tests.unit.delivery.upstream import Act, hangs, resets, says, upstream

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ADA = PhoneNumber("447700900123")
TEXT = "12345678 ist Ihr Bestätigungscode für Café Lune."
TAKEN = says(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")


@asynccontextmanager
async def sms_to(url: str) -> AsyncIterator[SmsByCallOut]:
    sms = SmsByCallOut(url, SECRET, FakeClock(), answer_seconds=0.1)
    try:
        yield sms
    finally:
        await sms.close()


async def test_a_text_is_posted_and_signed_as_standard_webhooks_has_it() -> None:
    async with upstream(TAKEN) as up, sms_to(f"{up.url}/out/sms?account=7") as sms:
        assert sms.is_configured
        await sms.send(ADA, TEXT, "cod_1:2")
    (heard,) = up.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert lines[0] == "POST /out/sms?account=7 HTTP/1.1"
    assert json.loads(body) == {"id": "cod_1:2", "to": "+447700900123", "text": TEXT}
    assert headers["webhook-id"] == "cod_1:2"
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    right = Webhook(SECRET).sign("cod_1:2", at, body.decode())
    assert headers["webhook-signature"] == right


@pytest.mark.parametrize(
    "act",
    [
        says(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"),
        says(b"HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n"),
        says(b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n"),
    ],
)
async def test_what_was_not_taken_is_told(act: Act) -> None:
    async with upstream(act) as up, sms_to(up.url) as sms:
        with pytest.raises(SmsNotSent):
            await sms.send(ADA, TEXT, "cod_1:1")


@pytest.mark.parametrize("act", [hangs, resets, says(b"garbage\r\n\r\n")])
async def test_what_left_without_an_answer_may_have_been_taken(act: Act) -> None:
    async with upstream(act) as up, sms_to(up.url) as sms:
        with pytest.raises(SmsUnanswered):
            await sms.send(ADA, TEXT, "cod_1:1")


async def test_where_nobody_listens_nothing_is_sent() -> None:
    async with upstream(hangs) as up:
        pass
    async with sms_to(up.url) as sms:
        with pytest.raises(SmsNotSent):
            await sms.send(ADA, TEXT, "cod_1:1")


async def test_without_a_provider_there_is_no_sms() -> None:
    sms = NoSms()
    assert not sms.is_configured
    with pytest.raises(SmsNotSent):
        await sms.send(ADA, TEXT, "cod_1:1")
    await sms.close()
