"""What one delivery of Meta's tells, and where in it that stands."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.inbound.named_media import NamedMedia
from askfirst.domain.value import Value
from askfirst.domain.values.ids import PhoneNumberId, WabaId


class Place(NamedTuple):
    """What a change in a delivery names: its account, its sender and the field that Meta gave it.

    None, or no field, where Meta named none.
    """

    waba_id: WabaId | None
    phone_number_id: PhoneNumberId | None
    field: str

    @property
    def lane(self) -> str:
        """What is told about one sender keeps its order; about no sender, that of its account."""
        return self.phone_number_id or self.waba_id or ""


class Delivery(Value, frozen=True):
    """Notices, in Meta's order, the files that the delivery names, and each place in it, once."""

    notices: tuple[InboundEvent, ...]
    media: tuple[NamedMedia, ...] = ()
    places: tuple[Place, ...] = ()


class Envelope(Value, frozen=True):
    """What a delivery is forwarded by: its places, and the signatures that came with its bytes.

    `signatures` are values of Meta's headers, with a blank between two; empty where they were not
    kept.
    """

    places: tuple[Place, ...] = ()
    signatures: str = ""


NO_ENVELOPE = Envelope()
"""It is acted on, and not forwarded."""


class ForwardFate(StrEnum):
    """What became of forwarding a webhook. `set_aside`: refused, while the next was taken."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    SET_ASIDE = "set_aside"
