"""POST /v1/consents tells what is in force then, so that nobody tells a customer what is not so."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from askfirst.decision.reason import Reason
from askfirst.domain.values.errors import Unavailable
from tests.web.api.bodies import ADA, check, consent, shown
from tests.web.api.desk import Desk

GERMAN = "+4915123456789"


async def record(caller: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await caller.post("/v1/consents", json=body)
    assert response.status_code == 201, response.text
    told: dict[str, Any] = response.json()
    return told


async def gate(caller: httpx.AsyncClient, phone: str, purpose: str = "marketing") -> str:
    """What the gate says: `allow`, or its reason."""
    told = (await caller.post("/v1/check", json=check(to=phone, purpose=purpose))).json()
    return "allow" if told["verdict"] == "allow" else str(told["reasons"][0]["code"])


async def sign_up(
    caller: httpx.AsyncClient, phone: str = ADA, proof: str = "typed"
) -> dict[str, Any]:
    body = await shown(caller, {"phone": phone}) | {"number_proof": proof}
    return await record(caller, **body)


async def stop(caller: httpx.AsyncClient, phone: str = ADA) -> dict[str, Any]:
    return await record(caller, **consent("withdraw", contact={"phone": phone}, prompt=None))


async def test_a_logged_in_customers_yes_is_in_force(caller: httpx.AsyncClient) -> None:
    told = await sign_up(caller, proof="vouched")
    assert told["effective"] is True
    assert told["standing"] == [
        {
            "purpose": "marketing",
            "effective": True,
            "reason": None,
            "explanation": None,
            "would_make_it_effective": [],
        }
    ]
    assert await gate(caller, ADA) == "allow"


async def test_a_typed_yes_says_what_is_missing(caller: httpx.AsyncClient) -> None:
    told = await sign_up(caller)
    assert (told["effective"], told["is_proof_needed"]) == (False, True)
    (purpose,) = told["standing"]
    assert purpose["reason"] == "number_proof_too_low"
    assert purpose["explanation"] == Reason.NUMBER_PROOF_TOO_LOW.explanation
    assert purpose["would_make_it_effective"] == ["vouch", "ask", "confirm_in_whatsapp"]


async def test_after_a_stop_a_typed_yes_is_not_in_force(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    await sign_up(caller, proof="vouched")
    desk.clock.advance(1)
    await stop(caller)
    desk.clock.advance(60)
    told = await sign_up(caller)
    assert (told["kind"], told["effective"]) == ("granted", False)
    assert told["standing"][0]["reason"] == await gate(caller, ADA) == "withdrawn"
    assert told["standing"][0]["would_make_it_effective"] == ["ask", "confirm_in_whatsapp"]


async def test_each_remedy_does_what_it_promises(caller: httpx.AsyncClient, desk: Desk) -> None:
    await sign_up(caller)
    told = await record(caller, **consent("confirm", evidence={"how": "call"}))
    assert (told["effective"], told["number_proof"]) == (True, "vouched")
    await stop(caller)
    desk.clock.advance(1)
    assert (await sign_up(caller, proof="vouched"))["effective"] is True


async def test_a_withdrawal_says_that_nothing_may_be_sent(caller: httpx.AsyncClient) -> None:
    told = await record(caller, **consent("withdraw", purposes=None, prompt=None))
    assert told["effective"] is False
    assert [one["purpose"] for one in told["standing"]] == [
        "authentication",
        "marketing",
        "utility",
    ]
    assert {one["reason"] for one in told["standing"]} == {"withdrawn"}


@pytest.mark.parametrize("phone", [ADA, GERMAN, "+12025550188", "+5511961234567"])
@pytest.mark.parametrize("proof", ["typed", "vouched"])
async def test_it_says_what_the_gate_says(
    caller: httpx.AsyncClient, desk: Desk, phone: str, proof: str
) -> None:
    for act in (sign_up, stop, sign_up):
        desk.clock.advance(1)
        told = await (act(caller, phone, proof) if act is sign_up else act(caller, phone))
        reason = told["standing"][0]["reason"] or "allow"
        assert reason == await gate(caller, phone)


async def test_what_a_page_may_show_does_not_depend_on_what_the_holder_said(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    fresh = await sign_up(caller)
    await stop(caller)
    desk.clock.advance(1)
    again = await sign_up(caller)
    assert fresh["is_proof_needed"] is again["is_proof_needed"] is True


async def test_a_stop_is_acknowledged_although_the_standing_cannot_be_read(
    caller: httpx.AsyncClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(self: object, question: object) -> None:
        raise Unavailable("no line")

    monkeypatch.setattr(type(desk.services.gate), "look", fail)
    told = await stop(caller)
    assert (told["effective"], told["standing"]) == (False, [])


async def test_an_answer_by_message_counts_after_a_stop_too(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    wish = {"contact": {"phone": ADA}, "purposes": ["marketing"], "is_answer": True}
    made = await caller.post("/v1/confirmations", json=wish | {"locale": "fr"})
    assert made.json()["text"].startswith("Oui, j’accepte de recevoir sur WhatsApp")
    found = await caller.get(f"/v1/confirmations/{made.json()['id']}")
    assert found.json()["proven_at"] is None


@pytest.mark.parametrize(
    ("change", "field"), [({"text": "Send me all"}, "text"), ({"purposes": []}, "purposes")]
)
async def test_the_words_of_an_answer_are_askfirsts_and_name_what_it_is_about(
    caller: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    wish = {"contact": {"phone": ADA}, "purposes": ["marketing"], "is_answer": True}
    refused = await caller.post("/v1/confirmations", json=wish | change)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


async def test_no_evidence_makes_a_claim_look_proven(caller: httpx.AsyncClient, desk: Desk) -> None:
    contact = {"phone": GERMAN}
    await record(caller, **consent(surface="import", contact=contact, prompt=None))
    told = await record(
        caller, **consent("confirm", surface="api", contact=contact, evidence={"x": 1}, prompt=None)
    )
    assert (told["assurance"], told["number_proof"]) == ("asserted", "vouched")
    assert told["standing"][0]["reason"] == await gate(caller, GERMAN) == "assurance_too_low"
    path = f"/v1/events/{told['position']}/receipt"
    receipt = _content((await caller.get(path)).json()["receipt"])
    assert (receipt["state"], receipt["number_proof"]) == ("vouched", "vouched")
    assert not {"confirmed", "proven"} & set(map(str, receipt.values()))


def _content(jws: str) -> dict[str, Any]:
    part = jws.split(".")[1]
    event: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))["event"]
    return event
