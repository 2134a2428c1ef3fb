"""Reads a delivery: what comes in, and what waited in the dead-letter queue, by one reader."""

from __future__ import annotations

from askfirst.domain.inbound.delivery import Delivery
from askfirst.graph.inbound.media import read_media
from askfirst.graph.inbound.webhook import read_placed


def read_delivery(body: bytes) -> Delivery:
    """Read a delivery's raw body; InvalidInput where it is none of Meta's shape."""
    notices, places = read_placed(body)
    return Delivery(notices, read_media(body), places)
