"""What one delivery of Meta's tells."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.inbound.named_media import NamedMedia


class Delivery(NamedTuple):
    """Notices, in Meta's order, and the files that the delivery names."""

    notices: tuple[InboundEvent, ...]
    media: tuple[NamedMedia, ...] = ()
