"""Figures by REST: exact up to a position, told by day, surface and country."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx

from askfirst.domain.consent.event import EventKind
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.usecases.stats.count_shown import keep_shown
from tests.support.builders import ANA, BEN, BUSINESS, change, grant, prompt, statement, stop
from tests.support.clocks import NOON, at
from tests.support.counting import count_ledger
from tests.web.api.desk import Desk

FRANCE = phone_alias("33612345678")


async def follow(desk: Desk) -> Instant:
    return await count_ledger(desk.services, BUSINESS)


async def read(caller: httpx.AsyncClient, path: str = "", **query: str) -> dict[str, Any]:
    answer = await caller.get(f"/v1/stats{path}", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_before_anything_is_counted_there_are_no_figures(caller: httpx.AsyncClient) -> None:
    told = await read(caller)
    assert (told["as_of"], told["data"]) == (None, [])


async def test_each_day_of_the_span_has_its_figures(desk: Desk, caller: httpx.AsyncClient) -> None:
    await desk.services.ledger.commit(change(grant(at=at(-86400)), grant(BEN)))
    await desk.services.ledger.commit(change(stop(), at=at(5)))
    await follow(desk)
    told = await read(caller, **{"from": "2026-01-13", "to": "2026-01-15"})
    rows = [(one["begin"], one["opt_ins"], one["stops"], one["reachable"]) for one in told["data"]]
    assert rows == [("2026-01-13", 0, 0, 0), ("2026-01-14", 1, 0, 1), ("2026-01-15", 1, 1, 1)]
    assert told["as_of"]["position"] == told["as_of"]["head"] == 3
    assert told["as_of"]["time_zone"] == "UTC"


async def test_figures_are_of_the_position_that_they_name(
    desk: Desk, caller: httpx.AsyncClient
) -> None:
    await desk.services.ledger.commit(change(grant()))
    await follow(desk)
    await desk.services.ledger.commit(change(grant(BEN)))
    told = await read(caller, step="span")
    assert (told["as_of"]["position"], told["as_of"]["head"]) == (1, 2)
    assert [one["reachable"] for one in told["data"]] == [1]


async def test_a_country_of_few_acts_is_not_named(desk: Desk, caller: httpx.AsyncClient) -> None:
    many = [grant(phone_alias(f"4477009001{number:02d}")) for number in range(5)]
    await desk.services.ledger.commit(change(*many, grant(FRANCE)))
    await follow(desk)
    told = await read(caller, by="country", step="span", **{"from": "2026-01-01"})
    rows = [(one["value"], one["opt_ins"], one["reachable"]) for one in told["data"]]
    assert rows == [("GB", 5, 5), ("other", 1, 1)]


async def test_purposes_and_topics_have_their_own_rows(
    desk: Desk, caller: httpx.AsyncClient
) -> None:
    await desk.services.ledger.commit(change(grant(purposes=("marketing.offers",))))
    await follow(desk)
    told = await read(caller, by="purpose", step="span", **{"from": "2026-01-01"})
    rows = {one["value"]: one["opt_ins"] for one in told["data"]}
    assert rows == {"*": 1, "marketing": 1, "marketing.offers": 1}


async def test_the_funnel_tells_how_far_people_came(desk: Desk, caller: httpx.AsyncClient) -> None:
    words = prompt()
    early = partial(grant, at=Instant(NOON - 40 * DAY), prompt=words.hash)
    left = stop(BEN, at=Instant(NOON - 39 * DAY))
    refusal = statement(EventKind.REFUSED, FRANCE, purposes=("marketing",))
    acts = (early(), early(BEN), left, refusal)
    await desk.services.ledger.commit(change(*acts, prompt=words))
    desk.services.shown_prompts.note(BUSINESS, words)
    await keep_shown(desk.services)
    await follow(desk)
    told = await read(caller, "/funnel", **{"from": "2025-11-01"})
    rows = {one["surface"]: one for one in told["data"]}
    signup = rows[Surface.SIGNUP.value]
    stages = ("shown", "answered", "agreed", "proven", "messaged", "settled", "kept")
    assert [signup[name] for name in stages] == [1, 3, 2, 1, 0, 2, 1]


async def test_who_is_behind_rests_for_most_of_the_time(desk: Desk) -> None:
    await desk.services.ledger.commit(change(grant(ANA)))
    assert await follow(desk) - desk.services.clock.now() == 10 * SECOND


async def test_a_span_is_checked(caller: httpx.AsyncClient) -> None:
    wrong: list[tuple[dict[str, str], str]] = [
        ({"from": "2026-1-1"}, "from"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "to"),
        ({"purpose": "offers"}, "purpose"),
        ({"purpose": "marketing", "by": "purpose"}, "purpose"),
        ({"by": "shoe_size"}, "by"),
    ]
    for query, field in wrong:
        answer = await caller.get("/v1/stats", params=query)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]
