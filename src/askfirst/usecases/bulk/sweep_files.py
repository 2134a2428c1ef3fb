"""Forget files that nobody confirmed, and reports and screenings that are old."""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.bulk.import_job import AT_WORK, KEPT, REPORT_KEPT, ImportState
from askfirst.domain.bulk.screen_job import SCREEN_KEPT
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.bulk.imports import HasImports
from askfirst.ports.bulk.screens import HasScreens
from askfirst.ports.platform.clock import HasClock

_PAGE: Final = 100


class ForgetOldImportsNeeds(HasClock, HasImports, Protocol):
    """What this use case needs from the world."""


async def forget_old_imports(services: ForgetOldImportsNeeds, business_id: BusinessId) -> None:
    """Forget a business's files that wait for longer than a week, and reports of last year.

    What an import recorded stays.
    """
    now, after = services.clock.now(), ""
    while page := await services.imports.list(business_id, after, _PAGE):
        for job in page:
            kept = REPORT_KEPT if job.state is ImportState.DONE else KEPT
            if job.state not in AT_WORK and now - job.created_at > kept:
                await services.imports.forget(job)
        after = page[-1].import_id


class ForgetOldScreensNeeds(HasClock, HasScreens, Protocol):
    """What this use case needs from the world."""


async def forget_old_screens(services: ForgetOldScreensNeeds, business_id: BusinessId) -> None:
    """Forget a business's lists and their answers, a week after they were sent."""
    now, after = services.clock.now(), ""
    while page := await services.screens.list(business_id, after, _PAGE):
        for job in page:
            if now - job.created_at > SCREEN_KEPT:
                await services.screens.forget(job)
        after = page[-1].screen_id
