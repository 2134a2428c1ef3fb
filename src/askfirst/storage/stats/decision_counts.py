"""Decisions by day and verdict, and by label and reason, for either backend.

The id of a decision begins with its time, so what was counted is all up to one id. The counts and
that id move in one transaction; where two processes count at once, one of them moves them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from askfirst.decision.decision import Verdict
from askfirst.domain.values.ids import BusinessId, Prefix, mint
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript


class StoredDecisionCounts:
    """See ports.stats.decision_counts.DecisionCounts."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def by_verdict(self, business_id: BusinessId, since: Instant) -> Mapping[Verdict, int]:
        rows = await self._statements.fetch(
            "decisions_by_verdict", business_id, since, _first_id(since)
        )
        return {Verdict(verdict): int(count) for verdict, count in rows}

    async def advance(
        self, business_id: BusinessId, since: Instant, until: Instant, limit: int
    ) -> bool:
        script = partial(self._advancing, business_id, _first_id(since), _first_id(until), limit)
        return await self._statements.talk(business_id, script)

    async def advance_campaigns(self, business_id: BusinessId, until: Instant, limit: int) -> bool:
        """What is counted does not change any more, so it is looked at before the writing."""
        rows = await self._statements.fetch("campaigns_counted_through", business_id)
        counted = str(rows[0][0]) if rows else ""
        part = (business_id, counted, _first_id(until), limit)
        ((count, through),) = await self._statements.fetch("decisions_to_count", *part)
        if not count:
            return True
        stretch = (business_id, counted, str(through))
        added = await self._statements.fetch("campaigns_to_add", *stretch)
        is_ours = await self._statements.talk(business_id, partial(_adding, stretch, added))
        return bool(is_ours and count < limit)

    def _advancing(
        self, business_id: BusinessId, first: str, until: str, limit: int
    ) -> TransactionScript[bool]:
        rows = yield "decisions_counted_through", (business_id,)
        counted = rows[0][0] if rows else ""
        after = counted or first
        ((count, through),) = yield "decisions_to_count", (business_id, after, until, limit)
        if not count:
            return True
        if not (yield "move_decisions_counted", (business_id, counted, through)):
            return False
        yield "add_decision_counts", (business_id, after, through)
        return bool(count < limit)


def _adding(stretch: tuple[BusinessId, str, str], added: Sequence[Row]) -> TransactionScript[bool]:
    """Add to the counts and move on, unless another process did."""
    if not (yield "move_campaigns_counted", stretch):
        return False
    for row in added:
        yield "add_campaign_count", (stretch[0], *row)
    return True


def _first_id(moment: Instant) -> str:
    """Return what is before each id of a moment, and behind each of the one before it."""
    return mint(Prefix.DECISION, moment // 1000, b"")
