"""One-time codes over REST."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code_limits import FAILED_CHECKS_MOST, failed_check_use
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.value import replace
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.prompts.show_prompt import show_prompt
from askfirst.web.api.app import build_api
from tests.support.builders import ANA, BUSINESS, SENDER, sender
from tests.support.clocks import FakeClock
from tests.support.code_desk import WORDS, refusal
from tests.support.notices import typed
from tests.support.services import World, build_world, code_templates_of
from tests.support.shown import shown_token
from tests.web.api.desk import Desk, make_desk

TO = "+" + ANA.value
NOBODY = "cod_01KGA2V8M0Q3R5T7W9Y1B3D5F7"
JSON = {"content-type": "application/json"}


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock)


@pytest.fixture
async def desk(world: World) -> Desk:
    desk = await make_desk(world)
    await world.services.directory.put_templates(code_templates_of(sender()))
    return desk


@pytest.fixture
async def stranger(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    app = build_api(desk.services, desk.metrics)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://askfirst") as client:
        yield client


@pytest.fixture
async def caller(desk: Desk, stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    stranger.headers["authorization"] = f"Bearer {await desk.key()}"
    return stranger


async def asked(caller: httpx.AsyncClient, **parts: object) -> dict[str, Any]:
    got = await caller.post("/v1/codes", json={"to": TO, "channel": "whatsapp"} | parts)
    assert got.status_code == 201, got.text
    assert got.headers["cache-control"] == "no-store"
    return got.json()  # type: ignore[no-any-return]


def digits_in_whatsapp(world: World) -> str:
    message = json.loads(world.connections.sent[-1].body)
    return str(message["template"]["components"][0]["parameters"][0]["text"])


async def sheet(caller: httpx.AsyncClient, got: dict[str, Any]) -> dict[str, Any]:
    return (await caller.get(f"/v1/codes/{got['id']}")).json()  # type: ignore[no-any-return]


async def test_a_code_goes_by_whatsapp_and_is_approved(
    caller: httpx.AsyncClient, world: World
) -> None:
    got = await asked(caller, reference="session 1", locale="fr-CA")
    assert got | {"id": "", "expires_at": "", "resend_at": ""} == {
        "id": "",
        "masked": "+••••••••0123",
        "channel": "whatsapp",
        "purpose": "login",
        "locale": "fr",
        "expires_at": "",
        "resend_at": "",
        "digits": 8,
        "reminder": "Ouvrez WhatsApp pour y trouver le code envoyé par Acme.",
        "open_url": "https://wa.me/15550100001",
        "text": None,
        "page": None,
        "qr": None,
    }
    check = f"/v1/codes/{got['id']}/check"
    wrong = (await caller.post(check, json={"code": "0000 0000"})).json()
    assert (wrong["result"], wrong["tries_left"]) == ("wrong", 2)
    right = await caller.post(check, json={"code": digits_in_whatsapp(world), "to": TO})
    assert right.json() == {
        "id": got["id"],
        "result": "approved",
        "tries_left": 0,
        "reference": "session 1",
    }
    assert (await caller.post(check, json={"code": "1"})).json()["result"] == "used"
    told = await sheet(caller, got)
    assert (told["state"], told["reference"]) == ("approved", "session 1")
    assert [line["what"] for line in told["history"]] == ["sent", "approved"]


async def test_a_chain_falls_back_and_the_history_says_why(
    caller: httpx.AsyncClient, world: World
) -> None:
    world.connections.reply = refusal(131026)
    got = await asked(caller, channel="whatsapp,sms")
    assert got["channel"] == "whatsapp"
    told = await sheet(caller, got)
    lines = [(line["what"], line["channel"], line["reason"]) for line in told["history"]]
    assert lines == [
        ("failed", "whatsapp", "131026"),
        ("fallback_used", "sms", None),
        ("sent", "sms", None),
    ]
    assert (told["state"], told["channel"]) == ("waiting", "sms")
    digits = world.sms.sent[0][1].split()[0]
    check = await caller.post(f"/v1/codes/{got['id']}/check", json={"code": digits})
    assert check.json()["result"] == "approved"


async def test_sms_alone_opens_no_whatsapp(caller: httpx.AsyncClient) -> None:
    got = await asked(caller, channel="sms")
    assert (got["open_url"], got["reminder"], got["digits"]) == (None, "", 8)


async def test_a_number_proves_itself(caller: httpx.AsyncClient, world: World, desk: Desk) -> None:
    got = await asked(caller, channel="whatsapp_inbound", locale="de")
    assert got["digits"] is None
    assert got["text"].startswith("Ich habe gerade bei Acme einen Code angefordert")
    assert got["open_url"].startswith("https://wa.me/15550100001?text=Ich%20habe")
    assert got["page"].startswith("http://127.0.0.1:8080/p/acme/confirm/")
    assert got["qr"].startswith("data:image/svg+xml")
    assert (await sheet(caller, got))["state"] == "waiting"
    notice = typed(got["text"], phone_number_id=SENDER, occurred_at=desk.clock.now())
    await take_webhook(world.services, [notice], b"")
    assert (await sheet(caller, got))["state"] == "approved"
    assert world.connections.sent == []


async def test_a_number_that_has_to_write_types_nothing(caller: httpx.AsyncClient) -> None:
    got = await asked(caller, channel="whatsapp_inbound")
    check = await caller.post(f"/v1/codes/{got['id']}/check", json={"code": "12345678"})
    assert check.status_code == 409
    assert "no code to type" in check.json()["detail"]


async def test_a_business_that_failed_too_often_is_told_which_limit_it_is(
    caller: httpx.AsyncClient, world: World
) -> None:
    got = await asked(caller)
    use = replace(failed_check_use(), amount=FAILED_CHECKS_MOST)
    await world.services.limits.take(BUSINESS, (use,), world.clock.now())
    code = {"code": digits_in_whatsapp(world)}
    check = await caller.post(f"/v1/codes/{got['id']}/check", json=code)
    assert (check.status_code, check.json()["policy"]) == (429, "failed_checks")
    assert check.headers["retry-after"] == "86400"


async def test_the_prompts_token_proves_the_choice(
    caller: httpx.AsyncClient, desk: Desk, world: World
) -> None:
    token = await shown_token(desk.services, BUSINESS, WORDS)
    await asked(caller, prompt={"token": token})
    events = (await caller.get("/v1/events")).json()["data"]
    assert [(one["kind"], one["assurance"], one["surface"]) for one in events] == [
        ("granted", "shown", "code")
    ]
    bad = await caller.post("/v1/codes", json={"to": TO, "prompt": {"token": token + "A"}})
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["field"] == "prompt.token"


async def test_the_same_key_gives_the_same_answer_and_one_code(
    caller: httpx.AsyncClient, world: World
) -> None:
    headers = {"idempotency-key": "form-1"}
    answers = [
        await caller.post("/v1/codes", json={"to": TO, "channel": "whatsapp"}, headers=headers)
        for _ in range(3)
    ]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [
        None,
        "true",
        "true",
    ]
    assert len(world.connections.sent) == 1
    other = await caller.post("/v1/codes", json={"to": TO, "channel": "sms"}, headers=headers)
    assert other.status_code == 409


async def test_a_proof_is_given_again_with_its_key(caller: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "form-1"}
    body = {"to": TO, "channel": "whatsapp_inbound"}
    first, second = [
        (await caller.post("/v1/codes", json=body, headers=headers)).json() for _ in range(2)
    ]
    assert first == second


async def test_a_resend_brings_another_code(
    caller: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    got = await asked(caller)
    early = await caller.post(f"/v1/codes/{got['id']}/resend")
    assert (early.status_code, early.json()["policy"]) == (429, "cool_down")
    assert early.headers["retry-after"] == "30"
    desk.clock.advance(30)
    first = digits_in_whatsapp(world)
    again = await caller.post(f"/v1/codes/{got['id']}/resend")
    assert (again.status_code, again.json()["id"]) == (200, got["id"])
    assert again.json()["expires_at"] > got["expires_at"]
    assert digits_in_whatsapp(world) != first
    check = f"/v1/codes/{got['id']}/check"
    assert (await caller.post(check, json={"code": first})).json()["result"] == "wrong"


async def test_a_resend_says_by_which_channel_it_goes(
    caller: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    headers = {"idempotency-key": "form-1"}
    world.connections.reply = refusal(131026)
    body = {"to": TO, "channel": "whatsapp,sms"}
    got = await caller.post("/v1/codes", json=body, headers=headers)
    assert len(world.sms.sent) == 1
    replayed = await caller.post("/v1/codes", json=body, headers=headers)
    assert replayed.text == got.text, "the answer to the request itself tells nothing"
    desk.clock.advance(30)
    again = (await caller.post(f"/v1/codes/{got.json()['id']}/resend")).json()
    assert len(world.sms.sent) == 2
    assert (again["channel"], again["reminder"], again["open_url"]) == ("sms", "", None)


async def test_the_other_way_round_it_leads_to_whatsapp(
    caller: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    world.sms.is_working = False
    got = await asked(caller, channel="sms,whatsapp")
    assert (got["channel"], got["reminder"], got["open_url"]) == ("sms", "", None)
    desk.clock.advance(30)
    again = (await caller.post(f"/v1/codes/{got['id']}/resend")).json()
    assert again["channel"] == "whatsapp"
    assert again["reminder"] == "Go to WhatsApp to get your code from Acme."
    assert again["open_url"] == "https://wa.me/15550100001"


OWN_WORDS = {
    "en": Wording(
        text="Receive the code via WhatsApp. Only this comes from {business}: {kinds}.",
        after="Look into WhatsApp: {business} has sent you {kinds}.",
    )
}


@pytest.mark.parametrize("key", ["code", "checkout"])
async def test_the_reminder_is_the_businesss_own(
    caller: httpx.AsyncClient, desk: Desk, key: str
) -> None:
    services = desk.services
    own = Prompt(key=key, surface=Surface.CODE, purposes=("authentication",), wordings=OWN_WORDS)
    await services.prompts.publish(BUSINESS, own, desk.clock.now())
    shown = await show_prompt(services, BUSINESS, key, "en", Filling(business="Acme"))
    got = await asked(caller, prompt={"token": shown.token})
    assert got["reminder"] == "Look into WhatsApp: Acme has sent you verification codes."
    desk.clock.advance(30)
    french = await asked(caller, locale="fr")
    assert french["reminder"] == "Ouvrez WhatsApp pour y trouver le code envoyé par Acme."


async def test_what_is_ended_is_expired(caller: httpx.AsyncClient, world: World) -> None:
    got = await asked(caller)
    assert (await caller.delete(f"/v1/codes/{got['id']}")).status_code == 204
    code = {"code": digits_in_whatsapp(world)}
    check = await caller.post(f"/v1/codes/{got['id']}/check", json=code)
    assert check.json()["result"] == "expired"
    assert (await sheet(caller, got))["state"] == "cancelled"
    resend = await caller.post(f"/v1/codes/{got['id']}/resend")
    assert resend.status_code == 409


async def test_a_limit_names_itself_and_how_long_to_wait(caller: httpx.AsyncClient) -> None:
    await asked(caller)
    got = await caller.post("/v1/codes", json={"to": TO, "channel": "whatsapp"})
    assert got.status_code == 429
    assert got.json() == {
        "type": "/problems/too_many",
        "title": "A limit is reached",
        "status": 429,
        "detail": "a code was just asked for; wait a moment",
        "code": "too_many",
        "retry_after": 30,
        "policy": "cool_down",
    }
    inbound = await caller.post("/v1/codes", json={"to": TO, "channel": "whatsapp_inbound"})
    assert inbound.status_code == 201


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"to": "07700 900123"}, "to"),
        ({"to": "GB.1349"}, "to"),
        ({"to": 447700900123}, "to"),
        ({"to": "4" * 65}, "to"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": "whatsapp,whatsapp"}, "channel"),
        ({"locale": "klingon"}, "locale"),
        ({"purpose": "Log in"}, "purpose"),
        ({"reference": "x" * 129}, "reference"),
        ({"reference": "a\nb"}, "reference"),
        ({"address": "x" * 65}, "address"),
        ({"address": "shop.example"}, "address"),
        ({"address": "203.0.113.7:443"}, "address"),
        ({"sender": "abc"}, "sender"),
        ({"sender": "999"}, "sender"),
        ({"prompt": {"token": "x"}}, "prompt.token"),
        ({"prompt": {"hash": "sha256:" + "0" * 64}}, "prompt"),
        ({"prompt": "yes"}, "prompt"),
        ({"code": "1234"}, "code"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_is_counted(
    caller: httpx.AsyncClient, world: World, parts: dict[str, Any], field: str
) -> None:
    got = await caller.post("/v1/codes", json={"to": TO, "channel": "whatsapp"} | parts)
    assert got.status_code == 422, got.text
    assert field in [error["field"] for error in got.json()["errors"]]
    assert "07700 900123" not in got.text
    assert world.connections.sent == []
    await asked(caller)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"to":"+447700900123","to":"+447700900456"}', 400),
        (b"[]", 422),
        (b'{"to":"+447700900123\\u0000"}', 422),
    ],
)
async def test_a_body_is_read_in_one_way_or_not_at_all(
    caller: httpx.AsyncClient, world: World, body: bytes, status: int
) -> None:
    for path in ("/v1/codes", f"/v1/codes/{NOBODY}/check"):
        got = await caller.post(path, content=body, headers=JSON)
        assert got.status_code == status, got.text
    plain = {"content-type": "text/plain"}
    assert (await caller.post("/v1/codes", content=b"{}", headers=plain)).status_code == 415
    large = b'{"to":"' + b"4" * 70_000 + b'"}'
    assert (await caller.post("/v1/codes", content=large, headers=JSON)).status_code == 413
    assert world.connections.sent == []


@pytest.mark.parametrize("code_id", [NOBODY, "cod_1", "evt_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])
async def test_what_is_not_there_is_not_found(caller: httpx.AsyncClient, code_id: str) -> None:
    status = 404 if code_id == NOBODY else 422
    calls = [
        await caller.get(f"/v1/codes/{code_id}"),
        await caller.delete(f"/v1/codes/{code_id}"),
        await caller.post(f"/v1/codes/{code_id}/resend"),
        await caller.post(f"/v1/codes/{code_id}/check", json={"code": "12345678"}),
    ]
    assert [call.status_code for call in calls] == [status] * 4


async def test_another_business_reaches_nothing(
    caller: httpx.AsyncClient, desk: Desk, world: World
) -> None:
    got = await asked(caller)
    caller.headers["authorization"] = f"Bearer {await desk.rivals_key()}"
    code = {"code": digits_in_whatsapp(world)}
    calls = [
        await caller.get(f"/v1/codes/{got['id']}"),
        await caller.delete(f"/v1/codes/{got['id']}"),
        await caller.post(f"/v1/codes/{got['id']}/resend"),
        await caller.post(f"/v1/codes/{got['id']}/check", json=code),
    ]
    assert [call.status_code for call in calls] == [404] * 4
    caller.headers["authorization"] = f"Bearer {await desk.key()}"
    check = await caller.post(f"/v1/codes/{got['id']}/check", json=code)
    assert check.json()["result"] == "approved"


async def test_a_key_needs_the_scope(stranger: httpx.AsyncClient, desk: Desk) -> None:
    body = {"to": TO, "channel": "whatsapp"}
    assert (await stranger.post("/v1/codes", json=body)).status_code == 401
    key = await desk.key(frozenset(ApiScope) - {ApiScope.CODES_WRITE})
    stranger.headers["authorization"] = f"Bearer {key}"
    for path in ("/v1/codes", f"/v1/codes/{NOBODY}/check", f"/v1/codes/{NOBODY}/resend"):
        got = await stranger.post(path, json=body)
        assert (got.status_code, got.json()["code"]) == (403, "not_permitted")


async def test_answers_are_counted(caller: httpx.AsyncClient, desk: Desk) -> None:
    await asked(caller)
    await caller.post("/v1/codes", json={})
    counted = desk.metrics.render().decode()
    for status in ("201", "422"):
        assert f'askfirst_requests_total{{door="api",status="{status}"}} 1.0' in counted


async def test_other_methods_go_their_way(caller: httpx.AsyncClient) -> None:
    assert (await caller.get("/v1/codes")).status_code == 405
    assert (await caller.get("/v1/me")).status_code == 200


async def test_trouble_after_the_answer_is_not_the_callers(
    caller: httpx.AsyncClient, world: World
) -> None:
    def burst() -> None:
        message = "the wire broke in a way that nobody has foreseen"
        raise RuntimeError(message)

    world.connections.before_send = burst
    got = await asked(caller)
    assert (await sheet(caller, got))["state"] == "waiting"
