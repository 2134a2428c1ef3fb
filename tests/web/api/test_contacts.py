"""What a contact answered, and the ledger, as they are shown."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.web.api.bodies import ADA, consent, shown
from tests.web.api.desk import Desk


def standing(told: Any, purpose: str) -> Any:
    return next(one for one in told["standing"] if one["purpose"] == purpose)


async def test_a_yes_is_shown_with_what_it_rests_on(caller: httpx.AsyncClient) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    told = (await caller.get(f"/v1/contacts/{ADA}")).json()
    assert standing(told, "marketing") == {
        "purpose": "marketing",
        "answer": "granted",
        "since": "2026-03-01T09:00:00.000000Z",
        "basis": {"position": 1, "kind": "granted", "surface": "signup"},
        "assurance": "shown",
        "number_proof": "vouched",
        "ended_later_yes_at": None,
        "informed_at": None,
        "paused_until": None,
        "alive": [
            {
                "assurance": "shown",
                "number_proof": "vouched",
                "surface": "signup",
                "position": 1,
                "at": "2026-03-01T09:00:00.000000Z",
            }
        ],
    }
    assert standing(told, "utility")["answer"] == "unasked"


async def test_a_withdrawal_is_shown_for_every_purpose(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    await caller.post("/v1/consents", json=consent(purposes=["marketing", "utility"]))
    desk.clock.advance(1)
    await caller.post("/v1/consents", json=consent("withdraw", purposes=[]))
    told = (await caller.get(f"/v1/contacts/{ADA}")).json()
    answers = {one["purpose"]: one["answer"] for one in told["standing"]}
    assert answers == dict.fromkeys(("authentication", "marketing", "utility"), "withdrawn")


@pytest.mark.parametrize("contact", [{"phone": ADA}, {"wa_id": "447700900123"}])
async def test_looking_up_shows_the_same_without_a_number_in_the_address(
    caller: httpx.AsyncClient, contact: dict[str, str]
) -> None:
    await caller.post("/v1/consents", json=consent())
    shown = await caller.get(f"/v1/contacts/{ADA}")
    looked_up = await caller.post("/v1/contacts/lookup", json={"contact": contact})
    assert looked_up.json() == shown.json()


@pytest.mark.parametrize("bsuid", ["GB.13491208", "GB.ENT.11815799"])
async def test_a_contact_is_found_by_its_bsuid(caller: httpx.AsyncClient, bsuid: str) -> None:
    await caller.post("/v1/consents", json=consent(contact={"bsuid": bsuid}))
    assert (await caller.get(f"/v1/contacts/{bsuid}")).status_code == 200
    assert (await caller.get(f"/v1/contacts/{bsuid}0")).status_code == 404


async def test_a_contact_is_found_by_its_id_at_every_door(caller: httpx.AsyncClient) -> None:
    """Events name contacts by id: no number is needed to go on from there."""
    event = (await caller.post("/v1/consents", json=consent())).json()
    person, named = event["contact"], {"contact": {"id": event["contact"]}}
    by_number = await caller.get(f"/v1/contacts/{ADA}")
    assert (await caller.get(f"/v1/contacts/{person}")).json() == by_number.json()
    assert (await caller.post("/v1/contacts/lookup", json=named)).json() == by_number.json()
    events = (await caller.get(f"/v1/contacts/{person}/events")).json()["data"]
    assert [one["position"] for one in events] == [1]
    assert (await caller.post("/v1/preference-links", json=named)).status_code == 201
    no = await caller.post("/v1/consents", json=consent("withdraw", purposes=[]) | named)
    assert (no.status_code, no.json()["contact"]) == (201, person)


@pytest.mark.parametrize("person", ["con_1", "con_01KGA2V8M0H2J4K6M8N0P2Q4R!"])
async def test_what_is_no_id_of_a_contact_is_refused(
    caller: httpx.AsyncClient, person: str
) -> None:
    answer = await caller.get(f"/v1/contacts/{quote(person)}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "alias")


async def test_an_id_that_is_nobodys_is_told(caller: httpx.AsyncClient) -> None:
    nobody = "con_01KGA2V8M0H2J4K6M8N0P2Q4R6"
    assert (await caller.get(f"/v1/contacts/{nobody}")).status_code == 404
    answer = await caller.post("/v1/consents", json=consent(contact={"id": nobody}))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "contact.id")


@pytest.mark.parametrize("rest", ["", "/events"])
async def test_nobody_of_that_name_is_a_404(caller: httpx.AsyncClient, rest: str) -> None:
    response = await caller.get(f"/v1/contacts/{ADA}{rest}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert "7700" not in response.text


@pytest.mark.parametrize("alias", ["ada", "+12", "GB.", "a\0b", "447700900123456789"])
async def test_a_name_of_no_known_shape_is_refused(caller: httpx.AsyncClient, alias: str) -> None:
    response = await caller.get(f"/v1/contacts/{quote(alias)}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "alias"


async def pages(caller: httpx.AsyncClient, path: str, limit: int) -> list[list[int]]:
    found: list[list[int]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await caller.get(path, params={"limit": limit, "after": cursor})).json()
        found.append([event["position"] for event in page["data"]])
        cursor = page["next_cursor"] if page.get("has_more", True) else None
    return found


async def test_pages_hold_every_event_once(caller: httpx.AsyncClient) -> None:
    for number in range(5):
        name = {"wa_id": f"44770090012{number % 2}"}
        await caller.post("/v1/consents", json=consent(contact=name))
    assert await pages(caller, "/v1/events", 2) == [[1, 2], [3, 4], [5]]
    assert await pages(caller, "/v1/events", 5) == [[1, 2, 3, 4, 5]]
    assert await pages(caller, "/v1/contacts/447700900120/events", 2) == [[1, 3], [5]]


async def test_an_empty_ledger_is_one_empty_page(caller: httpx.AsyncClient) -> None:
    assert await pages(caller, "/v1/events", 10) == [[]]


async def test_answers_about_people_are_not_cached(caller: httpx.AsyncClient) -> None:
    await caller.post("/v1/consents", json=consent())
    assert (await caller.get(f"/v1/contacts/{ADA}")).headers["cache-control"] == "no-store"


async def test_the_last_page_says_where_to_go_on(caller: httpx.AsyncClient) -> None:
    await caller.post("/v1/consents", json=consent())
    last = (await caller.get("/v1/events")).json()
    assert (len(last["data"]), last["has_more"]) == (1, False)
    follow = {"after": last["next_cursor"]}
    empty = (await caller.get("/v1/events", params=follow)).json()
    assert empty == {"data": [], "next_cursor": last["next_cursor"], "has_more": False}
    await caller.post("/v1/consents", json=consent())
    fresh = (await caller.get("/v1/events", params=follow)).json()
    assert [event["position"] for event in fresh["data"]] == [2]


async def test_whoever_waits_is_answered_by_the_next_event(caller: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(caller.get("/v1/events", params={"wait": 20}))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await caller.post("/v1/consents", json=consent())
    async with asyncio.timeout(10):
        answer = (await waiting).json()
    assert [event["position"] for event in answer["data"]] == [1]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 2),
        ({"kind": "granted"}, 2),
        ({"kind": ["withdrawn", "refused"]}, 0),
        ({"purpose": "marketing"}, 2),
        ({"purpose": "utility"}, 0),
        ({"surface": "login"}, 0),
        ({"since": "2026-03-01T09:00:00Z"}, 2),
        ({"since": "2026-03-01T09:00:00.000001Z"}, 0),
    ],
)
async def test_only_what_is_wanted_is_given(
    caller: httpx.AsyncClient, query: dict[str, str], count: int
) -> None:
    for _ in range(2):
        await caller.post("/v1/consents", json=consent())
    page = (await caller.get("/v1/events", params=query)).json()
    assert len(page["data"]) == count
    assert page["next_cursor"] == "MToy"


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "yes"), ("purpose", "spam"), ("surface", "x"), ("since", "noon"), ("wait", "31")],
)
async def test_a_filter_that_is_none_is_refused_by_its_name(
    caller: httpx.AsyncClient, name: str, value: str
) -> None:
    refused = await caller.get("/v1/events", params={name: value})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith(name)
