"""How long a caller waits for the gate's word: what cannot be decided by then is a no.

A client that waits for longer than two seconds gives up, and does not know whether its message
left. So whatever hangs (a database, Meta, a disk), the answer comes before that, and says that
nothing left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, Final, TypeVar

from askfirst.domain.values.errors import Unavailable

ANSWER_SECONDS: Final = 1.5
"""In all, without the time in which the caller sends its body and Meta answers."""


Result = TypeVar("Result")


class Patience:
    """Work that ends in time; what is given next has what is left. Unavailable where it is over.

    What the work waits for is cancelled. `lift` ends the limit: from then on the message is out,
    and there is nothing that could be taken back.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.left = ANSWER_SECONDS if seconds is None else seconds
        self._timer: asyncio.TimerHandle | None = None
        self._is_lifted = False
        self._is_over = False

    async def give(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do work. What waits for nothing cannot hang: it is done without a timer.

        Raises:
            Unavailable: it was not done in time.
        """
        clock = asyncio.get_running_loop().time
        began, self._timer, self._is_lifted = clock(), None, False
        try:
            awaited = work.send(None)
            self.left -= clock() - began
            began = clock()
            return await self._in_time(work, awaited)
        except StopIteration as done:
            result: Result = done.value
            return result
        finally:
            self.left -= clock() - began

    async def _in_time(self, work: Coroutine[Any, Any, Result], awaited: Any) -> Result:
        """Do what `asyncio.timeout` does, without what only its other users need."""
        if self._is_lifted:
            return await _go_on(work, awaited)
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        asked_before = task.cancelling() if task is not None else 0
        self._is_over = False
        self._timer = loop.call_later(max(self.left, 0), self._end, task)
        try:
            return await _go_on(work, awaited)
        except asyncio.CancelledError as late:
            if self._is_over and task is not None and task.cancelling() <= asked_before + 1:
                raise Unavailable("nothing could be decided in time") from late
            raise
        finally:
            self._timer.cancel()
            if self._is_over and task is not None:
                task.uncancel()

    def _end(self, task: asyncio.Task[Any] | None) -> None:
        self._is_over = True
        if task is not None:
            task.cancel()

    def lift(self) -> None:
        """Take the limit away, now, without a wait in between."""
        self._is_lifted = True
        if self._timer is not None:
            self._timer.cancel()


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
