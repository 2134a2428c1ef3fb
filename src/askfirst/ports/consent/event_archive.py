"""Events looked up afterwards, and what was kept to prove them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.values.ids import BusinessId, EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvidence:
    """Evidence as it was given; `is_as_recorded`: it is what the event's hash commits to."""

    content: bytes
    is_as_recorded: bool


class EventArchive(Protocol):
    """What was recorded, by its id."""

    async def find(self, business_id: BusinessId, event_id: EventId) -> Event | None:
        """Return one event."""
        ...

    async def evidence(self, event: Event) -> KeptEvidence | None:
        """Return what was kept to prove an event; None where there is none, or it was erased."""
        ...


class HasEventArchive(Protocol):
    """Whatever brings the archive along."""

    @property
    def event_archive(self) -> EventArchive:
        """Events looked up afterwards."""
        ...
