"""A send carries a label: it is kept with the decision, and does not leave."""

from __future__ import annotations

import pytest

from tests.support.builders import BUSINESS, grant
from tests.web.gateway.desk import Desk

JSON = ("content-type", "application/json")


async def labels(desk: Desk) -> list[str]:
    rows = await desk.world.services.decisions.decisions(BUSINESS, "", 10)
    return [row.question.campaign for row in rows]


async def test_a_label_is_kept_with_the_decision_and_stays_here(desk: Desk) -> None:
    await desk.commit(grant())
    sent = await desk.send(headers=(desk.key, JSON, ("x-askfirst-campaign", "spring_sale")))
    assert sent.status == 200
    assert await labels(desk) == ["spring_sale"]
    (left,) = desk.sent
    assert not any("campaign" in name.lower() for name in left.headers)
    assert b"spring_sale" not in left.body


async def test_a_refused_send_keeps_its_label_too(quick_desk: Desk) -> None:
    await quick_desk.send(headers=(quick_desk.key, JSON, ("x-askfirst-campaign", "spring_sale")))
    await quick_desk.send()
    await quick_desk.send(headers=(quick_desk.key, JSON, ("x-askfirst-campaign", "")))
    assert await labels(quick_desk) == ["spring_sale", "", ""]


@pytest.mark.parametrize("label", ["spring sale", "447700900123", "x" * 65])
async def test_what_is_no_label_is_named_and_nothing_leaves(quick_desk: Desk, label: str) -> None:
    await quick_desk.commit(grant())
    got = await quick_desk.send(headers=(quick_desk.key, JSON, ("x-askfirst-campaign", label)))
    assert got.status == 400
    assert "`X-Askfirst-Campaign` must be a letter" in got.error["error_data"]["details"]
    assert label not in str(got.error)
    assert not quick_desk.sent
    assert await labels(quick_desk) == []
