"""Since when somebody cannot be reached, and when that is over."""

from __future__ import annotations

import pytest

from askfirst.domain.values.timestamp import DAY, SECOND
from tests.support import builders
from tests.support.clocks import NOON, at
from tests.web.webhooks.posting import BOTH, Meta


@pytest.mark.parametrize("status", ["delivered", "read", "played"])
async def test_what_arrives_later_ends_that_somebody_cannot_be_reached(
    meta: Meta, status: str
) -> None:
    await meta.report("failed", 0, 131026)
    assert await meta.unreachable_at() == NOON
    await meta.report(status, 2)
    assert await meta.unreachable_at() is None


@pytest.mark.parametrize(
    ("status", "second"), [("sent", 2), ("delivered", -DAY // SECOND), ("read", -DAY // SECOND)]
)
async def test_what_is_only_sent_or_arrived_on_a_day_before_does_not_end_it(
    meta: Meta, status: str, second: int
) -> None:
    await meta.report("failed", 0, 131026)
    await meta.report(status, second)
    assert await meta.unreachable_at() == NOON


async def test_an_older_failure_that_comes_late_does_not_move_it_back(meta: Meta) -> None:
    await meta.report("failed", 5, 131026)
    await meta.report("failed", 0, 131026)
    assert await meta.unreachable_at() == at(5)


async def test_a_failure_that_is_told_after_what_arrived_that_day_does_not_count(
    meta: Meta,
) -> None:
    await meta.say_yes(builders.ANA)
    await meta.report("read", 2)
    await meta.report("failed", 0, 131026)
    assert await meta.unreachable_at() is None


async def test_it_ends_by_either_name(quick_meta: Meta) -> None:
    await quick_meta.report("failed", 0, 131026, **BOTH)
    await quick_meta.report("read", 2, recipient_user_id=BOTH["recipient_user_id"])
    assert await quick_meta.unreachable_at() is None
