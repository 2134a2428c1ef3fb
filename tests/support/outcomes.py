"""Outcomes of sends are written down after the answer was passed on: tests that look, wait here."""

from __future__ import annotations

from itertools import count

from tests.support.builders import outcome
from tests.support.services import World

_NUMBERS = count(1)


async def settled(world: World) -> None:
    """Wait until what was said of outcomes is written down: it goes in its order."""
    await world.services.decisions.conclude(outcome(next(_NUMBERS)))
