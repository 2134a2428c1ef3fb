"""Who may call the gateway."""

from __future__ import annotations

import pytest

from askfirst.domain.access import Business, Scope
from askfirst.usecases.authenticate import create_key
from tests.support.builders import BUSINESS, grant
from tests.web.asgi_call import Pairs
from tests.web.gateway.desk import Desk

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
    scopes = frozenset(Scope) - {Scope.SEND}
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
    assert (unknown.status, unknown.error["code"]) == (403, 133010)
    assert not quick_desk.sent


async def test_a_key_of_ours_never_leaves_for_meta(quick_desk: Desk) -> None:
    assert (await quick_desk.send(headers=(WRONG,), door=quick_desk.open_door)).status == 401
    await quick_desk.commit(grant())
    await quick_desk.send(door=quick_desk.open_door)
    assert all("ask_" not in str(left.headers) for left in quick_desk.sent)
