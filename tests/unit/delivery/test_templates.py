"""The registry's source."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.delivery import templates
from askfirst.delivery.templates import TemplatesFromGraph
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.purpose import Category
from tests.support.builders import BUSINESS, WABA, sender
from tests.support.clocks import NOON, FakeClock
from tests.unit.delivery.upstream import Act, hangs, lines_to, says, upstream

OFFER = {"name": "offer", "language": "en", "category": "MARKETING", "status": "APPROVED"}
ORDER = {"name": "order", "language": "en_US", "category": "UTILITY", "status": "PAUSED"}


def _page(*rows: dict[str, str], after: str | None = None) -> Act:
    content: dict[str, Any] = {"data": rows, "paging": {"cursors": {"after": after or "end"}}}
    if after:
        content["paging"]["next"] = "https://elsewhere.test"
    body = json.dumps(content).encode()
    return says(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


async def test_all_pages_are_read_with_the_senders_token() -> None:
    pages = (_page(OFFER, after="MjQ="), _page(ORDER))
    async with upstream(*pages) as up, lines_to(up.url) as lines:
        found = await TemplatesFromGraph(lines, FakeClock()).read(sender(), "EAAG-meta")
    assert [(t.name, t.language, t.category, t.state) for t in found] == [
        ("offer", "en", Category.MARKETING, TemplateState.IN_SERVICE),
        ("order", "en_US", Category.UTILITY, TemplateState.PAUSED),
    ]
    assert {(t.business_id, t.waba_id, t.seen_at) for t in found} == {(BUSINESS, WABA, NOON)}
    first, second = (heard.split(b"\r\n")[0].decode() for heard in up.heard)
    assert first.startswith("GET /v26.0/100/message_templates?fields=name%2Clanguage%2Cstatus")
    assert "limit=200" in first
    assert "after=MjQ%3D" in second
    assert all(b"authorization: Bearer EAAG-meta\r\n" in heard for heard in up.heard)


@pytest.mark.parametrize(
    "act",
    [
        hangs,
        says(b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"),
        says(b"garbage\r\n\r\n"),
    ],
)
async def test_trouble_leaves_what_was_known(act: Act) -> None:
    async with upstream(act) as up, lines_to(up.url, answer_seconds=0.1) as lines:
        with pytest.raises(Unavailable):
            await TemplatesFromGraph(lines, FakeClock()).read(sender(), "EAAG-meta")


async def test_where_nobody_listens_nothing_is_read() -> None:
    async with upstream(hangs) as up:
        pass
    async with lines_to(up.url) as lines:
        with pytest.raises(Unavailable):
            await TemplatesFromGraph(lines, FakeClock()).read(sender(), "EAAG-meta")


async def test_a_list_without_an_end_is_not_followed_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(templates, "PAGES_MAX", 3)
    async with upstream(_page(OFFER, after="again")) as up, lines_to(up.url) as lines:
        with pytest.raises(Unavailable, match="3 pages"):
            await TemplatesFromGraph(lines, FakeClock()).read(sender(), "EAAG-meta")
        assert len(up.heard) == 3
