"""End a hold by an operator's word: what is missing stays missing, and the ledger says so.

What can be made anew from the events is: standings, names of merged contacts, guards. The word
itself is an event. It names the positions that are missing and those that were changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.consent.event import Event
from askfirst.domain.transparency.ledger_check import (
    EVERY_BUSINESS,
    Acceptance,
    Damage,
    DamageKind,
    Gap,
    Head,
    LedgerState,
)
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.ports.transparency.audit import HasAudit
from askfirst.ports.transparency.head import Heads, HeadUnreadable, KeptHead
from askfirst.usecases.memory.ledger_watch import HasLedgerWatch
from askfirst.usecases.transparency.follow_head import FollowHeadNeeds, follow_head, head_of
from askfirst.usecases.transparency.recheck_damage import is_still_there

_REASON_MAX = 500
_MISSING = frozenset({DamageKind.BEHIND_HEAD, DamageKind.EVENTS_MISSING})
_CHANGED = frozenset({DamageKind.HASH_DIFFERS, DamageKind.HEAD_DIFFERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The event that an acceptance became, and what it was about."""

    event: Event
    damages: tuple[Damage, ...]


async def accept_ledger(
    services: FollowHeadNeeds, business_id: BusinessId | None, reason: str
) -> tuple[Accepted, ...]:
    """Accept what is held for: of one business, or of all.

    Raises:
        InvalidInput: there is no reason.
        Conflict: nothing is held, or the whole database is, and only one business was named.
    """
    if not reason.strip() or len(reason) > _REASON_MAX:
        raise InvalidInput("reason", f"must say why, in {_REASON_MAX} characters at most")
    await follow_head(services)
    damages = services.watch.damages()
    businesses = await _concerned(services, business_id, damages)
    done = [await _accept(services, one, reason, damages) for one in businesses]
    await _keep_anew(services, businesses)
    await _look_again(services, damages, business_id)
    return tuple(done)


def list_damages(services: HasLedgerWatch) -> tuple[Damage, ...]:
    """Return what sends are held for now."""
    return services.watch.damages()


async def _concerned(
    services: HasAudit, named: BusinessId | None, damages: tuple[Damage, ...]
) -> list[BusinessId]:
    held = {damage.business_id for damage in damages}
    if not held or (named is not None and held.isdisjoint({named, EVERY_BUSINESS})):
        raise Conflict("nothing is held: the ledger fits together, as far as it was checked")
    if EVERY_BUSINESS not in held:
        return sorted(held if named is None else {named})
    if named is not None:
        raise Conflict("this is about the whole database: accept it without naming a business")
    there = await services.audit.newest()
    return sorted(one for one in there if one != UNROUTED)


async def _accept(
    services: FollowHeadNeeds, business_id: BusinessId, reason: str, damages: tuple[Damage, ...]
) -> Accepted:
    own = tuple(one for one in damages if one.business_id in (business_id, EVERY_BUSINESS))
    await services.audit.mend(business_id, own)
    changed = sorted({one.last for one in own if one.kind in _CHANGED})
    leaves = [
        (position, await services.audit.leaf_now(business_id, Position(position)))
        for position in changed
    ]
    gaps = sorted({Gap(one.first, one.last) for one in own if one.kind in _MISSING})
    acceptance = Acceptance(reason=reason, gaps=tuple(gaps), leaves=tuple(leaves))
    event = await services.audit.accept(business_id, acceptance, services.clock.now())
    return Accepted(event=event, damages=own)


async def _keep_anew(services: FollowHeadNeeds, businesses: list[BusinessId]) -> None:
    """Begin the heads anew, from what is there now."""
    database, was_kept = await services.audit.database()
    try:
        kept = await services.head_file.read()
    except HeadUnreadable:
        kept = None
    others = kept.businesses if kept and kept.database == database else {}
    fresh = {one: KeptHead(head=await head_of(services, one, Head())) for one in businesses}
    heads = Heads(database=database, businesses={**others, **fresh})
    await services.head_file.keep(heads, replace=True)
    if not was_kept:
        await services.audit.note_head()


async def _look_again(
    services: FollowHeadNeeds, damages: tuple[Damage, ...], named: BusinessId | None
) -> None:
    """What the word did not end stays held: an event that cannot even be read, for example."""
    concerned = [one for one in damages if named is None or one.business_id == named]
    altered = [one for one in concerned if one.state is LedgerState.ALTERED]
    there = [one for one in altered if await is_still_there(services, one)]
    services.watch.replace(concerned, there)
    services.watch.look_again()
    await follow_head(services)
