"""Keep the newest position and hash outside the database, and hold the ledger against them.

The file is read first and the database after it, so what it says has been committed before. It
only ever goes forward; where the database is behind, it stands still until an operator ends that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from askfirst.domain.transparency.ledger_check import (
    Damage,
    DamageKind,
    Head,
    LedgerState,
    extend,
    gaps_between,
)
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.transparency.audit import HasAudit, Known
from askfirst.ports.transparency.head import HasHeadFile, Heads, HeadUnreadable, KeptHead
from askfirst.usecases.memory.ledger_watch import HasLedgerWatch
from askfirst.usecases.transparency.recheck_damage import is_still_there
from askfirst.usecases.transparency.verify_ledger import find_behind

PAGE = 1_000
"""How many leaves are read at once: about two milliseconds of the loop."""
_DAMAGES_KEPT = 20


class FollowHeadNeeds(HasAudit, HasClock, HasHeadFile, HasLedgerWatch, Protocol):
    """What this use case needs from the world."""

    @property
    def is_head_needed(self) -> bool:
        """Whether sends are held where a head was kept and its file is gone."""
        ...


async def follow_head(services: FollowHeadNeeds) -> bool:
    """Compare the kept head with the database, hold what is behind, keep what is new.

    Tells whether anything was written.
    """
    try:
        kept = await services.head_file.read()
    except HeadUnreadable as error:
        return _hold(services, Damage(kind=DamageKind.HEAD_UNREADABLE, what=error.message))
    database, was_kept = await services.audit.database()
    if kept is None and was_kept and services.is_head_needed:
        return _hold(services, Damage(kind=DamageKind.HEAD_MISSING))
    if kept is not None and kept.database != database:
        told = f"it names {kept.database}, and this one is {database}"
        return _hold(services, Damage(kind=DamageKind.OTHER_DATABASE, what=told))
    businesses = dict(kept.businesses) if kept else {}
    followed = await _follow_all(services, businesses)
    if kept is not None and not followed:
        return False
    await services.head_file.keep(Heads(database=database, businesses=businesses | followed))
    if not was_kept:
        await services.audit.note_head()
    return True


async def head_of(services: HasAudit, business_id: BusinessId, base: Head) -> Head:
    """Take all leaves behind a head."""
    while True:
        leaves = await services.audit.leaves(business_id, base.position, PAGE)
        base = extend(base, leaves)
        if len(leaves) < PAGE:
            return base


async def _follow_all(
    services: FollowHeadNeeds, kept: Mapping[BusinessId, KeptHead]
) -> dict[BusinessId, KeptHead]:
    """Follow each business that moved; gives what is to be kept anew."""
    newest = await services.audit.newest()
    followed: dict[BusinessId, KeptHead] = {}
    found: list[Damage] = []
    for business_id in sorted({*newest, *kept}):
        old = kept.get(business_id, KeptHead(head=Head()))
        damage, head = None, old.head
        if newest.get(business_id) != head.position or services.watch.has_to_look(business_id):
            damage, head = await _follow(services, business_id, old.head)
        if damage:
            found.append(damage)
        damages = await _look_again(services, business_id, old.damages)
        new = KeptHead(head=head, damages=damages[:_DAMAGES_KEPT])
        if new != old:
            followed[business_id] = new
    services.watch.replace(_of_the_head(services), found)
    return followed


async def _follow(
    services: FollowHeadNeeds, business_id: BusinessId, head: Head
) -> tuple[Damage | None, Head]:
    """Find the kept event in the database, and take what came after it."""
    damage = await find_behind(services.audit, business_id, head)
    if damage is None:
        services.watch.looked_at(business_id)
        return None, await head_of(services, business_id, head)
    if _is_accepted(damage, await services.audit.known(business_id)):
        return None, await head_of(services, business_id, Head())
    await services.audit.reserve(business_id, head.position, services.clock.now())
    return damage, head


def _is_accepted(damage: Damage, known: Known) -> bool:
    if damage.kind is DamageKind.HEAD_DIFFERS:
        return damage.last in known.leaves
    return not gaps_between(damage.first - 1, (), damage.last, known.gaps)


async def _look_again(
    services: FollowHeadNeeds, business_id: BusinessId, kept: tuple[Damage, ...]
) -> tuple[Damage, ...]:
    """Take up what was found before, by this process or another, as far as it is still there."""
    own = tuple(
        one for one in services.watch.damages(business_id) if one.state is LedgerState.ALTERED
    )
    if own[:_DAMAGES_KEPT] == kept:
        return kept
    both = tuple(dict.fromkeys((*kept, *own)))
    there = [one for one in both if await is_still_there(services, one)]
    services.watch.replace(own, there)
    return tuple(there)


def _hold(services: HasLedgerWatch, damage: Damage) -> bool:
    services.watch.replace(_of_the_head(services), (damage,))
    return False


def _of_the_head(services: HasLedgerWatch) -> list[Damage]:
    return [one for one in services.watch.damages() if one.state is LedgerState.BEHIND]
