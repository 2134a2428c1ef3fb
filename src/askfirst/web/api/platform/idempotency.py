"""The header Idempotency-Key: one answer for one key, for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Header

from askfirst.domain.values.errors import InvalidInput

REPLAYED = "Idempotency-Replayed"
_KEY_MAX = 255


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="1 to 255 visible ASCII characters. The same key and body give the same answer "
        "for ever; the same key with another body is a conflict.",
    ),
]


def read_idempotency_key(values: Sequence[str]) -> str | None:
    """Read the `Idempotency-Key` header: at most one, of 1 to 255 visible ASCII characters."""
    if not values:
        return None
    key = values[0]
    visible = all("!" <= character <= "~" for character in key)
    if len(values) > 1 or not visible or not 1 <= len(key) <= _KEY_MAX:
        message = f"must be given once, as 1 to {_KEY_MAX} visible ASCII characters"
        raise InvalidInput("Idempotency-Key", message)
    return key
