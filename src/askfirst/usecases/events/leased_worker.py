"""Take up what waits for any process, some of it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

LOOKED_AT = 100
"""How many of those that wait are looked at in one round."""
AT_ONCE = 8
"""Whoever answers slowly holds up seven others at most, and is not overrun itself."""

Waiting = TypeVar("Waiting")
Result = TypeVar("Result")


async def take_up_each(
    waiting: Sequence[Waiting], take_up: Callable[[Waiting], Awaitable[Result]]
) -> list[Result]:
    """Take up each, `AT_ONCE` at a time. Trouble with one holds up no other; it is raised then."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(one: Waiting) -> Result:
        async with turns:
            return await take_up(one)

    outcomes = await asyncio.gather(*map(in_turn, waiting), return_exceptions=True)
    results: list[Result] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome  # the others have been seen to
        results.append(outcome)
    return results
