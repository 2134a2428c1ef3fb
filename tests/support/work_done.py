"""How much a piece of code does, counted instead of timed: it is the same on every machine.

Counted are the calls of functions, Python's and C's, by name: what the loop of events does to wait,
too. Of a timer, how long it is set for is part of the name.
"""

from __future__ import annotations

import sys
from asyncio import BaseEventLoop
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Self

_TIMER = BaseEventLoop.call_later.__qualname__


@dataclass(slots=True)
class WorkDone:
    """Counts in this thread until `done`, or while the block runs."""

    calls: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        self.done()

    def done(self) -> None:
        """Count no more."""
        sys.setprofile(None)
        for own in (WorkDone.done, WorkDone.__exit__):
            self.calls.pop(own.__qualname__, None)
        self.calls.pop("C setprofile", None)

    def _note(self, frame: FrameType, event: str, given: Any) -> None:
        if event == "call":
            name = frame.f_code.co_qualname
            if name == _TIMER:
                name += f" {frame.f_locals['delay']}"
            self.calls[name] += 1
        elif event == "c_call":
            self.calls[f"C {getattr(given, '__qualname__', given)}"] += 1


def usual(works: Iterable[WorkDone]) -> Counter[str]:
    """Return what is mostly done: a cache that is filled, or garbage that is collected, is not."""
    found = [work.calls for work in works]
    names = set[str]().union(*found)
    return Counter(
        {name: Counter(one[name] for one in found).most_common(1)[0][0] for name in names}
    )
