"""Figures are counted by a task that follows the ledger; tests that look at them do it here."""

from __future__ import annotations

from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.stats.statistics import follow_task
from askfirst.usecases.context.services import Services
from askfirst.usecases.stats.follow_ledger import follow_ledger


async def count_ledger(services: Services, business_id: BusinessId) -> Instant:
    """Count what the ledger has by now; returns when it would be looked at again."""
    until = Instant(services.clock.now() + 300 * SECOND)
    leased = LeasedTask(task=follow_task(business_id), until=until, attempts=1)
    return await follow_ledger(services, leased)
