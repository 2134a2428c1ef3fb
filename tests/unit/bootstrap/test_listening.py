"""Whom the server believes about where a request comes from."""

from __future__ import annotations

import httpx
import pytest

from askfirst.bootstrap.listening import address_of, listen, serving
from askfirst.web.asgi import Receive, Scope, Send, respond


async def tell_the_peer(scope: Scope, _: Receive, send: Send) -> None:
    await respond(send, 200, scope["client"][0].encode(), b"text/plain")


@pytest.mark.parametrize(
    ("trusted", "forwarded", "peer"),
    [
        ((), "203.0.113.9", "127.0.0.1"),
        (("198.51.100.0/24",), "203.0.113.9", "127.0.0.1"),
        (("127.0.0.0/8",), "203.0.113.9", "203.0.113.9"),
        (("127.0.0.1/32",), "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (("127.0.0.1/32", "203.0.113.9/32"), "198.51.100.1, 203.0.113.9", "198.51.100.1"),
    ],
    ids=["nobody", "somebody else", "a network", "what the customer made up", "two in a row"],
)
async def test_only_a_trusted_proxy_is_believed(
    trusted: tuple[str, ...], forwarded: str, peer: str
) -> None:
    with listen("127.0.0.1", 0) as listener:
        async with (
            serving(tell_the_peer, listener, trusted_proxies=trusted),
            httpx.AsyncClient(base_url=address_of(listener)) as client,
        ):
            answer = await client.get("/", headers={"x-forwarded-for": forwarded})
    assert answer.text == peer
