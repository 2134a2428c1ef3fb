"""Builds of a business's figures: the one that answers, and one by its number."""

from __future__ import annotations

from askfirst.domain.stats.figures import FORMAT
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.stats.statistics import Build, HasStatistics


async def answering_build(services: HasStatistics, business_id: BusinessId) -> Build | None:
    """Return the build that answers; None where nothing was counted yet."""
    builds = await services.statistics.builds(business_id)
    return builds[0] if builds else None


async def answering_build_of_today(
    services: HasStatistics, business_id: BusinessId
) -> Build | None:
    """Return the build that answers; None where it does not count all that builds count now."""
    build = await answering_build(services, business_id)
    return build if build and build.format == FORMAT else None


async def numbered_build(
    services: HasStatistics, business_id: BusinessId, number: int
) -> Build | None:
    """Return a build; None where it was dropped."""
    builds = await services.statistics.builds(business_id)
    return next((one for one in builds if one.number == number), None)
