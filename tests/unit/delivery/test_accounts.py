"""What Meta says of accounts and numbers, and what counts as a no."""

from __future__ import annotations

import json

import pytest

from askfirst.delivery import accounts
from askfirst.delivery.accounts import AccountsAtGraph
from askfirst.domain.values.errors import Unavailable
from askfirst.ports.tenants.accounts import TokenRefused
from tests.support.builders import OTHER_SENDER, SENDER, WABA
from tests.unit.delivery.upstream import Act, hangs, lines_to, says, upstream

TOKEN = "EAAG-meta"


def answers(content: object, status: int = 200) -> Act:
    body = json.dumps(content).encode()
    return says(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%b" % (status, len(body), body))


def page(*ids: str, after: str = "") -> Act:
    paging = {"cursors": {"after": after or "end"}} | ({"next": "https://x"} if after else {})
    return answers({"data": [{"id": one} for one in ids], "paging": paging})


def error(code: int, status: int) -> Act:
    return answers({"error": {"code": code, "message": "no"}}, status)


async def has_number(*acts: Act) -> bool:
    async with upstream(*acts) as up, lines_to(up.url) as lines:
        return await AccountsAtGraph(lines, version="v26.0").has_number(WABA, SENDER, TOKEN)


async def can_read(*acts: Act) -> bool:
    async with upstream(*acts) as up, lines_to(up.url) as lines:
        return await AccountsAtGraph(lines, version="v26.0").can_read(SENDER, TOKEN)


async def test_a_number_is_looked_for_on_every_page_with_the_token_in_a_header() -> None:
    pages = (page("1", after="Mg=="), page("2", SENDER))
    async with upstream(*pages) as up, lines_to(up.url) as lines:
        assert await AccountsAtGraph(lines, version="v26.0").has_number(WABA, SENDER, TOKEN)
    first, second = (heard.split(b"\r\n")[0].decode() for heard in up.heard)
    assert first == f"GET /v26.0/{WABA}/phone_numbers?fields=id&limit=100 HTTP/1.1"
    assert "after=Mg%3D%3D" in second
    assert all(b"authorization: Bearer EAAG-meta\r\n" in heard for heard in up.heard)


async def test_a_number_that_is_on_no_page_is_not_there() -> None:
    assert not await has_number(page(OTHER_SENDER))
    assert not await has_number(page())


async def test_a_list_without_an_end_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "PAGES_MAX", 3)
    with pytest.raises(Unavailable):
        await has_number(page("1", after="Mg=="))


REFUSALS = [error(190, 401), error(100, 400), error(10, 403), error(200, 403), error(803, 404)]
TROUBLE = [
    error(4, 400),
    error(80007, 400),
    error(2, 503),
    error(1, 400),
    error(0, 429),
    error(0, 500),
    answers({"messages": [{"id": "wamid.1"}]}),
    answers([]),
    hangs,
]


@pytest.mark.parametrize("act", REFUSALS)
async def test_a_no_of_metas_is_about_the_token(act: Act) -> None:
    with pytest.raises(TokenRefused):
        await has_number(act)
    assert not await can_read(act)


@pytest.mark.parametrize("act", TROUBLE)
async def test_whatever_else_proves_nothing(act: Act) -> None:
    with pytest.raises(Unavailable):
        await has_number(act)


async def test_a_node_is_shown_where_metas_answer_has_its_id() -> None:
    assert await can_read(answers({"id": SENDER}))
    assert await can_read(answers({"id": int(SENDER)}))
    assert not await can_read(answers({"id": OTHER_SENDER}))
    assert not await can_read(answers({}))
    with pytest.raises(Unavailable):
        await can_read(answers([]))
