"""What happened to requests for codes and still has to be told, and whom it is told to.

There is no list of it: it is what stands in a request's history behind the lines that were told.
So whatever is durable will be told, by whatever process. Trouble with the database raises
Unavailable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from askfirst.domain.codes.code import Code
from askfirst.domain.codes.code_event import CodeEvent
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.timestamp import Instant


class Untold(NamedTuple):
    """A request with something to tell, from `tell_at` on."""

    business_id: BusinessId
    code_id: CodeId
    tell_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A request that was taken up until a moment, with what happened to it so far.

    `told` lines of its history were told before.
    """

    code: Code
    told: int
    until: Instant


class Happenings(Protocol):
    """What still has to be told. Writes are durable when they return."""

    async def untold(self, now: Instant, limit: int) -> tuple[Untold, ...]:
        """List the requests, of all businesses, that have something to tell now."""
        ...

    async def take_up(self, untold: Untold, until: Instant) -> Telling | None:
        """Take up a request; None where somebody else did.

        If nothing comes of it, it is to be taken up again from `until` on.
        """
        ...

    async def told(self, telling: Telling, until: Instant) -> Telling | None:
        """Note that the next line was told; gives what is left to tell, taken up until then.

        None where nothing is left, or somebody else has taken it up by now.
        """
        ...

    async def postpone(self, telling: Telling, until: Instant) -> None:
        """Let go of a request; it is to be taken up again from `until` on."""
        ...


class NotTaken(Exception):
    """It is not known to have been taken, so it has to be told again."""


class Receiver(Protocol):
    """Whom events are told to. `is_configured` says whether there is anybody."""

    @property
    def is_configured(self) -> bool:
        """Whether this askfirst tells anybody at all."""
        ...

    async def tell(self, event: CodeEvent) -> None:
        """Tell an event. The same `event_id` again is the same event.

        Raises:
            NotTaken: it may or may not have arrived.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
