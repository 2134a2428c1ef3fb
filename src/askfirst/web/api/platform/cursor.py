"""Where a page ends, as a text that means nothing to the caller."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position

_Row = TypeVar("_Row")
_FORMAT = b"1:"
_RIGHT = "must be the next_cursor of an earlier page"
_POSITION_DIGITS_MAX = 18
POSITION_MAX = 10**_POSITION_DIGITS_MAX - 1
"""Positions are 64-bit integers in the database."""


def write_cursor(place: str) -> str:
    """Wrap the place after which the next page starts."""
    return base64.urlsafe_b64encode(_FORMAT + place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """Unwrap a place; anything that was not wrapped here raises InvalidInput."""
    if not cursor:
        return ""
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        if not raw.startswith(_FORMAT):
            raise InvalidInput("after", _RIGHT)
        place = raw.removeprefix(_FORMAT).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("after", _RIGHT) from error
    if "\0" in place:
        raise InvalidInput("after", _RIGHT)
    return place


def read_position(cursor: str) -> Position:
    """Unwrap a ledger position; no cursor is the start of the ledger."""
    place = read_cursor(cursor) or "0"
    if not (place.isascii() and place.isdigit() and len(place) <= _POSITION_DIGITS_MAX):
        raise InvalidInput("after", _RIGHT)
    return Position(int(place))


def cut(rows: Sequence[_Row], limit: int) -> tuple[Sequence[_Row], bool]:
    """Cut a page off rows of which one more was read, and tell whether there is a next one."""
    return rows[:limit], len(rows) > limit
