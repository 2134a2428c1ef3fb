"""The heads by call-out."""

from __future__ import annotations

import json

from standardwebhooks.webhooks import Webhook

from askfirst.delivery.call_outs import HeadReceiverByCallOut, NoHeadReceiver
from askfirst.domain.transparency.ledger_check import Head
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.ports.transparency.head import Heads, KeptHead
from tests.support.clocks import FakeClock
from tests.unit.delivery.upstream import says, upstream

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HEADS = Heads(
    database="one",
    businesses={BusinessId("acme"): KeptHead(head=Head(Position(7), b"l" * 32, b"h" * 32))},
)


async def test_the_heads_are_posted_signed() -> None:
    taken = says(b"HTTP/1.1 204 No Content\r\n\r\n")
    async with upstream(taken) as up:
        receiver = HeadReceiverByCallOut(up.url, SECRET, FakeClock(), answer_seconds=1)
        assert await receiver.tell(HEADS)
        await receiver.close()
    (heard,) = up.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]
    headers = {name.decode().lower(): value.decode() for name, value in lines}
    told = json.loads(body)
    assert told["type"] == "ledger.head"
    assert told["data"] == {
        "database": "one",
        "heads": [
            {
                "business_id": "acme",
                "position": 7,
                "leaf_hash": (b"l" * 32).hex(),
                "history": (b"h" * 32).hex(),
            }
        ],
    }
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
    signer = Webhook(SECRET)
    from askfirst.domain.values.timestamp import to_datetime
    from tests.support.clocks import NOON

    signed = signer.sign(headers["webhook-id"], to_datetime(NOON), body.decode())
    assert message
    assert headers["webhook-signature"] == signed


async def test_what_was_not_taken_is_told_again_later() -> None:
    refused = says(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n")
    async with upstream(refused) as up:
        receiver = HeadReceiverByCallOut(up.url, SECRET, FakeClock(), answer_seconds=1)
        assert not await receiver.tell(HEADS)
        await receiver.close()
    gone = HeadReceiverByCallOut("http://127.0.0.1:9", SECRET, FakeClock(), answer_seconds=1)
    assert not await gone.tell(HEADS)
    await gone.close()
    assert not await NoHeadReceiver().tell(HEADS)
