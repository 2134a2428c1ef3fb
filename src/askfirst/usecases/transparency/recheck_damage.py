"""Is damage that was found still there? It ends when it is mended or accepted."""

from __future__ import annotations

from askfirst.domain.transparency.ledger_check import Damage, DamageKind, gaps_between
from askfirst.domain.values.ids import ContactId, Position
from askfirst.ports.transparency.audit import HasAudit

_MOST = 1_000


async def is_still_there(services: HasAudit, damage: Damage) -> bool:
    """Look at the one place again; what only a look at everything can tell stays until that."""
    audit, business_id = services.audit, damage.business_id
    known = await audit.known(business_id)
    before = Position(damage.first - 1)
    match damage.kind:
        case DamageKind.HASH_DIFFERS:
            page = await audit.events(business_id, before, 1, known)
            return damage in page.damages
        case DamageKind.EVENTS_MISSING:
            leaves = await audit.leaves(business_id, before, _MOST)
            positions = [position for position, _ in leaves if position <= damage.last]
            return bool(gaps_between(before, positions, damage.last, known.gaps))
        case DamageKind.STANDING_DIFFERS | DamageKind.CONTACT_MISSING:
            return bool(await audit.contact(business_id, ContactId(damage.what), known))
        case DamageKind.NAME_ASTRAY:
            return await audit.is_astray(business_id, ContactId(damage.what))
        case DamageKind.GUARD_MISSING:
            return damage in await audit.guards()
        case _:
            return known.upto <= damage.last
