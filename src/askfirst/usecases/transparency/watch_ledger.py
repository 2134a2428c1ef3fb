"""Check the past at the start, bounded, and then for ever in the background, a page at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Protocol

from askfirst.domain.transparency.ledger_check import (
    Damage,
    DamageKind,
    Head,
    LedgerState,
    gaps_between,
)
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import SECOND
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.transparency.audit import HasAudit, Known
from askfirst.ports.transparency.head import HasHeadFile, HeadUnreadable
from askfirst.usecases.memory.ledger_watch import HasLedgerWatch
from askfirst.usecases.transparency.verify_ledger import Pages, missing, verify_business

NEWEST = 2_000
"""How many of the newest events of a business are checked at the start, with whom they are about;
a ledger of no more is checked whole."""
SAMPLES = 20
"""How many further places in the ledger are checked at the start."""
BUDGET = 5 * SECOND
"""How long the check at the start takes at most; the check in the background does the rest."""
_SAMPLE_EVENTS = 20
_RANDOM_BYTES = 8
_WHOLE = Pages(leaves=NEWEST, contacts=500, names=NEWEST)


class WatchLedgerNeeds(HasAudit, HasClock, HasHeadFile, HasIds, HasLedgerWatch, Protocol):
    """What this use case needs from the world."""


async def check_at_start(services: WatchLedgerNeeds) -> None:
    """Check guards, the newest events and samples; hold what does not fit."""
    begun = services.clock.now()
    services.watch.note(await services.audit.guards())
    for business_id, last in (await services.audit.newest()).items():
        if last <= NEWEST:
            head = await _kept_head(services, business_id)
            async for step in verify_business(services.audit, business_id, head, _WHOLE):
                services.watch.note(_not_behind(services, step.damages))
        else:
            await _check_newest(services, business_id, last)
        if services.clock.now() - begun > BUDGET:
            return


async def scrub(services: WatchLedgerNeeds) -> AsyncGenerator[None, None]:
    """Check everything, again and again; a step at a time, so that the caller sets the pace."""
    while True:
        old = [one for one in services.watch.damages() if one.kind is DamageKind.GUARD_MISSING]
        services.watch.replace(old, await services.audit.guards())
        yield
        for business_id in await services.audit.newest():
            async with aclosing(_scrub_business(services, business_id)) as steps:
                async for _ in steps:
                    yield


async def _scrub_business(
    services: WatchLedgerNeeds, business_id: BusinessId
) -> AsyncGenerator[None, None]:
    """Go through one business; what was held before and is not found again is mended."""
    found: list[Damage] = []
    before = _altered(services, business_id)
    head = await _kept_head(services, business_id)
    async for step in verify_business(services.audit, business_id, head, Pages()):
        found += _not_behind(services, step.damages)
        services.watch.note(found)
        yield
    services.watch.replace(before, found)


async def _check_newest(
    services: WatchLedgerNeeds, business_id: BusinessId, last: Position
) -> None:
    known = await services.audit.known(business_id)
    after = Position(last - NEWEST)
    page = await services.audit.events(business_id, after, NEWEST, known)
    gaps = gaps_between(after, page.positions, last, known.gaps)
    found = [*page.damages, *(missing(business_id, gap) for gap in gaps)]
    for contact_id in page.contacts:
        found += await services.audit.contact(business_id, contact_id, known)
    for _ in range(SAMPLES):
        found += await _sample(services, business_id, after, known)
    services.watch.note(_not_behind(services, found))


async def _sample(
    services: WatchLedgerNeeds, business_id: BusinessId, last: Position, known: Known
) -> list[Damage]:
    """Check some events in a row, somewhere, with whom they are about."""
    number = int.from_bytes(services.ids.entropy(_RANDOM_BYTES), "big")
    after = Position(number % last)
    page = await services.audit.events(business_id, after, _SAMPLE_EVENTS, known)
    upto = page.positions[-1] if page.positions else after
    gaps = gaps_between(after, page.positions, upto, known.gaps)
    found = [*page.damages, *(missing(business_id, gap) for gap in gaps)]
    for contact_id in page.contacts:
        found += await services.audit.contact(business_id, contact_id, known)
    return found


async def _kept_head(services: WatchLedgerNeeds, business_id: BusinessId) -> Head:
    """Return the head that the history must lead to; none where that cannot be known."""
    try:
        kept = await services.head_file.read()
    except HeadUnreadable:
        return Head()
    is_behind = services.watch.state(business_id) is LedgerState.BEHIND
    if kept is None or is_behind or business_id not in kept.businesses:
        return Head()
    return kept.businesses[business_id].head


def _altered(services: HasLedgerWatch, business_id: BusinessId) -> list[Damage]:
    found = services.watch.damages(business_id)
    return [one for one in found if one.state is LedgerState.ALTERED]


def _not_behind(services: HasLedgerWatch, damages: Iterable[Damage]) -> list[Damage]:
    """Leave out missing events that are held for already: those newer than the database."""
    behind = [one for one in services.watch.damages() if one.kind is DamageKind.BEHIND_HEAD]
    return [
        damage
        for damage in damages
        if damage.kind is not DamageKind.EVENTS_MISSING
        or not any(
            one.business_id == damage.business_id
            and one.first <= damage.first
            and damage.last <= one.last
            for one in behind
        )
    ]
