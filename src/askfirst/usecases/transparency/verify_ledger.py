"""Check the whole ledger, page by page: what is there, whether it fits together, and the head.

Nothing is written. A page takes a few milliseconds, so whoever goes through the pages decides
how much of the machine the check may have.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from askfirst.domain.transparency.ledger_check import (
    Damage,
    DamageKind,
    Gap,
    Head,
    extend,
    gaps_between,
)
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.ports.transparency.audit import EVERYBODY, Audit, Known
from askfirst.ports.transparency.head import Heads


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """How much is looked at in one step."""

    leaves: int = 500
    contacts: int = 50
    names: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a check: how many events were checked in it, and what damage it found."""

    events: int = 0
    damages: tuple[Damage, ...] = ()


async def find_behind(audit: Audit, business_id: BusinessId, head: Head) -> Damage | None:
    """Look for the kept event: is it there, and is it the same?"""
    if not head.position:
        return None
    found = await audit.leaf_upto(business_id, head.position)
    position, leaf_hash = found or (Position(0), b"")
    if position < head.position:
        kind, first = DamageKind.BEHIND_HEAD, position + 1
    elif leaf_hash != head.leaf_hash:
        kind, first = DamageKind.HEAD_DIFFERS, position
    else:
        return None
    return Damage(kind=kind, business_id=business_id, first=first, last=head.position)


async def verify_heads(audit: Audit, heads: Heads | None) -> tuple[Damage, ...]:
    """Hold the database against the heads that were kept of it."""
    database, was_kept = await audit.database()
    if heads is None:
        return (Damage(kind=DamageKind.HEAD_MISSING),) if was_kept else ()
    if heads.database != database:
        told = f"it names {heads.database}, and this one is {database}"
        return (Damage(kind=DamageKind.OTHER_DATABASE, what=told),)
    each = [
        await find_behind(audit, business_id, kept.head)
        for business_id, kept in heads.businesses.items()
    ]
    return tuple(one for one in each if one)


async def verify_business(
    audit: Audit, business_id: BusinessId, head: Head, pages: Pages
) -> AsyncGenerator[Step, None]:
    """Check all of a business: positions and hashes, then contacts, then names."""
    known = await audit.known(business_id)
    async for step in verify_positions(audit, business_id, head, known, pages):
        yield step
    after = EVERYBODY
    while after is not None:
        page = await audit.contacts(business_id, after, pages.contacts, known)
        yield Step(events=page.count, damages=page.damages)
        after = page.after  # type: ignore[assignment]
    async for step in verify_names(audit, business_id, pages):
        yield step


async def verify_positions(
    audit: Audit, business_id: BusinessId, head: Head, known: Known, pages: Pages
) -> AsyncGenerator[Step, None]:
    """Check that no event is missing, and that the leaves are those that the head was made of."""
    last = (await audit.newest()).get(business_id, Position(0))
    walked = Head()
    while True:
        leaves = await audit.leaves(business_id, walked.position, pages.leaves)
        strays = await audit.strays(business_id, walked.position, pages.leaves)
        is_last = len(leaves) < pages.leaves
        upto = max(last, walked.position) if is_last else leaves[-1][0]
        positions = [position for position, _ in leaves if position <= upto]
        gaps = gaps_between(walked.position, positions, upto, known.gaps)
        found = [*strays, *(missing(business_id, gap) for gap in gaps)]
        there = [leaf for leaf in leaves if leaf[0] <= head.position]
        reached = extend(walked, there)
        is_passed = walked.position < head.position == reached.position
        if is_passed and reached.history != head.history:
            kind = DamageKind.HISTORY_DIFFERS
            found.append(Damage(kind=kind, business_id=business_id, last=head.position))
        walked = extend(reached, leaves[len(there) :])
        yield Step(damages=tuple(found))
        if is_last:
            return


async def verify_names(
    audit: Audit, business_id: BusinessId, pages: Pages
) -> AsyncGenerator[Step, None]:
    """Check that every name leads to a contact that is alive."""
    after: str | None = ""
    while after is not None:
        page = await audit.names(business_id, after, pages.names)
        yield Step(damages=page.damages)
        after = page.after


def missing(business_id: BusinessId, gap: Gap) -> Damage:
    """Say that positions are missing."""
    kind = DamageKind.EVENTS_MISSING
    return Damage(kind=kind, business_id=business_id, first=gap.first, last=gap.last)
