"""A message through the gateway: refused, allowed, lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from askfirst.domain.errors import Unavailable
from askfirst.domain.ids import Position
from askfirst.domain.sender import SenderState, TemplateState
from askfirst.ports.line import Answer
from askfirst.usecases.register_sender import register_sender
from tests.support import builders
from tests.support.builders import ANA, ANA_BSUID, BUSINESS, grant, opening, refuse, stop
from tests.web.gateway.desk import META_TOKEN, TEMPLATE, TEXT, TO, Desk

ORDER = TEMPLATE | {"template": {"name": "order", "language": {"code": "en"}}}


async def test_no_yes_no_the_same_send_is_refused_leaves_and_is_refused(desk: Desk) -> None:
    before = await desk.send()
    assert (before.status, before.error["code"]) == (403, 131050)
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


async def test_the_message_leaves_byte_for_byte_with_metas_token(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    body = b'{ "type":"template","x" : [1.0, "\\u00e9\xc3\xa9"],"to":"447700900123",'
    body += b'"template":{"name":"offer","to":"447700900123","language":{"code":"en"}}}\n'
    got = await quick_desk.send(
        body,
        path="/200/marketing_messages",
        headers=(
            quick_desk.key,
            ("content-type", "application/json; charset=utf-8"),
            ("user-agent", "pywa/4.5"),
            ("connection", "close"),
            ("cookie", "a=b"),
            ("x-forwarded-for", "192.0.2.1"),
        ),
    )
    assert got.status == 200
    (left,) = quick_desk.sent
    assert (left.method, left.target) == ("POST", "/200/marketing_messages")
    assert left.body == body.replace(b'"to":"447700900123",', b'"to":"+447700900123",', 1)
    assert left.headers == {
        "authorization": f"Bearer {META_TOKEN}",
        "content-type": "application/json; charset=utf-8",
        "user-agent": "pywa/4.5",
    }


async def test_whatever_meta_answers_is_relayed_with_our_decision(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    quick_desk.world.lines.reply = Answer(
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
    desk.world.lines.reply = replace(desk.world.lines.reply, body=json.dumps(reply).encode())
    await desk.send()
    ledger = desk.world.services.ledger
    assert await ledger.find(BUSINESS, ANA_BSUID) == await ledger.find(BUSINESS, ANA)
    by_id = {key: value for key, value in TEMPLATE.items() if key != "to"}
    assert (await desk.send(by_id | {"recipient": "GB.1349"})).status == 200
    assert desk.sent[-1].body == json.dumps(by_id | {"recipient": "GB.1349"}).encode()


async def test_a_failure_to_learn_does_not_hide_metas_answer(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await quick_desk.commit(grant())

    async def fail(*_: object) -> None:
        raise Unavailable("cannot write about +447700900123")

    monkeypatch.setattr("askfirst.web.gateway.door.conclude_send", fail)
    assert (await quick_desk.send()).json == {"messages": [{"id": "wamid.sent"}]}
    logged = capsys.readouterr().out
    assert "Unavailable" in logged
    assert "447700900123" not in logged


async def test_a_reply_needs_an_open_window_and_no_yes(desk: Desk) -> None:
    closed = await desk.send(TEXT)
    assert (closed.status, closed.error["code"]) == (403, 131047)
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
        (TEMPLATE | {"to": "+12125550123"}, 131050, "marketing_withheld"),
        (ORDER, 131050, "no_opt_in"),
        (TEXT | {"category": "utility"}, 131050, "no_opt_in"),
        ({"status": "delivered", "to": TO, "message_id": "x"}, 131051, "message_unknown"),
    ],
)
async def test_the_gate_refuses_for_its_reasons(
    quick_desk: Desk, message: dict[str, Any], code: int, reason: str
) -> None:
    await quick_desk.commit(grant())
    got = await quick_desk.send(message)
    assert (got.status, got.error["code"]) == (403, code)
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
    assert (got.status, got.error["code"]) == (403, 133010)
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
    desk.world.lines.is_answered = False
    got = await desk.send()
    assert (got.status, got.error["code"], got.error["is_transient"]) == (504, 2, False)
    assert got.error["error_data"]["details"].startswith("The message left and its outcome is")
    assert got.error["askfirst"]["decision_id"] == got.headers["x-askfirst-decision"]


@pytest.mark.parametrize("broken", ["can_open", "can_send"])
async def test_where_meta_cannot_be_reached_a_retry_may_help(quick_desk: Desk, broken: str) -> None:
    await quick_desk.commit(grant())
    setattr(quick_desk.world.lines, broken, False)
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
    monkeypatch.setattr("askfirst.usecases.send_message.decide", fail)
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


async def test_parameters_beside_the_body_are_refused(quick_desk: Desk) -> None:
    await quick_desk.commit(grant())
    assert (await quick_desk.send(query="to=447700900456")).error["code"] == 100
    assert (await quick_desk.send(query="batch=[]")).error["code"] == 10
    form = (quick_desk.key, ("content-type", "application/x-www-form-urlencoded"))
    assert (await quick_desk.send(headers=form)).error["code"] == 100
    assert not quick_desk.sent


async def test_marking_as_read_needs_no_consent(desk: Desk) -> None:
    desk.world.lines.reply = replace(desk.world.lines.reply, body=b'{"success":true}')
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
    got = await desk.send(receipt | {"typing_indicator": {"type": "text"}})
    assert got.json == {"success": True}
    assert desk.sent[0].target == "/v23.0/200/messages"
    elsewhere = await desk.send(receipt, path="/999/messages")
    assert (elsewhere.status, elsewhere.error["code"]) == (403, 133010)


async def test_a_stop_may_be_confirmed_once(desk: Desk) -> None:
    await desk.commit(opening(), stop())
    assert (await desk.send(TEXT)).status == 200
    again = await desk.send(TEXT)
    assert again.error["askfirst"]["reasons"] == ["withdrawn"]
    assert again.error["askfirst"]["position"] == Position(1)


async def test_decisions_are_counted_without_naming_anybody(quick_desk: Desk) -> None:
    await quick_desk.send()
    counted = quick_desk.metrics.render().decode()
    assert 'door="gateway",reason="no_opt_in",verdict="deny"} 1.0' in counted
    assert 'askfirst_requests_total{door="gateway",status="403"} 1.0' in counted
    assert "4477" not in counted
