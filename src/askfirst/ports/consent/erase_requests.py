"""Who asked for their data to be erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseRequest:
    """A person asked for their data to be erased: when, and where."""

    business_id: BusinessId
    contact_id: ContactId
    requested_at: Instant
    surface: Surface


class EraseRequests(Protocol):
    """The requests that wait."""

    async def requests(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[EraseRequest, ...]:
        """List who asked and was not erased yet, in the order of their ids, from after one."""
        ...


class HasEraseRequests(Protocol):
    """Whatever brings the requests to be erased along."""

    @property
    def erasures(self) -> EraseRequests:
        """Who asked for their data to be erased."""
        ...
