"""What the first page of the console counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from askfirst.decision.decision import Verdict
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant


class HomeFigures(Protocol):
    """Exact counts, read from what is kept. Trouble raises Unavailable."""

    async def decisions(self, business_id: BusinessId, since: Instant) -> Mapping[Verdict, int]:
        """Count decisions on sends by verdict."""
        ...


class HasHomeFigures(Protocol):
    """Whatever brings the counts along."""

    @property
    def home_figures(self) -> HomeFigures:
        """Counts for the first page."""
        ...
