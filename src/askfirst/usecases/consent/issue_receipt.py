"""Give people a signed copy of what they answered, and check one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.receipt import Issue, receipt_of
from askfirst.domain.transparency.ledger_check import Damage, gaps_between
from askfirst.domain.values.errors import LedgerDamaged
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.receipts import HasReceipts, PublicKey
from askfirst.ports.prompts.prompts import HasPrompts
from askfirst.ports.tenants.site import HasSite
from askfirst.ports.transparency.audit import HasAudit
from askfirst.usecases.memory.ledger_watch import HasLedgerWatch
from askfirst.usecases.opt_out.opt_out_link import page_to_stop
from askfirst.usecases.tenants.manage_profile import ManageProfileNeeds, show_profile
from askfirst.usecases.transparency.verify_ledger import missing

_EVENTS = 1_000
_NEAR = 20
"""Of how many of a person's newest events the neighbours are looked at."""


class IssueReceiptNeeds(
    ManageProfileNeeds,
    HasAudit,
    HasLedger,
    HasPrompts,
    HasReceipts,
    HasSite,
    HasLedgerWatch,
    Protocol,
):
    """What this use case needs from the world."""


async def issue_receipt(
    services: IssueReceiptNeeds,
    business_id: BusinessId,
    position: Position,
    holder: ContactId | None = None,
    *,
    is_for_stranger: bool = False,
) -> str | None:
    """Sign the receipt of one event; None where there is none, or it is not the holder's.

    `is_for_stranger`: nobody has proven that the number is theirs.

    Raises:
        InvalidInput: the event is no answer of a person.
        LedgerDamaged: what stands in the ledger about this person does not fit together.
    """
    event = await _event_at(services, business_id, position)
    if event is None or (holder is not None and not await _is_of(services, event, holder)):
        return None
    business, profile = await show_profile(services, business_id)
    words = await services.prompts.version(business_id, event.prompt) if event.prompt else None
    now = services.clock.now()
    issue = Issue(
        principal=services.receipts.pseudonym(business_id, event.contact_id),
        issued_at=now,
        withdraw_at=page_to_stop(services, business_id),
        is_for_stranger=is_for_stranger,
    )
    receipt = receipt_of(event, words, business, profile, issue)
    await _check(services, event)
    return await services.receipts.sign(business_id, receipt, now)


async def public_keys(services: HasReceipts, business_id: BusinessId) -> tuple[PublicKey, ...]:
    """Return the keys that receipts of a business are checked with, old ones included."""
    return await services.receipts.keys(business_id)


async def rotate_key(services: IssueReceiptNeeds, business_id: BusinessId) -> str:
    """Sign receipts with a new key from now on; return its id."""
    return await services.receipts.rotate(business_id, services.clock.now())


def verify_receipt(
    services: HasReceipts, text: str, keys: Sequence[PublicKey]
) -> Mapping[str, Any]:
    """Read a receipt; InvalidInput where it is not exactly what one of the keys signed."""
    return services.receipts.verify(text, keys)


async def _check(services: IssueReceiptNeeds, event: Event) -> None:
    """Sign nothing about a person whose events were changed; hold the business's sends, too."""
    damages = await _damages(services, event)
    if damages:
        services.watch.note(damages)
        raise LedgerDamaged(
            "what the ledger says of this person does not fit together, so nothing is signed; "
            "an operator must run askfirst ledger verify"
        )


async def _damages(services: IssueReceiptNeeds, event: Event) -> list[Damage]:
    """Check the person's events: each its hash, their fold, and that their neighbours are there."""
    audit, business_id = services.audit, event.business_id
    known = await audit.known(business_id)
    found = list(await audit.contact(business_id, event.contact_id, known))
    last = await services.ledger.head(business_id)
    history = await services.ledger.history(business_id, event.contact_id, Position(0), _EVENTS)
    for position in sorted({event.position, *(one.position for one in history[-_NEAR:])}):
        first, end = max(0, position - 2), min(last, position + 1)
        leaves = await audit.leaves(business_id, Position(first), 3)
        there = [place for place, _ in leaves if place <= end]
        gaps = gaps_between(first, there, end, known.gaps)
        found += [missing(business_id, gap) for gap in gaps]
    return found


async def _event_at(
    services: HasLedger, business_id: BusinessId, position: Position
) -> Event | None:
    found = await services.ledger.events(business_id, Position(position - 1), 1)
    return found[0] if found and found[0].position == position else None


async def _is_of(services: HasLedger, event: Event, holder: ContactId) -> bool:
    if event.contact_id == holder:
        return True
    before = Position(event.position - 1)
    history = await services.ledger.history(event.business_id, holder, before, 1)
    return bool(history) and history[0].position == event.position
