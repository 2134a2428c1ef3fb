"""Decisions on sends, counted by day and verdict, and by label and reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from askfirst.decision.decision import Verdict
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant


class DecisionCounts(Protocol):
    """Exact counts. Trouble raises Unavailable."""

    async def by_verdict(self, business_id: BusinessId, since: Instant) -> Mapping[Verdict, int]:
        """Count decisions since the begin of a day (UTC): the counted, and those after them."""
        ...

    async def advance(
        self, business_id: BusinessId, since: Instant, until: Instant, limit: int
    ) -> bool:
        """Count at most `limit` decisions before `until` that were not counted yet.

        Where none was, it begins at `since`. False: there may be more.
        """
        ...

    async def advance_campaigns(self, business_id: BusinessId, until: Instant, limit: int) -> bool:
        """Count at most `limit` decisions before `until` that their labels do not count yet.

        `DecisionArchive.count_campaign` counts those after them itself. False: there may be more.
        """
        ...


class HasDecisionCounts(Protocol):
    """Whatever brings the counts along."""

    @property
    def decision_counts(self) -> DecisionCounts:
        """Counts of decisions."""
        ...
