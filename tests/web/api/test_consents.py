"""POST /v1/consents: what a person answered becomes one line of the ledger."""

from typing import Any

import httpx
import pytest

from tests.web.api.bodies import ADA, PROMPT, consent
from tests.web.api.desk import Desk

KEY = {"Idempotency-Key": "order-17"}


async def test_a_yes_becomes_an_event(caller: httpx.AsyncClient) -> None:
    response = await caller.post("/v1/consents", json=consent())
    told = response.json()
    assert response.status_code == 201
    assert told["id"].startswith("evt_")
    assert told["contact"].startswith("con_")
    assert told["prompt"].startswith("sha256:")
    for name in ("id", "contact", "prompt", "effective", "is_proof_needed", "standing"):
        del told[name]
    assert told == {
        "position": 1,
        "kind": "granted",
        "purposes": ["marketing"],
        "assurance": "asserted",
        "number_proof": "typed",
        "surface": "signup",
        "source": "api",
        "sender": None,
        "absorbed": None,
        "occurred_at": "2026-03-01T09:00:00.000000Z",
        "recorded_at": "2026-03-01T09:00:00.000000Z",
        "until": None,
        "at_most": None,
    }


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("grant", "granted"),
        ("refuse", "refused"),
        ("withdraw", "withdrawn"),
        ("confirm", "confirmed"),
    ],
)
async def test_each_verb_has_its_kind(caller: httpx.AsyncClient, verb: str, kind: str) -> None:
    body = consent(verb, evidence={"how": "code"})
    assert (await caller.post("/v1/consents", json=body)).json()["kind"] == kind


async def test_a_withdrawal_without_purposes_is_about_everything(caller: httpx.AsyncClient) -> None:
    body = consent("withdraw", purposes=None, prompt=None)
    assert (await caller.post("/v1/consents", json=body)).json()["purposes"] == []


async def test_a_yes_without_a_prompt_is_asserted_only(caller: httpx.AsyncClient) -> None:
    response = await caller.post("/v1/consents", json=consent(prompt=None))
    assert response.json()["assurance"] == "asserted"


async def test_a_yes_with_the_token_of_its_rendering_was_shown(caller: httpx.AsyncClient) -> None:
    rendered = (await caller.get("/v1/prompts/signup/render?locale=fr")).json()
    body = {"verb": "grant", "contact": {"phone": ADA}, "prompt": {"token": rendered["token"]}}
    told = (await caller.post("/v1/consents", json=body)).json()
    assert (told["assurance"], told["surface"]) == ("shown", "signup")
    assert (told["purposes"], told["prompt"]) == (["marketing"], rendered["hash"])


@pytest.mark.parametrize("place", [0, 10, -1])
async def test_an_altered_token_is_refused(
    caller: httpx.AsyncClient, desk: Desk, place: int
) -> None:
    token = (await caller.get("/v1/prompts/signup/render?locale=fr")).json()["token"]
    other = "B" if token[place] != "B" else "C"
    characters = list(token)
    characters[place] = other
    body = {"verb": "grant", "contact": {"phone": ADA}, "prompt": {"token": "".join(characters)}}
    response = await caller.post("/v1/consents", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "prompt.token"
    assert await desk.head() == 0


async def test_a_no_counts_whatever_its_token(caller: httpx.AsyncClient) -> None:
    body = consent("refuse", prompt={"token": "1.not-ours.at-all"})
    told = (await caller.post("/v1/consents", json=body)).json()
    assert (told["kind"], told["assurance"], told["prompt"]) == ("refused", "asserted", None)


@pytest.mark.parametrize(("proof", "answer"), [("typed", "withdrawn"), ("vouched", "granted")])
async def test_only_a_yes_for_a_number_that_is_vouched_for_lifts_a_no(
    caller: httpx.AsyncClient, desk: Desk, proof: str, answer: str
) -> None:
    """Whoever fills in a form may have typed anybody's number."""
    await caller.post("/v1/consents", json=consent("withdraw", prompt=None, purposes=[]))
    desk.clock.advance(1)
    token = (await caller.get("/v1/prompts/signup/render")).json()["token"]
    body = {"verb": "grant", "contact": {"phone": ADA}, "prompt": {"token": token}}
    told = (await caller.post("/v1/consents", json=body | {"number_proof": proof})).json()
    assert told["number_proof"] == proof
    found = (await caller.post("/v1/contacts/lookup", json={"contact": {"phone": ADA}})).json()
    answers = {each["purpose"]: each["answer"] for each in found["standing"]}
    assert answers["marketing"] == answer


async def test_another_businesss_token_is_refused(caller: httpx.AsyncClient, desk: Desk) -> None:
    token = (await caller.get("/v1/prompts/signup/render")).json()["token"]
    body = {"verb": "grant", "contact": {"phone": ADA}, "prompt": {"token": token}}
    headers = {"authorization": f"Bearer {await desk.rivals_key()}"}
    response = await caller.post("/v1/consents", json=body, headers=headers)
    assert response.json()["errors"][0]["field"] == "prompt.token"


async def test_a_yes_by_phone_says_who_took_it_down(caller: httpx.AsyncClient) -> None:
    body = consent(surface="phone", prompt=None)
    response = await caller.post("/v1/consents", json=body)
    assert response.json()["errors"][0]["field"] == "witness"
    body["witness"] = {"taken_by": "agent 17", "form": "v3", "scan_sha256": "0" * 64}
    assert (await caller.post("/v1/consents", json=body)).status_code == 201
    body["witness"]["scan_sha256"] = "not a hash"
    refused = (await caller.post("/v1/consents", json=body)).json()
    assert refused["errors"][0]["field"] == "witness.scan_sha256"


async def test_a_known_wording_can_be_named_by_its_hash(caller: httpx.AsyncClient) -> None:
    first = (await caller.post("/v1/consents", json=consent())).json()
    again = consent(prompt={"hash": first["prompt"]}, contact={"wa_id": "447700900456"})
    assert (await caller.post("/v1/consents", json=again)).json()["prompt"] == first["prompt"]


@pytest.mark.parametrize("name", [{"phone": ADA}, {"wa_id": "447700900123"}])
async def test_two_spellings_of_a_number_are_one_contact(
    caller: httpx.AsyncClient, name: dict[str, str]
) -> None:
    first = (await caller.post("/v1/consents", json=consent())).json()
    again = (await caller.post("/v1/consents", json=consent(contact=name))).json()
    assert again["contact"] == first["contact"]


async def test_a_time_with_any_zone_is_told_in_utc(caller: httpx.AsyncClient) -> None:
    response = await caller.post(
        "/v1/consents", json=consent(occurred_at="2026-01-31T09:00:00+05:30")
    )
    assert response.json()["occurred_at"] == "2026-01-31T03:30:00.000000Z"


async def test_the_same_key_and_body_give_the_same_bytes(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    first = await caller.post("/v1/consents", json=consent(), headers=KEY)
    desk.clock.advance(86_400)
    again = await caller.post("/v1/consents", json=consent(), headers=KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert await desk.head() == 1


async def test_an_equal_body_in_other_bytes_is_the_same(caller: httpx.AsyncClient) -> None:
    first = await caller.post("/v1/consents", json=consent(), headers=KEY)
    other = dict(reversed(consent(contact={"phone": "+44 7700 900-123"}).items()))
    again = await caller.post("/v1/consents", json=other, headers=KEY)
    assert again.content == first.content


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "refuse"},
        {"contact": {"phone": "+447700900124"}},
        {"purposes": ["marketing", "utility"]},
        {"surface": "order"},
        {"prompt": {**PROMPT, "text": "Other words."}},
        {"occurred_at": "2026-01-31T09:00:00Z"},
        {"evidence": {"page": "/join"}},
    ],
)
async def test_the_same_key_with_another_body_is_a_conflict(
    caller: httpx.AsyncClient, desk: Desk, change: dict[str, Any]
) -> None:
    await caller.post("/v1/consents", json=consent(), headers=KEY)
    response = await caller.post("/v1/consents", json=consent(**change), headers=KEY)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert await desk.head() == 1


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "caf\u00e9"])
async def test_a_key_must_be_visible_ascii(caller: httpx.AsyncClient, desk: Desk, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode("latin-1")}
    response = await caller.post("/v1/consents", json=consent(), headers=headers)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"
    assert await desk.head() == 0


async def test_two_keys_are_none(caller: httpx.AsyncClient) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    response = await caller.post("/v1/consents", json=consent(), headers=headers)
    assert response.status_code == 422
