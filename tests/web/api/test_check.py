"""POST /v1/check: an answer with reasons, fast, and never a yes out of doubt."""

import json
from typing import Any

import httpx
import msgspec
import pytest

from askfirst.decision.reason import Reason
from askfirst.domain.values.errors import Unavailable
from askfirst.web.api.app import build_api
from askfirst.web.api.sending.routes import CheckAnswer
from tests.support.builders import sender
from tests.web.api.bodies import check, consent, shown
from tests.web.api.desk import Desk

JSON = {"content-type": "application/json"}


async def ask(caller: httpx.AsyncClient, **changes: Any) -> CheckAnswer:
    response = await caller.post("/v1/check", json=check(**changes))
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=CheckAnswer)


async def test_before_the_yes_the_answer_is_no_with_a_remedy(caller: httpx.AsyncClient) -> None:
    response = await caller.post("/v1/check", json=check())
    told = response.json()
    reason = Reason.NO_OPT_IN
    assert told["verdict"] == "deny"
    assert told["reasons"] == [
        {"code": reason.value, "explanation": reason.explanation, "remedy": reason.remedy}
    ]
    assert (told["purpose"], told["rule"], told["retry_at"]) == ("marketing", 5, None)


async def test_after_the_yes_it_is_yes_and_names_position_and_policy(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    told = await ask(caller)
    assert (told.verdict, told.position) == ("allow", 1)
    assert told.policy == desk.services.policy.fingerprint


async def test_after_a_withdrawal_it_is_no_again(caller: httpx.AsyncClient, desk: Desk) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    desk.clock.advance(1)
    await caller.post("/v1/consents", json=consent("withdraw", purposes=[]))
    told = await ask(caller)
    assert (told.verdict, told.reasons[0].code, told.position) == ("deny", "withdrawn", 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purpose": "utility"}, "no_opt_in"),
        ({"purpose": "service"}, "window_closed"),
        ({"purpose": None, "template": "spring_sale", "language": "en"}, "opted_in"),
        ({"purpose": "marketing.offers"}, "opted_in"),
        ({"sender": "1"}, "sender_unknown"),
        ({"to": "+" + sender().digits}, "recipient_is_sender"),
        ({"recipient": "GB.13491208"}, "recipient_conflict"),
        ({"to": None, "recipient": "GB.13491208"}, "no_opt_in"),
        ({"to": "447700900123"}, "opted_in"),
        ({"to": "+44 7700 900123"}, "opted_in"),
        ({"to": "+16505551234"}, "marketing_withheld"),
        ({"to": None, "recipient": "US.13491208"}, "marketing_withheld"),
        ({"to": "+989121234567"}, "country_embargoed"),
    ],
)
async def test_each_question_has_its_reason(
    caller: httpx.AsyncClient, changes: dict[str, Any], code: str
) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    assert (await ask(caller, **changes)).reasons[0].code == code


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"sender": None}, "sender"),
        ({"sender": 106540352242922}, "sender"),
        ({"sender": "ada"}, "sender"),
        ({"to": None}, "to"),
        ({"to": "ada"}, "to"),
        ({"to": ["+447700900123"]}, "to"),
        ({"recipient": ""}, "recipient"),
        ({"purpose": None}, "purpose"),
        ({"purpose": "gossip"}, "purpose"),
        ({"purpose": "marketing.gossip"}, "purpose"),
        ({"template": "spring_sale"}, "purpose"),
        ({"purpose": None, "template": ""}, "template"),
        ({"language": "en"}, "language"),
    ],
)
async def test_a_wrong_value_is_named(
    caller: httpx.AsyncClient, changes: dict[str, Any], field: str
) -> None:
    response = await caller.post("/v1/check", json=check(**changes))
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["field"] == field
    assert "verdict" not in response.json()


@pytest.mark.parametrize(
    ("raw", "status", "field"),
    [
        (b"", 400, None),
        (b"[]", 422, "body"),
        (
            b'{"sender": "1", "sender": "2", "to": "447700900123", "purpose": "utility"}',
            400,
            "sender",
        ),
        (
            b'{"sender": "1", "s\\u0065nder": "2", "to": "4477", "purpose": "utility"}',
            400,
            "sender",
        ),
        (b'{"sender": "1\\u0000", "to": "447700900123", "purpose": "utility"}', 422, "sender"),
        (b'{"sender": "\\ud800", "to": "447700900123", "purpose": "utility"}', 422, "sender"),
        (b'{"sender": NaN, "to": "447700900123", "purpose": "utility"}', 400, "sender"),
        (b'{"sender": "1", "to": null, "purpose": "utility"}', 422, "to"),
        (b'{"x": ' + b"[" * 60_000, 400, "x"),
        (b"\xef\xbb\xbf{}", 400, None),
        (b'{"sender": "\xff"}', 400, None),
    ],
)
async def test_a_body_is_read_in_one_way_or_not_at_all(
    caller: httpx.AsyncClient, raw: bytes, status: int, field: str | None
) -> None:
    response = await caller.post("/v1/check", content=raw, headers=JSON)
    assert response.status_code == status, response.text
    errors = response.json().get("errors", [])
    assert [error["field"] for error in errors] == ([field] if field else [])


async def test_an_escaped_letter_is_the_letter(caller: httpx.AsyncClient) -> None:
    raw = json.dumps(check()).replace("marketing", "m\\u0061rketing").encode()
    response = await caller.post("/v1/check", content=raw, headers=JSON)
    assert response.json()["purpose"] == "marketing"


class BrokenGate:
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def look(self, question: object) -> object:
        raise self._error


async def broken(desk: Desk, error: Exception) -> httpx.Response:
    from dataclasses import replace

    services = replace(desk.services, gate=BrokenGate(error))  # type: ignore[arg-type]
    app = build_api(services, desk.metrics)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {await desk.key()}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://askfirst") as client:
        return await client.post("/v1/check", json=check(), headers=headers)


async def test_when_the_facts_cannot_be_read_there_is_no_verdict(desk: Desk) -> None:
    response = await broken(desk, Unavailable("later", retry_after_seconds=3))
    assert (response.status_code, response.headers["retry-after"]) == (503, "3")
    assert response.json()["retry_after"] == 3
    assert "verdict" not in response.json()


async def test_a_mistake_of_ours_is_a_500_that_tells_nothing(desk: Desk) -> None:
    response = await broken(desk, RuntimeError("+447700900123"))
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "7700" not in response.text


async def test_checks_are_counted_by_reason(caller: httpx.AsyncClient, desk: Desk) -> None:
    await ask(caller)
    told = desk.metrics.render().decode()
    assert 'door="check",reason="no_opt_in",verdict="deny"} 1.0' in told
    assert 'askfirst_requests_total{door="check",status="200"} 1.0' in told
