"""Calls that change something, and calls to people: who may make them, and what leaves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.decision.policy import Policy
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.gateway.endpoint import GatewayEndpoint
from tests.support import builders
from tests.support.builders import grant, opening
from tests.support.law import TIMELESS
from tests.support.services import changed
from tests.web.asgi_call import call
from tests.web.gateway.desk import META_TOKEN, TEXT, TO, Desk

JSON = ("content-type", "application/json")
CALL: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": TO,
    "action": "connect",
    "session": {"sdp_type": "offer", "sdp": "v=0"},
}
BLOCK = {"messaging_product": "whatsapp", "block_users": [{"user": "447700900123"}]}
PERMISSION = TEXT | {
    "type": "interactive",
    "text": None,
    "interactive": {
        "type": "call_permission_request",
        "action": {"name": "call_permission_request"},
        "body": {"text": "May we call?"},
    },
}
CHANGES: list[tuple[str, str, Any]] = [
    ("POST", "/200/register", {"messaging_product": "whatsapp", "pin": "123456"}),
    ("POST", "/200/deregister", {}),
    ("POST", "/200/request_code", {"code_method": "SMS", "language": "en_US"}),
    ("POST", "/200/verify_code", {"code": "123456"}),
    ("POST", "/200/settings", {"calling": {"status": "ENABLED"}}),
    ("POST", "/200/whatsapp_commerce_settings", {"is_cart_enabled": True}),
    ("POST", "/200/whatsapp_business_encryption", {"business_public_key": "-----BEGIN"}),
    ("POST", "/200/whatsapp_business_profile", {"about": "Hi"}),
    ("POST", "/200/message_qrdls", {"prefilled_message": "Hi", "generate_qr_image": "SVG"}),
    ("POST", "/100/message_templates", {"name": "a", "language": "en", "category": "UTILITY"}),
    ("POST", "/100/upsert_message_templates", {"name": "a", "languages": ["en", "fr"]}),
    ("POST", "/100/flows", {"name": "a", "categories": ["OTHER"]}),
    ("POST", "/200", {"pin": "123456"}),
    ("POST", "/200/block_users", {"block_users": [{"user": TO}]}),
    ("DELETE", "/200/block_users", {"block_users": [{"user": TO}]}),
    ("DELETE", "/200/message_qrdls/AB12", None),
    ("DELETE", "/100/message_templates", None),
]


async def sender_only(desk: Desk) -> tuple[str, str]:
    """Make a key that may send, and nothing else."""
    business = Business(business_id=builders.BUSINESS, name="X")
    _, secret = await create_key(
        desk.world.services, business, "sender", frozenset({ApiScope.SEND})
    )
    return "authorization", f"Bearer {secret}"


def written(content: Any) -> bytes:
    return b"" if content is None else json.dumps(content).encode()


@pytest.mark.parametrize(("method", "path", "content"), CHANGES)
async def test_what_leaves_is_what_was_read(
    quick_desk: Desk, method: str, path: str, content: Any
) -> None:
    got = await quick_desk.call(method, path, body=written(content), headers=[JSON])
    assert got.status == 200
    left = quick_desk.sent[0]
    assert (left.method, left.target) == (method, path)
    assert left.headers["authorization"] == f"Bearer {META_TOKEN}"
    assert (json.loads(left.body) if left.body else None) == content


@pytest.mark.parametrize(("method", "path", "content"), CHANGES)
async def test_a_key_that_may_send_changes_nothing(
    quick_desk: Desk, method: str, path: str, content: Any
) -> None:
    key = await sender_only(quick_desk)
    got = await call(quick_desk.door, method, path, body=written(content), headers=[key, JSON])
    assert (got.status, got.error["code"]) == (403, 10)
    assert "scope manage" in got.error["error_data"]["details"]
    assert not quick_desk.sent


@pytest.mark.parametrize(("method", "path", "content"), CHANGES)
async def test_a_field_that_is_not_known_does_not_leave(
    quick_desk: Desk, method: str, path: str, content: Any
) -> None:
    unknown: list[dict[str, Any]] = [{"batch": []}, {"webhook_configuration": {}}, {"To": TO}]
    for more in unknown:
        body = written({**(content or {}), **more})
        if content is None:
            query = f"{next(iter(more))}=x"
            got = await quick_desk.call(method, path, query=query)
        else:
            got = await quick_desk.call(method, path, body=body, headers=[JSON])
        assert (got.status, got.error["code"]) == (400, 100)
    assert not quick_desk.sent


@pytest.mark.parametrize(("method", "path", "content"), CHANGES)
async def test_what_is_another_businesss_is_not_changed(
    quick_desk: Desk, method: str, path: str, content: Any
) -> None:
    elsewhere = path.replace("/200", "/999").replace("/100", "/998")
    got = await quick_desk.call(method, elsewhere, body=written(content), headers=[JSON])
    assert got.status == 400
    assert not quick_desk.sent


async def test_the_address_of_metas_webhooks_stays_askfirsts(quick_desk: Desk) -> None:
    override = {"webhook_configuration": {"override_callback_uri": "https://other.example"}}
    got = await quick_desk.call("POST", "/200", body=written(override), headers=[JSON])
    assert got.error["error_data"]["details"].startswith("`webhook_configuration` is not a field")
    assert not quick_desk.sent


async def test_a_template_or_flow_is_changed_where_the_account_lists_it(quick_desk: Desk) -> None:
    accounts = quick_desk.world.accounts
    accounts.templates.add(("100", "77"))
    accounts.flows.add(("100", "88"))
    edit = {"components": [{"type": "BODY", "text": "Hi"}], "category": "UTILITY"}
    assert (await quick_desk.call("POST", "/v26.0/77", body=written(edit), headers=[JSON])).status
    assert json.loads(quick_desk.sent.pop(0).body) == edit
    for method, path, body in (
        ("POST", "/88", {"name": "x"}),
        ("POST", "/88/publish", {}),
        ("GET", "/88/assets", None),
        ("DELETE", "/88", None),
        ("GET", "/77", None),
    ):
        got = await quick_desk.call(method, path, body=written(body), headers=[JSON])
        assert (got.status, quick_desk.sent.pop().target) == (200, path)
    for method, path in (("DELETE", "/77"), ("POST", "/78"), ("POST", "/89/publish")):
        got = await quick_desk.call(method, path, body=b"{}", headers=[JSON])
        assert got.status == 400
    assert not quick_desk.sent


async def test_a_flow_is_not_deleted_by_a_key_that_may_send(quick_desk: Desk) -> None:
    quick_desk.world.accounts.flows.add(("100", "88"))
    key = await sender_only(quick_desk)
    got = await call(quick_desk.door, "DELETE", "/88", headers=[key])
    assert (got.status, got.error["code"]) == (403, 10)
    assert not quick_desk.sent


async def test_the_registry_is_read_anew_after_a_template_changed(quick_desk: Desk) -> None:
    source = quick_desk.world.template_source
    source.listed = (builders.template("fresh"),)
    body = written({"name": "fresh", "language": "en", "category": "MARKETING"})
    await quick_desk.call("POST", "/100/message_templates", body=body, headers=[JSON])
    found = await quick_desk.world.services.directory.templates(builders.BUSINESS, "", 99)
    assert "fresh" in {one.name for one in found}


async def test_trouble_with_the_registry_hides_no_answer(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise Unavailable("no database")

    monkeypatch.setattr("askfirst.web.gateway.endpoint.refresh_templates", fail)
    got = await quick_desk.call("DELETE", "/100/message_templates", query="name=a")
    assert got.status == 200


async def test_a_block_is_a_stop_before_meta_hears_of_it(desk: Desk) -> None:
    await desk.commit(grant(), opening())
    desk.world.connections.can_send = False
    got = await desk.call("POST", "/200/block_users", body=written(BLOCK), headers=[JSON])
    assert got.status == 503
    desk.world.connections.can_send = True
    refused = await desk.send(TEXT)
    assert refused.error["askfirst"]["reasons"] == ["withdrawn"]
    assert (await desk.send()).error["askfirst"]["reasons"] == ["withdrawn"]


async def test_whom_a_block_is_about_leaves_as_it_was_read(desk: Desk) -> None:
    await desk.call("POST", "/200/block_users", body=written(BLOCK), headers=[JSON])
    assert json.loads(desk.sent[0].body)["block_users"] == [{"user": TO}]
    strangers: list[Any] = [[{"user": "07700900123"}], [{}], [{"user": TO}, {"user": "x"}]]
    for users in strangers:
        body = written(BLOCK | {"block_users": users})
        got = await desk.call("POST", "/200/block_users", body=body, headers=[JSON])
        assert (got.status, got.error["code"]) == (400, 100)
        assert got.error["error_data"]["details"].startswith("`block_users[")
    assert len(desk.sent) == 1


async def test_the_end_of_a_block_is_no_yes(desk: Desk) -> None:
    await desk.commit(grant())
    await desk.call("POST", "/200/block_users", body=written(BLOCK), headers=[JSON])
    desk.world.clock.advance(60)
    await desk.call("DELETE", "/200/block_users", body=written(BLOCK), headers=[JSON])
    assert (await desk.send()).error["askfirst"]["reasons"] == ["withdrawn"]


async def place_call(desk: Desk, content: dict[str, Any], *more: tuple[str, str]) -> Any:
    return await desk.call("POST", "/v26.0/200/calls", body=written(content), headers=[JSON, *more])


async def test_a_call_needs_what_marketing_needs(quick_desk: Desk) -> None:
    await quick_desk.commit(opening())
    refused = await place_call(quick_desk, CALL)
    assert (refused.status, refused.error["code"]) == (400, 131050)
    assert refused.error["askfirst"]["reasons"] == ["no_opt_in"]
    await quick_desk.commit(grant())
    assert (await place_call(quick_desk, CALL | {"to": "447700900123"})).status == 200
    (left,) = quick_desk.sent
    assert (left.target, json.loads(left.body)) == ("/v26.0/200/calls", CALL)


async def test_a_call_of_the_customers_is_answered_without_asking(quick_desk: Desk) -> None:
    for action in ("pre_accept", "accept", "reject", "terminate"):
        answer = {"messaging_product": "whatsapp", "call_id": "wacid.1", "action": action}
        assert (await place_call(quick_desk, answer)).status == 200
        assert json.loads(quick_desk.sent.pop().body) == answer


@pytest.mark.parametrize(
    "more", [{"action": "accept"}, {"action": "dial"}, {"action": None}, {"recipient": "GB.1"}]
)
async def test_a_call_that_is_not_understood_is_not_made(
    quick_desk: Desk, more: dict[str, Any]
) -> None:
    await quick_desk.commit(grant())
    assert (await place_call(quick_desk, CALL | more)).status == 400
    assert not quick_desk.sent


async def test_asking_whether_one_may_call_is_marketing(quick_desk: Desk) -> None:
    await quick_desk.commit(opening())
    for more in ({}, {"category": "utility"}):
        refused = await quick_desk.send(PERMISSION | more)
        assert refused.error["askfirst"]["reasons"] == ["no_opt_in"]
    await quick_desk.commit(grant())
    assert (await quick_desk.send(PERMISSION)).status == 200


async def test_calls_may_be_bound_to_a_topic_of_the_policy(quick_desk: Desk) -> None:
    topic = "utility.delivery_calls"
    policy = Policy(law=TIMELESS, topics=frozenset({topic}))
    services = changed(quick_desk.world.services, policy=policy)
    quick_desk = replace(quick_desk, door=GatewayEndpoint(services, quick_desk.metrics))
    header = ("x-askfirst-topic", topic)
    refused = await place_call(quick_desk, CALL, header)
    assert (refused.error["code"], refused.error["askfirst"]["reasons"]) == (131030, ["no_opt_in"])
    await quick_desk.commit(grant(purposes=(topic,)))
    assert (await place_call(quick_desk, CALL, header)).status == 200
    assert (await place_call(quick_desk, CALL)).error["code"] == 131050
    for name in ("utility", "utility.unknown", "nothing"):
        assert (await place_call(quick_desk, CALL, ("x-askfirst-topic", name))).status == 400
    key_and_topic = (quick_desk.key, JSON, header)
    assert (await quick_desk.send(TEXT, headers=key_and_topic)).status == 400  # not about calling


async def test_a_group_is_not_made(quick_desk: Desk) -> None:
    body = written({"messaging_product": "whatsapp", "subject": "Regulars"})
    got = await quick_desk.call("POST", "/200/groups", body=body, headers=[JSON])
    assert (got.status, got.error["code"]) == (400, 131051)
    assert "no one's opt-in covers them" in got.error["error_data"]["details"]
    assert not quick_desk.sent


async def test_a_key_of_the_business_is_told_of_and_no_other(quick_desk: Desk) -> None:
    services = quick_desk.world.services
    rival = Business(business_id=builders.RIVAL, name="Rival")
    _, theirs = await create_key(services, rival, "shop", frozenset({ApiScope.SEND}))
    ours = await quick_desk.call("GET", "/debug_token", query=f"input_token={quick_desk.secret}")
    assert ours.json["data"]["is_valid"] is True
    assert ours.json["data"]["granular_scopes"][0]["target_ids"] == ["100"]
    for token in (theirs, "EAAG-meta", "", "ask_wrong"):
        got = await quick_desk.call("GET", "/v17.0/debug_token", query=f"input_token={token}")
        assert got.status == 200
        assert got.json["data"]["is_valid"] is False
        assert got.json["data"]["scopes"] == []
    assert not quick_desk.sent  # no key and no token is ever shown to Meta


async def test_a_key_that_may_only_send_says_so(quick_desk: Desk) -> None:
    key = await sender_only(quick_desk)
    query = f"input_token={key[1].removeprefix('Bearer ')}"
    got = await call(quick_desk.door, "GET", "/debug_token", query=query, headers=[key])
    assert got.json["data"]["scopes"] == ["whatsapp_business_messaging"]
