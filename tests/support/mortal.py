"""Processes that die at any of their calls, without dying."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


class Power(Exception):
    """The process ends here."""


class Mortal:
    """A port whose caller dies at one of its calls: before it has an effect, or right after.

    `fuse`: its one number is how many such moments are left. `spared`: methods that are no calls.
    """

    def __init__(self, port: Any, fuse: list[int], spared: Collection[str]) -> None:
        self._port, self._fuse, self._spared = port, fuse, spared

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name in self._spared:
            return method

        async def call(*given: Any, **named: Any) -> Any:
            self._burn()
            result = await method(*given, **named)
            self._burn()
            return result

        return call

    def _burn(self) -> None:
        self._fuse[0] -= 1
        if self._fuse[0] == 0:
            raise Power
