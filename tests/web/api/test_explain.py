"""The whole chain of rules with POST /v1/check, and campaigns summed up by REST."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decide import RULES
from askfirst.domain.value import replace
from askfirst.usecases.sending.send_message import send_message
from tests.support.builders import ANA, BEN, change, grant, question, sender
from tests.support.clocks import NOON, FakeClock
from tests.support.evidence import OFFER
from tests.support.services import World, build_world
from tests.web.api.bodies import check, consent, shown
from tests.web.api.desk import Desk

SPRING = "spring_sale"


async def explained(caller: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await caller.post("/v1/check", json=check(explain=True, **changes))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_every_rule_is_told_in_order_with_what_it_looked_at(
    caller: httpx.AsyncClient,
) -> None:
    told = await explained(caller)
    assert [(rule["number"], rule["name"]) for rule in told["rules"]] == [
        (rule.number, rule.name) for rule in RULES
    ]
    (spoke,) = (rule for rule in told["rules"] if rule["verdict"] == "spoke")
    assert spoke["name"] == "opt-in"
    assert spoke["reason"] == told["reasons"][0]
    assert {"name": "their answer", "value": "none"} in spoke["facts"]


async def test_explained_or_not_the_answer_is_the_same(caller: httpx.AsyncClient) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    for changes in ({}, {"purpose": "service"}, {"sender": "1"}, {"to": "+989121234567"}):
        plain = (await caller.post("/v1/check", json=check(**changes))).json()
        told = await explained(caller, **changes)
        assert len(told.pop("rules")) == len(RULES)
        assert told == plain
        assert "rules" not in plain


async def test_no_number_is_in_an_explanation(caller: httpx.AsyncClient) -> None:
    await caller.post("/v1/consents", json=consent())
    answer = await caller.post("/v1/check", json=check(explain=True))
    assert "7700" not in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"campaign": "447700900123"}, "campaign"),
        ({"campaign": ""}, None),
        ({"campaign": SPRING}, None),
        ({"explain": "yes"}, "explain"),
        ({"explain": False}, None),
    ],
)
async def test_a_label_and_the_wish_to_be_told_are_checked(
    caller: httpx.AsyncClient, changes: dict[str, Any], field: str | None
) -> None:
    answer = await caller.post("/v1/check", json=check(**changes))
    named = [error["field"] for error in answer.json().get("errors", [])]
    assert named == ([field] if field else [])


@pytest.mark.parametrize("flags", ['"explain": true, "explain": false', '"explain": 1'])
async def test_a_wish_that_comes_twice_or_as_a_number_is_refused(
    caller: httpx.AsyncClient, flags: str
) -> None:
    raw = f'{{"sender": "1", "to": "+447700900123", "purpose": "utility", {flags}}}'
    answer = await caller.post(
        "/v1/check", content=raw, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert [error["field"] for error in answer.json()["errors"]] == ["explain"]


@pytest.fixture
async def world(sqlite_store: Store, clock: FakeClock, desk: Desk) -> World:
    """The world of the desk, in which Ana got an offer of a campaign and Ben did not."""
    world = build_world(sqlite_store, clock)
    await world.store.directory.put_sender(sender(), "token", NOON)
    await world.store.ledger.commit(change(grant(ANA)))
    clock.advance(60)
    for person in (ANA, BEN, BEN):
        labelled = question(person, campaign=SPRING)
        await send_message(world.services, replace(OFFER, question=labelled))
    return world


async def test_a_campaign_sums_to_a_hundred_and_each_line_leads_on(
    caller: httpx.AsyncClient, world: World
) -> None:
    asked = {"campaign": SPRING, "since": "2026-01-15T12:00:00Z"}
    told = (await caller.get("/v1/decisions/summary", params=asked)).json()
    assert told["decisions"] == 3
    assert round(sum(line["percent"] for line in told["reasons"]), 6) == 100
    assert [(line["code"], line["decisions"], line["percent"]) for line in told["reasons"]] == [
        ("no_opt_in", 2, 66.7),
        ("opted_in", 1, 33.3),
    ]
    page: dict[str, Any] = {}
    for line in told["reasons"]:
        page = (await caller.get(line["list"])).json()
        assert len(page["data"]) == line["decisions"]
        assert {one["campaign"] for one in page["data"]} == {SPRING}
        assert {one["reasons"][0]["code"] for one in page["data"]} == {line["code"]}
    (allowed,) = page["data"]
    assert allowed["contact"].startswith("con_")


async def test_a_reason_is_read_page_by_page(caller: httpx.AsyncClient, world: World) -> None:
    asked = {"campaign": SPRING, "reason": "no_opt_in", "limit": "1"}
    first = (await caller.get("/v1/decisions", params=asked)).json()
    after = {**asked, "after": first["next_cursor"]}
    second = (await caller.get("/v1/decisions", params=after)).json()
    assert first["data"][0]["id"] != second["data"][0]["id"]
    assert second["next_cursor"] is None


async def test_a_label_that_no_send_had_is_empty(caller: httpx.AsyncClient, desk: Desk) -> None:
    told = (await caller.get("/v1/decisions/summary?campaign=winter")).json()
    assert told == {
        "campaign": "winter",
        "since": None,
        "decisions": 0,
        "reasons": [],
        "campaigns": [],
        "next_cursor": None,
    }


async def test_without_a_label_each_one_is_summed_up_page_by_page(
    caller: httpx.AsyncClient, world: World
) -> None:
    labelled = question(ANA, campaign="autumn")
    await send_message(world.services, replace(OFFER, question=labelled))
    first = (await caller.get("/v1/decisions/summary?limit=1")).json()
    assert [one["campaign"] for one in first["campaigns"]] == ["autumn"]
    asked = {"limit": "1", "after": first["next_cursor"]}
    second = (await caller.get("/v1/decisions/summary", params=asked)).json()
    assert [(one["campaign"], one["decisions"]) for one in second["campaigns"]] == [(SPRING, 3)]
    assert (second["next_cursor"], second["decisions"], second["reasons"]) == (None, 3, [])
    for label in (*first["campaigns"], *second["campaigns"]):
        assert round(sum(line["percent"] for line in label["reasons"]), 6) == 100
        assert all(f"campaign={label['campaign']}" in line["list"] for line in label["reasons"])


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/v1/decisions", "contact"),
        ("/v1/decisions?reason=no_opt_in", "reason"),
        ("/v1/decisions?contact=%2B447700900123&since=2026-01-15T12:00:00Z", "since"),
        ("/v1/decisions?contact=%2B447700900123&campaign=spring&reason=no_opt_in", "contact"),
        ("/v1/decisions?campaign=spring", "reason"),
        ("/v1/decisions?campaign=spring&reason=bad_luck", "reason"),
        ("/v1/decisions?campaign=447700900123&reason=no_opt_in", "campaign"),
        ("/v1/decisions?campaign=spring&reason=no_opt_in&since=monday", "since"),
        ("/v1/decisions/summary?campaign=447700900123", "campaign"),
        ("/v1/decisions/summary?campaign=spring&since=monday", "since"),
    ],
)
async def test_what_is_wrong_with_a_campaign_is_named(
    caller: httpx.AsyncClient, desk: Desk, address: str, field: str
) -> None:
    answer = await caller.get(address)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
