"""Where people live by the word of the business: it wins over what their number tells."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.ids import BusinessId, ContactId


class TimeZones(Protocol):
    """Writes are durable when they return. Trouble with the database raises Unavailable."""

    async def of(self, business_id: BusinessId, contact_id: ContactId) -> tuple[str, ...]:
        """Return the zones of a contact: none, one, or those of both sides of a merge."""
        ...

    async def put(self, business_id: BusinessId, contact_id: ContactId, zone: str) -> bool:
        """Name the zone of a contact, or none, with an empty one; False: there is no such."""
        ...


class HasTimeZones(Protocol):
    """Whatever brings the zones of people along."""

    @property
    def time_zones(self) -> TimeZones:
        """Where people live by the word of the business."""
        ...
