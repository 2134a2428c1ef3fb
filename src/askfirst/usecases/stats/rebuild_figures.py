"""Make the counts of a business anew, beside those that answer meanwhile."""

from __future__ import annotations

from typing import Final, NamedTuple

from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import SECOND
from askfirst.ports.stats.statistics import Build
from askfirst.usecases.stats.builds import numbered_build
from askfirst.usecases.stats.business_days import zone_of
from askfirst.usecases.stats.follow_ledger import (
    FollowLedgerNeeds,
    begin_build,
    build_to_follow,
    follow_stretch,
    take_over,
)

_STRETCH: Final = 2_000
_WORKS_FOR: Final = SECOND // 2
"""How long one step lasts: then whoever asked hears how far it is."""


class Progress(NamedTuple):
    """How far a build is; `is_done`: it answers."""

    number: int
    position: Position
    head: Position
    is_done: bool


async def begin_rebuild(services: FollowLedgerNeeds, business_id: BusinessId) -> Progress:
    """Begin a build with nothing in it; one that was begun before and not finished is dropped."""
    builds = await services.statistics.builds(business_id)
    zone = await zone_of(services, business_id)
    build = await begin_build(services, business_id, builds, zone)
    return await _progress(services, build, is_done=False)


async def continue_rebuild(
    services: FollowLedgerNeeds, business_id: BusinessId, number: int
) -> Progress:
    """Go on with a build for half a second; when it has everything, it answers.

    Raises:
        UnknownReference: there is no such build any more: another one was begun.
    """
    build = await numbered_build(services, business_id, number)
    if build is None:
        raise UnknownReference("build", "is gone: another was begun meanwhile")
    return await _work(services, build)


async def catch_up(services: FollowLedgerNeeds, business_id: BusinessId) -> Progress:
    """Follow the ledger for half a second, as a server does by itself at its leisure."""
    return await _work(services, await build_to_follow(services, business_id))


async def _work(services: FollowLedgerNeeds, build: Build) -> Progress:
    began, is_level = services.clock.steady(), False
    while not is_level:
        build, is_level = await follow_stretch(services, build, _STRETCH)
        if services.clock.steady() - began >= _WORKS_FOR:
            break
    if is_level:
        await take_over(services, build)
    return await _progress(services, build, is_done=is_level)


async def _progress(services: FollowLedgerNeeds, build: Build, *, is_done: bool) -> Progress:
    head = await services.ledger.head(build.business_id)
    return Progress(build.number, build.position, head, is_done)
