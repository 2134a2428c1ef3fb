"""What Meta says of accounts and numbers, and what counts as a no."""

from __future__ import annotations

import json

import pytest

from askfirst.delivery import accounts
from askfirst.delivery.accounts import AccountsAtGraph
from askfirst.domain.tenants.sender_health import NumberReading, Quality
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


async def read_number(*acts: Act) -> NumberReading:
    async with upstream(*acts) as up, lines_to(up.url) as lines:
        return await AccountsAtGraph(lines, version="v26.0").read_number(SENDER, TOKEN)


async def test_a_number_is_asked_for_its_quality_and_limit() -> None:
    word = "whatsapp_business_manager_messaging_limit"
    act = answers({"id": SENDER, "quality_rating": "YELLOW", word: "TIER_2K"})
    async with upstream(act) as up, lines_to(up.url) as lines:
        found = await AccountsAtGraph(lines, version="v26.0").read_number(SENDER, TOKEN)
    assert found == NumberReading(Quality.MEDIUM, 2000)
    first = up.heard[0].split(b"\r\n")[0].decode()
    assert first == f"GET /v26.0/{SENDER}?fields=quality_rating,{word} HTTP/1.1"


async def test_a_number_that_is_not_the_tokens_is_refused_and_trouble_is_trouble() -> None:
    with pytest.raises(TokenRefused):
        await read_number(error(100, 400))
    with pytest.raises(Unavailable):
        await read_number(error(80007, 400))
    with pytest.raises(Unavailable):
        await read_number(answers([]))


async def has_template(*acts: Act) -> tuple[bool, list[str]]:
    async with upstream(*acts) as up, lines_to(up.url) as lines:
        found = await AccountsAtGraph(lines, version="v26.0").has_template(WABA, "77", TOKEN)
    return found, [heard.split(b" ")[1].decode() for heard in up.heard]


async def test_a_template_is_the_accounts_where_the_account_lists_it_under_its_name() -> None:
    node = answers({"id": "77", "name": "offer", "category": "MARKETING"})
    found, asked = await has_template(node, page("5", after="Mg"), page("77"))
    assert found
    assert asked == [
        "/v26.0/77?fields=id,name,category",
        f"/v26.0/{WABA}/message_templates?fields=id&name=offer&limit=100",
        f"/v26.0/{WABA}/message_templates?fields=id&name=offer&limit=100&after=Mg",
    ]


async def test_a_template_of_another_account_is_none_of_the_accounts() -> None:
    node = answers({"id": "77", "name": "offer", "category": "MARKETING"})
    for acts in ((node, page("5")), (answers({"id": "77", "name": "A"}),), (error(100, 400),)):
        assert not (await has_template(*acts))[0]
    assert not (await has_template(node, error(10, 403)))[0]


async def test_a_flow_is_the_accounts_where_it_says_so_itself() -> None:
    for account, is_ours in ({"id": WABA}, True), ({"id": "101"}, False), (None, False):
        act = answers({"id": "9", "whatsapp_business_account": account})
        async with upstream(act) as up, lines_to(up.url) as lines:
            accounts_at = AccountsAtGraph(lines, version="v26.0")
            assert await accounts_at.has_flow(WABA, "9", TOKEN) is is_ours


async def test_trouble_at_meta_proves_nothing_of_templates_and_flows() -> None:
    async with upstream(error(2, 503)) as up, lines_to(up.url) as lines:
        accounts_at = AccountsAtGraph(lines, version="v26.0")
        with pytest.raises(Unavailable):
            await accounts_at.has_template(WABA, "77", TOKEN)
        with pytest.raises(Unavailable):
            await accounts_at.has_flow(WABA, "9", TOKEN)
