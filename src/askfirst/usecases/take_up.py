"""Take up what waits for any process, some of it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Waiting = TypeVar("Waiting")
Result = TypeVar("Result")


async def take_up_each(
    waiting: Sequence[Waiting], take_up: Callable[[Waiting], Awaitable[Result]], at_once: int
) -> list[Result]:
    """Take up each, so many at once. Trouble with one holds up no other; it is raised then."""
    turns = asyncio.Semaphore(at_once)

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
