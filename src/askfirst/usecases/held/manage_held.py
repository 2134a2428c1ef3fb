"""Look through held messages, and take one back."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import BusinessId, HeldId
from askfirst.ports.held.held_messages import HasHeldMessages, HeldEnd
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry


class CancelHeldNeeds(HasClock, HasHeldMessages, HasTelemetry, Protocol):
    """What cancelling one needs from the world."""


async def find_held(
    services: HasHeldMessages, business_id: BusinessId, held_id: HeldId
) -> HeldMessage | None:
    """Find one by its id; None where there is none of the business's."""
    return await services.held_messages.find(business_id, held_id)


async def list_held(
    services: HasHeldMessages, business_id: BusinessId, after: str, limit: int, *, is_open: bool
) -> tuple[HeldMessage, ...]:
    """Return a page of those that wait, or of those that ended, in the order of their ids."""
    return await services.held_messages.list(business_id, after, limit, is_open=is_open)


async def cancel_held(
    services: CancelHeldNeeds, business_id: BusinessId, held_id: HeldId
) -> HeldMessage | None:
    """Take a message back that is held; None where there is none of this id.

    Cancelled before, it is cancelled.

    Raises:
        Conflict: it has ended otherwise, or is on its way out.
    """
    message = await services.held_messages.find(business_id, held_id)
    if message is None:
        return None
    end = HeldEnd(state=HeldState.CANCELLED, at=services.clock.now())
    if message.state is HeldState.HELD and await services.held_messages.end(message, end):
        services.telemetry.held(business_id, HeldState.CANCELLED)
    found = await services.held_messages.find(business_id, held_id)
    if found is not None and found.state is not HeldState.CANCELLED:
        raise Conflict(f"it cannot be taken back any more: its state is {found.state.value}")
    return found
