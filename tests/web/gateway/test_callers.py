"""Who may call the gateway."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.value import replace
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.gateway.endpoint import GatewayEndpoint
from tests.support.builders import BEN, BUSINESS, SENDER, WABA, grant, opening, stop
from tests.support.services import FakeAccounts
from tests.web.asgi_call import Pairs, call
from tests.web.gateway.desk import TEMPLATE, TEXT, Desk

META = ("authorization", "Bearer EAAG-their-own")
WRONG = ("authorization", "Bearer ask_wrong")


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (WRONG,),
        (META,),
        (("authorization", "Basic YTpi"),),
        (("authorization", "Bearer "),),
        (("x-api-key", "ask_wrong"),),
    ],
)
async def test_without_a_live_key_nothing_is_said(quick_desk: Desk, headers: Pairs) -> None:
    got = await quick_desk.send(headers=headers)
    assert (got.status, got.error["code"]) == (401, 190)
    assert not quick_desk.sent


async def test_two_keys_at_once_are_none(quick_desk: Desk) -> None:
    for headers in ((quick_desk.key, WRONG), (WRONG, quick_desk.key), (quick_desk.key,) * 2):
        assert (await quick_desk.send(headers=headers)).status == 401


async def test_a_key_without_the_scope_may_not_send(quick_desk: Desk) -> None:
    business = Business(business_id=BUSINESS, name="")
    scopes = frozenset(ApiScope) - {ApiScope.SEND}
    _, secret = await create_key(quick_desk.world.services, business, "reader", scopes)
    got = await quick_desk.send(headers=(("authorization", f"Bearer {secret}"),))
    assert (got.status, got.error["code"]) == (403, 10)
    assert "scope send" in got.error["error_data"]["details"]


async def test_metas_own_tokens_pass_only_where_that_is_set(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    assert (await quick_desk.send(headers=(META,))).status == 401
    got = await quick_desk.send(headers=(META,), door=quick_desk.open_door)
    assert got.status == 200
    assert quick_desk.sent[0].headers == {
        "authorization": META[1],
        "content-type": "application/json",
    }


async def test_the_gate_stands_before_metas_own_tokens_too(quick_desk: Desk) -> None:
    got = await quick_desk.send(headers=(META,), door=quick_desk.open_door)
    assert got.error["askfirst"]["reasons"] == ["no_opt_in"]
    unknown = await quick_desk.send(
        headers=(META,), door=quick_desk.open_door, path="/999/messages"
    )
    assert (unknown.status, unknown.error["code"]) == (400, 133010)
    assert not quick_desk.sent


async def test_a_key_of_ours_never_leaves_for_meta(quick_desk: Desk) -> None:
    assert (await quick_desk.send(headers=(WRONG,), door=quick_desk.open_door)).status == 401
    await quick_desk.commit(grant())
    await quick_desk.send(door=quick_desk.open_door)
    assert all("ask_" not in str(left.headers) for left in quick_desk.sent)


GARBAGE = ("authorization", "Bearer not-a-token-at-all")


@pytest.fixture
def doubted(quick_desk: Desk) -> Desk:
    """A gateway that takes Meta's tokens, where Meta knows nothing of one of them."""
    quick_desk.world.accounts.bad_tokens.add("not-a-token-at-all")
    return quick_desk


async def test_whoever_shows_a_made_up_token_learns_nothing(doubted: Desk) -> None:
    await doubted.commit(grant(), stop(BEN))
    answers = [
        await doubted.send(message, headers=(GARBAGE,), door=doubted.open_door, path=path)
        for path in (f"/{SENDER}/messages", "/999/messages")
        for message in (TEMPLATE, TEMPLATE | {"to": f"+{BEN.value}"}, TEXT, b"{")
    ]
    for path in (f"/{SENDER}", f"/{WABA}/phone_numbers", "/999", "/999/media"):
        got = await call(doubted.open_door, "GET", path, headers=(GARBAGE,))
        answers.append(got)
    assert {(got.status, got.body) for got in answers} == {(401, answers[0].body)}
    assert not doubted.sent


async def test_whoever_shows_a_made_up_token_uses_up_nothing(doubted: Desk) -> None:
    await doubted.commit(opening(), stop())
    await doubted.send(TEXT, headers=(GARBAGE,), door=doubted.open_door)
    decisions = doubted.world.services.decisions
    assert await decisions.decisions(BUSINESS, "", 9) == ()
    assert not doubted.sent


async def test_metas_yes_to_a_token_counts_for_a_minute(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    for status in (200, 400, 400):  # who was let in hears of the gate that it is a duplicate
        got = await quick_desk.send(headers=(META,), door=quick_desk.open_door)
        assert got.status == status
    asked = quick_desk.world.accounts.asked
    assert asked[1:] == [(SENDER, "EAAG-their-own")]
    quick_desk.world.clock.advance(60)
    assert (await quick_desk.send(headers=(META,), door=quick_desk.open_door)).status == 400
    assert len(asked) == 3


async def test_metas_yes_counts_for_the_node_that_was_asked_about_alone(quick_desk: Desk) -> None:
    await quick_desk.send(headers=(META,), door=quick_desk.open_door)
    quick_desk.world.accounts.foreign.add("999")
    got = await call(quick_desk.open_door, "GET", "/999", headers=(META,))
    assert got.status == 401


async def test_metas_no_is_asked_for_each_time(doubted: Desk) -> None:
    for _ in range(2):
        assert (await doubted.send(headers=(GARBAGE,), door=doubted.open_door)).status == 401
    doubted.world.accounts.bad_tokens.clear()
    await doubted.commit(grant())
    assert (await doubted.send(headers=(GARBAGE,), door=doubted.open_door)).status == 200


async def test_a_token_that_cannot_be_checked_is_no_caller(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    quick_desk.world.accounts.is_answering = False
    got = await quick_desk.send(headers=(META,), door=quick_desk.open_door)
    assert got.status == 503
    assert not quick_desk.sent


@pytest.mark.parametrize("token", ["x" * 1025, "caf\u00e9"])
async def test_what_is_no_token_is_not_shown_to_meta(quick_desk: Desk, token: str) -> None:
    before = len(quick_desk.world.accounts.asked)
    headers = (("authorization", f"Bearer {token}"),)
    assert (await quick_desk.send(headers=headers, door=quick_desk.open_door)).status == 401
    assert len(quick_desk.world.accounts.asked) == before


async def test_a_flood_of_made_up_tokens_is_cut_off(doubted: Desk) -> None:
    held, accounts = asyncio.Event(), doubted.world.accounts
    most = 0

    class Slow(FakeAccounts):
        async def can_read(self, node: str, token: str) -> bool:
            nonlocal most
            most += 1
            await held.wait()
            return False

    services = replace(doubted.world.services, accounts=Slow())
    door = GatewayEndpoint(services, doubted.metrics, pass_through_meta_tokens=True)
    calls = [
        asyncio.create_task(
            call(door, "GET", f"/{SENDER}", headers=(("authorization", f"Bearer t{number}"),))
        )
        for number in range(100)
    ]
    await asyncio.sleep(0.05)
    assert most == 8
    held.set()
    statuses = [(await made).status for made in calls]
    assert (statuses.count(401), statuses.count(503)) == (64, 36)
    assert accounts.asked == [(WABA, "EAAG-meta")]


@pytest.mark.parametrize("in_query", [True, False])
async def test_the_proof_of_another_token_goes_no_further(
    quick_desk: Desk, *, in_query: bool
) -> None:
    query = "fields=id&appsecret_proof=0f0e"
    query += f"&access_token={quick_desk.secret}" if in_query else ""
    headers = () if in_query else (quick_desk.key,)
    got = await call(quick_desk.door, "GET", f"/v17.0/{WABA}", query=query, headers=headers)
    assert (got.status, quick_desk.sent[0].target) == (200, f"/v17.0/{WABA}?fields=id")


async def test_the_proof_of_a_token_of_metas_stays_with_it(quick_desk: Desk) -> None:
    path, query = f"/v17.0/{WABA}", "appsecret_proof=0f0e"
    got = await call(quick_desk.open_door, "GET", path, query=query, headers=(META,))
    assert (got.status, quick_desk.sent[-1].target) == (200, f"{path}?{query}")


async def test_a_key_in_the_address_begins_an_upload_and_changes_nothing_else(
    quick_desk: Desk,
) -> None:
    query = f"access_token={quick_desk.secret}"
    got = await call(quick_desk.door, "POST", "/v17.0/9/uploads", query=query)
    assert (got.status, quick_desk.sent[0].target) == (200, "/v17.0/9/uploads")
    assert quick_desk.secret not in str(quick_desk.sent)
    for path in (f"/v17.0/{SENDER}/messages", f"/v17.0/{WABA}/flows"):
        refused = await call(quick_desk.door, "POST", path, query=query, body=b"{}")
        assert (refused.status, refused.error["code"]) == (401, 190)
    assert len(quick_desk.sent) == 1
