"""What the first page of the console counts, for either backend."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.decision.decision import Verdict
from askfirst.domain.values.ids import BusinessId, Prefix, mint
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.statements import Statements


class StoredHomeFigures:
    """See ports.operators.home_figures.HomeFigures."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def decisions(self, business_id: BusinessId, since: Instant) -> Mapping[Verdict, int]:
        first = mint(Prefix.DECISION, since // 1000, bytes(16))
        rows = await self._statements.fetch("home_decisions", business_id, first)
        return {Verdict(verdict): int(count) for verdict, count in rows}
