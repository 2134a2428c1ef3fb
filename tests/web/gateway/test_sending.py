"""A message through the gateway: refused, allowed, lost."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from askfirst.domain.tenants.sender import SenderState, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.ports.sending.http_connection import Answer
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.web.multipart import Part, write_parts
from tests.support import builders
from tests.support.builders import ANA, ANA_BSUID, BUSINESS, grant, opening, refuse, stop
from tests.web.gateway.desk import META_TOKEN, TEMPLATE, TEXT, TO, Desk

RECEIPT: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "status": "read",
    "message_id": "wamid.x",
}
ORDER = TEMPLATE | {"template": {"name": "order", "language": {"code": "en"}}}


async def test_no_yes_no_the_same_send_is_refused_leaves_and_is_refused(desk: Desk) -> None:
    before = await desk.send()
    assert (before.status, before.error["code"]) == (400, 131050)
    assert before.error["askfirst"]["reasons"] == ["no_opt_in"]
    await desk.commit(grant())
    assert (await desk.send()).json == {"messages": [{"id": "wamid.sent"}]}
    await desk.commit(stop())
    after = await desk.send()
    assert after.error["askfirst"]["reasons"] == ["withdrawn"]
    assert len(desk.sent) == 1


async def test_every_send_leaves_a_row_and_the_answer_names_it(desk: Desk) -> None:
    refused = await desk.send()
    await desk.commit(grant())
    sent = await desk.send()
    rows = await desk.world.services.decisions.decisions(BUSINESS, "", 10)
    assert [row.decision_id for row in rows] == [
        refused.headers["x-askfirst-decision"],
        sent.headers["x-askfirst-decision"],
    ]
    assert refused.error["askfirst"]["decision_id"] == rows[0].decision_id


async def test_the_message_leaves_anew_with_metas_token(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    body = b'{ "type":"TEMPLATE", "to":"447700900123", "biz_opaque_callback_data":null,'
    body += b'"template":{"name":"offer","language":{"code":"en"},"components":[{"index":0,'
    body += b'"parameters":[{"text":"\\u00e9\xc3\xa9"}]}]}}\n'
    got = await quick_desk.send(
        body,
        path="/200/marketing_messages",
        query="pretty=0",
        headers=(
            quick_desk.key,
            ("content-type", "Application/JSON; charset=UTF8"),
            ("user-agent", "pywa/4.5"),
            ("connection", "close"),
            ("cookie", "a=b"),
            ("x-forwarded-for", "192.0.2.1"),
        ),
    )
    assert got.status == 200
    (left,) = quick_desk.sent
    assert (left.method, left.target) == ("POST", "/200/marketing_messages?pretty=0")
    changed = {"type": "template", "to": "+447700900123"}
    assert json.loads(left.body) == json.loads(body) | changed
    assert left.headers == {
        "authorization": f"Bearer {META_TOKEN}",
        "content-type": "application/json",
        "user-agent": "pywa/4.5",
    }


async def test_whatever_meta_answers_is_relayed_with_our_decision(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    quick_desk.world.connections.reply = Answer(
        status=400, content_type="text/javascript; charset=UTF-8", body=b'{"error":{"code":132001}}'
    )
    got = await quick_desk.send()
    assert (got.status, got.body) == (400, b'{"error":{"code":132001}}')
    assert got.headers["content-type"] == "text/javascript; charset=UTF-8"
    assert got.headers["x-askfirst-decision"].startswith("dec_")


async def test_names_that_meta_tells_are_learnt_before_the_answer(desk: Desk) -> None:
    await desk.commit(grant())
    contact = {"input": TO, "wa_id": "447700900123", "user_id": "GB.1349"}
    reply = {"contacts": [contact], "messages": [{"id": "wamid.1"}]}
    desk.world.connections.reply = replace(
        desk.world.connections.reply, body=json.dumps(reply).encode()
    )
    await desk.send()
    ledger = desk.world.services.ledger
    assert await ledger.find(BUSINESS, ANA_BSUID) == await ledger.find(BUSINESS, ANA)
    by_id = {key: value for key, value in TEMPLATE.items() if key != "to"}
    desk.world.clock.advance(86_400)
    assert (await desk.send(by_id | {"recipient": "GB.1349"})).status == 200
    assert json.loads(desk.sent[-1].body) == by_id | {"recipient": "GB.1349"}


async def test_the_same_message_again_is_a_duplicate(desk: Desk) -> None:
    await desk.commit(grant())
    assert (await desk.send()).status == 200
    again = await desk.send(TEMPLATE | {"biz_opaque_callback_data": "second try"})
    assert (again.status, again.error["code"]) == (400, 131009)
    assert again.error["askfirst"]["reasons"] == ["duplicate"]
    assert len(desk.sent) == 1


async def test_a_second_offer_is_answered_as_meta_throttles(desk: Desk) -> None:
    await desk.commit(grant())
    assert (await desk.send()).status == 200
    said = {"type": "body", "parameters": [{"type": "text", "text": "another"}]}
    other = TEMPLATE["template"] | {"components": [said]}
    desk.world.clock.advance(600)
    again = await desk.send(TEMPLATE | {"template": other})
    assert (again.status, again.error["code"]) == (429, 131049)
    assert again.error["is_transient"] is True
    assert again.headers["retry-after"] == str(86_400 - 600)
    assert again.error["askfirst"]["retry_at"] == "2026-01-16T12:00:00.000000Z"
    assert len(desk.sent) == 1


async def test_a_failure_to_learn_does_not_hide_metas_answer(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await quick_desk.commit(grant())

    def fail(*_: object) -> None:
        raise Unavailable("cannot write about +447700900123")

    monkeypatch.setattr("askfirst.web.gateway.endpoint.note_outcome", fail)
    assert (await quick_desk.send()).json == {"messages": [{"id": "wamid.sent"}]}
    logged = capsys.readouterr().out
    assert "Unavailable" in logged
    assert "447700900123" not in logged


async def test_a_reply_needs_an_open_window_and_no_yes(desk: Desk) -> None:
    closed = await desk.send(TEXT)
    assert (closed.status, closed.error["code"]) == (400, 131047)
    await desk.commit(opening())
    assert (await desk.send(TEXT)).status == 200


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        (TEMPLATE | {"to": "07700900123"}, 131009, "recipient_invalid"),
        ({**TEMPLATE, "to": None}, 131009, "recipient_invalid"),
        (TEMPLATE | {"recipient": "GB.1349"}, 131009, "recipient_conflict"),
        (TEMPLATE | {"to": "+15550100001"}, 131021, "recipient_is_sender"),
        (TEMPLATE | {"type": "templates"}, 131051, "message_unknown"),
        (TEMPLATE | {"recipient_type": "group"}, 131051, "message_unknown"),
        (TEMPLATE | {"to": "+5352345678"}, 130497, "country_embargoed"),
        (TEMPLATE | {"to": "+12125550123"}, 131049, "marketing_withheld"),
        (ORDER, 131030, "no_opt_in"),
        (TEXT | {"category": "utility"}, 131030, "no_opt_in"),
        ({"status": "delivered", "to": TO, "message_id": "x"}, 131051, "message_unknown"),
    ],
)
async def test_the_gate_refuses_for_its_reasons(
    quick_desk: Desk, message: dict[str, Any], code: int, reason: str
) -> None:
    await quick_desk.commit(grant())
    got = await quick_desk.send(message)
    status = 403 if code == 130497 else 400
    assert (got.status, got.error["code"]) == (status, code)
    assert got.error["askfirst"]["reasons"] == [reason]
    assert not quick_desk.sent


async def test_a_no_said_to_a_prompt_counts(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    await quick_desk.commit(refuse())
    assert (await quick_desk.send()).error["askfirst"]["reasons"] == ["refused"]


async def test_an_unknown_template_is_marketing(quick_desk: Desk) -> None:
    await quick_desk.commit(grant(purposes=("utility",)))
    unknown = TEMPLATE | {"template": {"name": "new_one", "language": {"code": "en"}}}
    assert (await quick_desk.send(unknown)).error["askfirst"]["reasons"] == ["no_opt_in"]
    assert (await quick_desk.send(ORDER)).status == 200


async def test_what_is_out_of_service_does_not_send(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    services = quick_desk.world.services
    paused = builders.template("offer", state=TemplateState.PAUSED)
    await services.directory.put_templates((paused,))
    assert (await quick_desk.send()).error["code"] == 132015
    await register_sender(services, builders.sender(state=SenderState.BANNED), None)
    assert (await quick_desk.send()).error["code"] == 131031


async def test_a_sender_of_nobody_is_refused_with_a_row(desk: Desk) -> None:
    got = await desk.send(path="/v23.0/999/messages")
    assert (got.status, got.error["code"]) == (400, 133010)
    assert got.error["askfirst"]["reasons"] == ["sender_unknown"]
    assert len(await desk.world.services.decisions.decisions(BUSINESS, "", 10)) == 1


async def test_a_sender_of_another_business_is_refused(desk: Desk) -> None:
    theirs = builders.sender(builders.OTHER_SENDER, business_id=builders.RIVAL)
    await register_sender(desk.world.services, theirs, "EAAG-theirs")
    got = await desk.send(path=f"/{builders.OTHER_SENDER}/messages")
    assert got.error["askfirst"]["reasons"] == ["sender_unknown"]
    assert not desk.sent


async def test_a_sender_without_a_token_says_what_is_missing(quick_desk: Desk) -> None:
    await register_sender(quick_desk.world.services, builders.sender(builders.OTHER_SENDER), None)
    await quick_desk.commit(grant())
    got = await quick_desk.send(path=f"/{builders.OTHER_SENDER}/messages")
    assert (got.status, got.error["code"]) == (403, 131005)
    assert "PUT /v1/senders" in got.error["error_data"]["details"]
    assert not quick_desk.sent


async def test_a_lost_message_is_not_to_be_sent_again(desk: Desk) -> None:
    await desk.commit(grant())
    desk.world.connections.is_answered = False
    got = await desk.send()
    assert (got.status, got.error["code"], got.error["is_transient"]) == (504, 2, False)
    assert got.error["error_data"]["details"].startswith("The message left and its outcome is")
    assert got.error["askfirst"]["decision_id"] == got.headers["x-askfirst-decision"]


@pytest.mark.parametrize("broken", ["can_open", "can_send"])
async def test_where_meta_cannot_be_reached_a_retry_may_help(quick_desk: Desk, broken: str) -> None:
    await quick_desk.commit(grant())
    setattr(quick_desk.world.connections, broken, False)
    got = await quick_desk.send()
    assert (got.status, got.error["code"], got.error["is_transient"]) == (503, 131016, True)
    assert got.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(Unavailable("no database"), 503, 131016), (ZeroDivisionError("+447700900123"), 500, 131000)],
)
async def test_whatever_goes_wrong_is_a_refusal(
    quick_desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    status: int,
    code: int,
) -> None:
    def fail(*_: object) -> None:
        raise error

    await quick_desk.commit(grant())
    monkeypatch.setattr(
        "askfirst.decision.gate_rules.GateRules.decide_and_count", staticmethod(fail)
    )
    got = await quick_desk.send()
    assert (got.status, got.error["code"]) == (status, code)
    assert not quick_desk.sent
    assert "447700900123" not in capsys.readouterr().out + got.body.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{", "body"),
        (b'{"to":NaN}', "body"),
        (b'{"to":"\xff"}', "body"),
        (b'{"to":["+447700900123"]}', "to"),
        (b'{"to":"+447700900123","to":"+447700900456"}', "to"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "body"),
    ],
)
async def test_a_body_that_is_not_understood_names_the_key(
    quick_desk: Desk, body: bytes, field: str
) -> None:
    got = await quick_desk.send(body)
    assert (got.status, got.error["code"]) == (400, 100)
    assert got.error["error_data"]["details"].startswith(f"`{field}` ")
    assert not quick_desk.sent


async def test_a_body_is_bounded(quick_desk: Desk) -> None:
    assert (await quick_desk.send(b" " * (1024 * 1024 + 1))).status == 413


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("to=447700900456", "to"),
        ("batch=[]", "batch"),
        ("batch%5B0%5D%5Bmethod%5D=POST", "batch[0][method]"),
        ("Method=delete", "Method"),
        ("access_token=x", "access_token"),
        ("%61ccess_token=x", "access_token"),
        ("pretty=1&pretty=0", "pretty"),
        ("pretty=x", "pretty"),
        ("a", "a"),
    ],
)
async def test_parameters_beside_the_body_are_refused(
    quick_desk: Desk, query: str, name: str
) -> None:
    await quick_desk.commit(grant())
    got = await quick_desk.send(query=query)
    assert (got.status, got.error["code"]) == (400, 100)
    assert got.error["error_data"]["details"].startswith(f"`{name}` ")
    assert not quick_desk.sent


@pytest.mark.parametrize(
    "more",
    [
        {"To": "+447700900456"},
        {"Recipient_Type": "group"},
        {"id": "1"},
        {"ids": ["1"]},
        {"batch": []},
        {"messages": [{"to": "+447700900456"}]},
    ],
)
async def test_a_field_that_is_not_known_is_refused_by_its_name(
    quick_desk: Desk, more: dict[str, Any]
) -> None:
    await quick_desk.commit(grant(), opening())
    for message in (TEMPLATE, TEXT, RECEIPT):
        got = await quick_desk.send(message | more)
        assert (got.status, got.error["code"]) == (400, 100)
        assert got.error["error_data"]["details"].startswith(f"`{next(iter(more))}` is not a field")
    assert not quick_desk.sent


FORM = urlencode({**TEMPLATE, "template": json.dumps(TEMPLATE["template"])}).encode()
PARTS = write_parts(
    [Part(name, content.encode()) for name, content in parse_qsl(FORM.decode())], "b"
)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (None, json.dumps(TEMPLATE).encode()),
        ("application/x-www-form-urlencoded", FORM),
        ("Application/X-WWW-form-urlencoded; charset=UTF-8", FORM),
        ("multipart/form-data; boundary=b", PARTS),
    ],
)
async def test_whatever_the_body_is_written_in_the_same_message_leaves_as_json(
    quick_desk: Desk, kind: str | None, body: bytes
) -> None:
    headers = [quick_desk.key] + ([("content-type", kind)] if kind else [])
    refused = await quick_desk.send(body, headers=headers)
    assert refused.error["askfirst"]["reasons"] == ["no_opt_in"]
    await quick_desk.commit(grant())
    assert (await quick_desk.send(body, headers=headers)).status == 200
    (left,) = quick_desk.sent
    assert json.loads(left.body) == TEMPLATE
    assert left.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", json.dumps(TEMPLATE).encode()),
        ("text/plain", FORM),
        (None, FORM),
        ("application/json", FORM),
        ("application/json", PARTS),
        ("application/json; charset=utf-7", json.dumps(TEMPLATE).encode()),
        ("application/json, application/x-www-form-urlencoded", FORM),
        ("application/x-www-form-urlencoded", json.dumps(TEMPLATE).encode()),
        ("application/x-www-form-urlencoded", FORM + b"&to=%2B447700900456"),
        ("application/x-www-form-urlencoded", FORM + b"&To=%2B447700900456"),
        ("application/x-www-form-urlencoded", FORM + b"&t%6f=%2B447700900456"),
        ("application/x-www-form-urlencoded", FORM + b"&batch=[]"),
        ("application/x-www-form-urlencoded", FORM + b"&text[body]=x"),
        ("application/x-www-form-urlencoded", FORM.replace(b"offer", b"%ff")),
        ("multipart/form-data", PARTS),
        ("multipart/form-data; boundary=c", PARTS),
        ("multipart/form-data; boundary=b", PARTS[:-3]),
        ("multipart/form-data; boundary=b", FORM),
    ],
)
async def test_what_is_not_what_it_says_it_is_does_not_leave(
    quick_desk: Desk, kind: str | None, body: bytes
) -> None:
    await quick_desk.commit(grant())
    headers = [quick_desk.key] + ([("content-type", kind)] if kind else [])
    got = await quick_desk.send(body, headers=headers)
    assert (got.status, got.error["code"]) == (400, 100)
    assert not quick_desk.sent


async def test_marking_as_read_needs_no_consent(desk: Desk) -> None:
    desk.world.connections.reply = replace(desk.world.connections.reply, body=b'{"success":true}')
    got = await desk.send(RECEIPT | {"typing_indicator": {"type": "text"}})
    assert got.json == {"success": True}
    (left,) = desk.sent
    assert left.target == "/v23.0/200/messages"
    assert json.loads(left.body) == RECEIPT | {"typing_indicator": {"type": "text"}}
    elsewhere = await desk.send(RECEIPT, path="/999/messages")
    assert (elsewhere.status, elsewhere.error["code"]) == (400, 133010)


@pytest.mark.parametrize(
    "more", [TEMPLATE, {"to": TO}, {"recipient": "GB.1"}, TEXT, {"biz_opaque_callback_data": "x"}]
)
async def test_a_mark_as_read_carries_no_message(quick_desk: Desk, more: dict[str, Any]) -> None:
    await quick_desk.commit(grant(), opening())
    got = await quick_desk.send(RECEIPT | more)
    assert got.status == 400
    assert not quick_desk.sent


async def test_nothing_of_a_clients_follows_a_stop(desk: Desk) -> None:
    """Not even right after it, and a further stop buys nothing."""
    for _ in range(2):
        await desk.commit(opening(), stop())
        refused = await desk.send(TEXT)
        assert refused.error["askfirst"]["reasons"] == ["withdrawn"]
    assert not desk.sent


async def test_decisions_are_counted_without_naming_anybody(quick_desk: Desk) -> None:
    await quick_desk.send()
    counted = quick_desk.metrics.render().decode()
    assert 'door="gateway",reason="no_opt_in",verdict="deny"} 1.0' in counted
    assert 'askfirst_requests_total{door="gateway",status="400"} 1.0' in counted
    assert "4477" not in counted
