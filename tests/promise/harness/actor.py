"""What the client processes share: their part as JSON on the command line, and a clean end."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypedDict

import uvloop

from tests.promise.harness.journal import Journal


class Part(TypedDict):
    """What an actor is told: where the servers are, whom it plays, where it writes."""

    name: str
    ports: list[int]
    key: str
    contacts: list[str]
    crowd: int
    seed: int
    folder: str


Ended = Callable[[], bool]
Play = Callable[[Part, Journal, Ended], Awaitable[None]]


def act(play: Play) -> None:
    """Play until SIGTERM; a request that has begun is finished and noted."""
    part: Part = json.loads(sys.argv[1])
    uvloop.run(_act(play, part))


async def _act(play: Play, part: Part) -> None:
    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    with Journal(Path(part["folder"]) / f"{part['name']}.jsonl") as journal:
        await play(part, journal, end.is_set)
