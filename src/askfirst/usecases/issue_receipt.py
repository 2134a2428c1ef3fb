"""Give people a signed copy of what they answered, and check one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askfirst.domain.event import Event
from askfirst.domain.ids import BusinessId, ContactId, Position
from askfirst.domain.receipt import Issue, receipt_of
from askfirst.ports.receipts import PublicKey
from askfirst.usecases.manage_profile import show_profile
from askfirst.usecases.services import Services
from askfirst.usecases.stop_in_chat import page_to_stop


async def issue_receipt(
    services: Services,
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
    return await services.receipts.sign(business_id, receipt, now)


async def public_keys(services: Services, business_id: BusinessId) -> tuple[PublicKey, ...]:
    """Give the keys that receipts of a business are checked with, old ones included."""
    return await services.receipts.keys(business_id)


def verify_receipt(services: Services, text: str, keys: Sequence[PublicKey]) -> Mapping[str, Any]:
    """Read a receipt; InvalidInput where it is not exactly what one of the keys signed."""
    return services.receipts.verify(text, keys)


async def _event_at(
    services: Services, business_id: BusinessId, position: Position
) -> Event | None:
    found = await services.ledger.events(business_id, Position(position - 1), 1)
    return found[0] if found and found[0].position == position else None


async def _is_of(services: Services, event: Event, holder: ContactId) -> bool:
    if event.contact_id == holder:
        return True
    before = Position(event.position - 1)
    history = await services.ledger.history(event.business_id, holder, before, 1)
    return bool(history) and history[0].position == event.position
