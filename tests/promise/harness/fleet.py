"""The servers of a run: started, killed and started again on the same sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from tests.promise.harness.houses import House
from tests.promise.harness.processes import ServerProcess, listen, port_of, wait_until_ready
from tests.promise.harness.server import JOURNAL, PLANT, SKEW


class Fleet:
    """As many servers as the house allows. The sockets stay open while a server is dead.

    `skew_seconds`: how far the clock of the first one is ahead.
    """

    def __init__(
        self, home: House, upstream_port: int, plant: str = "", *, skew_seconds: int = 0
    ) -> None:
        self._home = home
        self._skew_seconds = skew_seconds
        self._environment = home.environment(upstream_port) | {PLANT: plant}
        self._listeners = [listen() for _ in range(home.server_count)]
        self._children: dict[int, ServerProcess] = {}

    def __enter__(self) -> Self:
        try:
            self.start(range(len(self._listeners)))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for child in self._children.values():
            child.end()
        for listener in self._listeners:
            listener.close()

    @property
    def ports(self) -> list[int]:
        return [port_of(listener) for listener in self._listeners]

    def start(self, numbers: Iterable[int]) -> None:
        """Start these, and return when all servers say that they are ready."""
        for number in numbers:
            self._children[number] = self._server(number, self._listeners[number])
        for number, child in self._children.items():
            wait_until_ready(child, port_of(self._listeners[number]))

    def kill(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._children.pop(number).kill()

    def _server(self, number: int, listener: socket.socket) -> ServerProcess:
        journal = self._home.journals / f"server-{number}.jsonl"
        own = {JOURNAL: str(journal), SKEW: "" if number else str(self._skew_seconds)}
        log = self._home.folder / f"server-{number}.log"
        return ServerProcess(self._environment | own, listener, log)
