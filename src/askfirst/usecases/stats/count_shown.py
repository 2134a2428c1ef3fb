"""Write down how often questions were shown."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import chain_of
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.stats.statistics import HasStatistics, ShownCount
from askfirst.usecases.memory.shown_prompts import HasShownPrompts
from askfirst.usecases.stats.business_days import BusinessDaysNeeds, days_of, zone_of


class KeepShownNeeds(BusinessDaysNeeds, HasClock, HasShownPrompts, HasStatistics, Protocol):
    """What this use case needs from the world."""


async def keep_shown(services: KeepShownNeeds) -> None:
    """Write down what was shown since the last time, on the day of now."""
    taken = services.shown_prompts.take()
    while taken:
        business_id, counts = taken.popitem()
        try:
            await _keep(services, business_id, counts)
        except AskfirstError:
            for name, left in ((business_id, counts), *taken.items()):
                services.shown_prompts.put_back(name, left)
            raise


async def _keep(
    services: KeepShownNeeds, business_id: BusinessId, counts: dict[PromptVersion, int]
) -> None:
    days = days_of(services, await zone_of(services, business_id))
    today = days.day(services.clock.now())
    shown = [
        ShownCount(
            day=today,
            prompt=version.hash,
            surface=version.surface.value,
            locale=version.locale,
            purposes=tuple(sorted({one for name in version.purposes for one in chain_of(name)})),
            shown=count,
        )
        for version, count in counts.items()
    ]
    await services.statistics.add_shown(business_id, shown)
