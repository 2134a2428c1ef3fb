"""Somebody new each time, with a number of their own; numbers are spread over blocks."""

from __future__ import annotations

from collections.abc import Iterator

_BLOCKS = 10_000


def new_people() -> Iterator[str]:
    """Yield numbers in E.164 that were not yielded before, 100 million of them."""
    for number in range(_BLOCKS * _BLOCKS):
        yield f"+4477{number % _BLOCKS:04d}{number // _BLOCKS:04d}"
