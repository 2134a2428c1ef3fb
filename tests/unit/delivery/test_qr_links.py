"""Meta's own short links, asked for with the sender's token."""

from __future__ import annotations

import json

import pytest

from askfirst.delivery.qr_links import ManagedLinksAtGraph
from askfirst.domain.values.errors import Unavailable
from tests.support.builders import sender
from tests.unit.delivery.upstream import lines_to, says, upstream

MADE = b'{"code":"4O4YGZEG3RIVE1","deep_link_url":"https://wa.me/message/4O4YGZEG3RIVE1"}'


def answer(status: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\ncontent-length: %d\r\n\r\n%b" % (status, len(body), body)


async def test_a_link_is_made_with_its_text() -> None:
    async with upstream(says(answer(b"200 OK", MADE))) as up, lines_to(up.url) as lines:
        made = await ManagedLinksAtGraph(lines, version="v26.0").make(sender(), "EAAG", "Hello!")
    assert made == ("4O4YGZEG3RIVE1", "https://wa.me/message/4O4YGZEG3RIVE1")
    head, _, body = up.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v26.0/200/message_qrdls HTTP/1.1")
    assert b"authorization: Bearer EAAG" in head
    assert json.loads(body) == {"prefilled_message": "Hello!"}


@pytest.mark.parametrize("said", [answer(b"403 No", MADE), answer(b"200 OK", b"[]")])
async def test_whatever_is_no_link_is_none(said: bytes) -> None:
    async with upstream(says(said)) as up, lines_to(up.url) as lines:
        with pytest.raises(Unavailable):
            await ManagedLinksAtGraph(lines, version="v26.0").make(sender(), "EAAG", "Hello!")


@pytest.mark.parametrize(
    ("said", "was_there"),
    [
        (answer(b"200 OK", b'{"success":true}'), True),
        (answer(b"400 Bad Request", b'{"error":{"code":100}}'), False),
        (answer(b"404 Not Found", b'{"error":{"code":33}}'), False),
    ],
)
async def test_a_link_is_deleted_once(said: bytes, was_there: bool) -> None:
    async with upstream(says(said)) as up, lines_to(up.url) as lines:
        links = ManagedLinksAtGraph(lines, version="v26.0")
        assert await links.drop(sender(), "EAAG", "4O4YGZEG3RIVE1") is was_there
    head = up.heard[0]
    assert head.startswith(b"DELETE /v26.0/200/message_qrdls/4O4YGZEG3RIVE1 HTTP/1.1")
    assert b"authorization: Bearer EAAG" in head


@pytest.mark.parametrize(
    "said",
    [
        answer(b"401 Unauthorized", b'{"error":{"code":190}}'),
        answer(b"500 Oops", b'{"error":{"code":2}}'),
        answer(b"400 Bad Request", b"[]"),
    ],
)
async def test_a_link_that_may_be_there_still_is_not_called_gone(said: bytes) -> None:
    async with upstream(says(said)) as up, lines_to(up.url) as lines:
        with pytest.raises(Unavailable):
            await ManagedLinksAtGraph(lines, version="v26.0").drop(sender(), "EAAG", "4O4YG")
