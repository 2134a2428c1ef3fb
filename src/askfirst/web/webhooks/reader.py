"""Reads a delivery: what comes in, and what waited in the dead-letter queue, by one reader."""

from __future__ import annotations

from askfirst.domain.notice import Notice
from askfirst.graph.inbound import read_webhook


def read_notices(body: bytes) -> tuple[Notice, ...]:
    """Turn a delivery's raw body into notices; InvalidInput where it is none of Meta's shape."""
    return read_webhook(body)
