"""How long a caller waits for the gate's word: what cannot be decided by then is a no.

A client that waits for longer than two seconds gives up, and does not know whether its message
left. So whatever hangs (a database, Meta, a disk), the answer comes before that, and says that
nothing left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from functools import partial
from types import TracebackType, coroutine
from typing import Any, Final, Self, TypeVar

from askfirst.domain.values.errors import Unavailable

ANSWER_SECONDS: Final = 1.5
"""In all, without the time in which the caller sends its body and Meta answers."""


Result = TypeVar("Result")


class Patience:
    """A block that ends in time; entered again, it has what is left. Unavailable where it is over.

    What the block waits for is cancelled. `lift` ends the limit: from then on the message is out,
    and there is nothing that could be taken back.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.left = ANSWER_SECONDS if seconds is None else seconds
        self._began = 0.0
        self._limit: asyncio.Timeout

    async def __aenter__(self) -> Self:
        self._began = asyncio.get_running_loop().time()
        self._limit = asyncio.timeout(max(self.left, 0))
        await self._limit.__aenter__()
        return self

    async def give(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do work in the block. What waits for nothing cannot hang: it is done without a timer.

        Raises:
            Unavailable: it was not done in time.
        """
        try:
            awaited = work.send(None)
        except StopIteration as done:
            result: Result = done.value
            return result
        async with self:
            return await _go_on(work, awaited)

    def lift(self) -> None:
        """Take the limit away, now, without a wait in between."""
        self._limit.reschedule(None)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.left -= asyncio.get_running_loop().time() - self._began
        try:
            await self._limit.__aexit__(kind, error, trace)
        except TimeoutError as late:
            raise Unavailable("nothing could be decided in time") from late


@coroutine
def _go_on(work: Coroutine[Any, Any, Result], awaited: Any) -> Generator[Any, Any, Result]:
    """Go on with work that waits for something: hand on what it waits for, and what comes of it."""
    while True:
        try:
            step = partial(work.send, (yield awaited))
        except BaseException as error:  # noqa: BLE001 - the work is told, whatever it is
            step = partial(work.throw, error)
        try:
            awaited = step()
        except StopIteration as done:
            result: Result = done.value
            return result
