"""Who may stay connected, and who has to make room.

What is over a limit is not the newcomer's fault: whoever has waited longest without a whole
request makes room for it. So a STOP gets in while strangers hold everything that can be held:
it arrives whole, and waits for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from askfirst.bootstrap.connections.limits import ConnectionLimits, Limit

SWEEP_SECONDS: Final = 1.0
"""How often deadlines are looked at: one timer for all connections, not one for each request."""
_YOUNG_SECONDS: Final = 1.0


class Waiting(Protocol):
    """A connection as the limiter sees it."""

    address: str
    """Whom it counts for; empty where one address stands for many (a proxy, this machine)."""
    since: float
    """When it began to wait."""
    held: int
    """The bytes of its incomplete head or body."""
    owner: str
    """Whom those bytes count for: behind a proxy, the customer that it names."""
    is_awaited: bool
    """Whether a head or a body of it is being waited for; the limiter sets it."""

    def refuse(self, limit: Limit) -> None:
        """Answer with the limit's status and close."""
        ...

    def close_idle(self) -> None:
        """Close between two requests, without a word."""
        ...

    def is_resting(self) -> bool:
        """Return whether it waits for its next request, and nothing is being answered."""
        ...

    def is_known(self) -> bool:
        """Return whether the caller of the request has been authenticated since it began."""
        ...

    def body_is_too_slow(self, limits: ConnectionLimits) -> bool:
        """Tell, once a sweep, whether the body comes slower than it must."""
        ...

    def answer_is_stuck(self, limits: ConnectionLimits) -> bool:
        """Tell, once a sweep, whether the peer has not read its answer for too long."""
        ...


class ConnectionLimiter:
    """Counts connections and the memory of what is not complete yet. No input or output.

    `tell` hears of every connection that was refused or cut off.
    """

    def __init__(
        self, limits: ConnectionLimits, now: Callable[[], float], tell: Callable[[Limit], None]
    ) -> None:
        self.limits = limits
        self.now = now
        self._tell = tell
        self._all: dict[Waiting, str] = {}
        self._by_address: Counter[str] = Counter()
        # Oldest first: a connection that goes from one to another is put at the end.
        self._heads: dict[Waiting, None] = {}
        # A request that comes whole costs nothing here: who is being answered may be in it, too.
        self._idle: dict[Waiting, None] = {}
        self._bodies: dict[Waiting, None] = {}
        self._held = 0
        self._held_by_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._all)

    @property
    def held(self) -> int:
        """The bytes of heads and bodies that are not complete."""
        return self._held

    def opened(self, connection: Waiting) -> bool:
        """Take a connection in; False where there is no room for it, and it is refused."""
        address, limits = connection.address, self.limits
        if address and self._by_address[address] >= limits.connections_per_address:
            limit, those = Limit.CONNECTIONS_PER_ADDRESS, address
        elif len(self._all) >= limits.connections:
            limit, those = Limit.CONNECTIONS, ""
        else:
            limit, those = None, ""
        if limit is not None and not self._make_room(limit, those):
            self.refuse(connection, limit)
            return False
        self._all[connection] = address
        if address:
            self._by_address[address] += 1
        self.awaits_head(connection)
        return True

    def closed(self, connection: Waiting) -> None:
        """Forget a connection."""
        address = self._all.pop(connection, None)
        if address is None:
            return
        self.begins(connection)
        if address:
            self._less(self._by_address, address, 1)

    def awaits_head(self, connection: Waiting) -> None:
        """Start the deadline of a head: with the connection, or with its first byte."""
        self._idle.pop(connection, None)
        if connection not in self._heads:
            connection.since = self.now()
            connection.is_awaited = True
            self._heads[connection] = None

    def awaits_body(self, connection: Waiting) -> None:
        """Start to watch a body that did not come together with its head."""
        if connection not in self._bodies:
            self.begins(connection)
            connection.since = self.now()
            connection.is_awaited = True
            self._bodies[connection] = None

    def begins(self, connection: Waiting) -> None:
        """Stop watching: what was awaited is complete."""
        connection.is_awaited = False
        self._heads.pop(connection, None)
        self._idle.pop(connection, None)
        self._bodies.pop(connection, None)
        if connection.held:
            self.release(connection)

    def rests(self, connection: Waiting) -> None:
        """Note that a connection waits for its next request."""
        connection.since = self.now()
        self._idle.pop(connection, None)
        self._idle[connection] = None

    def hold(self, connection: Waiting, size: int, owner: str) -> None:
        """Count bytes of something incomplete; who has waited longest makes room for them."""
        if connection.held == 0:
            connection.owner = owner
        owner, limits = connection.owner, self.limits
        connection.held += size
        self._held += size
        if owner:
            self._held_by_address[owner] += size
            while self._held_by_address[owner] > limits.waiting_bytes_per_address:
                if not self._free_memory(Limit.MEMORY_PER_ADDRESS, owner):
                    break
        while self._held > limits.waiting_bytes:
            if not self._free_memory(Limit.MEMORY, ""):
                break

    def release(self, connection: Waiting) -> None:
        """Count a connection's bytes no more: they are complete, gone, or a known caller's."""
        size, connection.held = connection.held, 0
        self._held -= size
        if connection.owner:
            self._less(self._held_by_address, connection.owner, size)

    def refuse(self, connection: Waiting, limit: Limit) -> None:
        """Answer, close and tell."""
        self.begins(connection)
        self._tell(limit)
        connection.refuse(limit)

    def sweep(self) -> None:
        """Cut off what is over its deadline; to be called every SWEEP_SECONDS."""
        now, limits = self.now(), self.limits
        for connection in _older_than(self._heads, now - limits.head_seconds):
            self.refuse(connection, Limit.HEAD_TIME)
        for connection in _older_than(self._idle, now - limits.idle_seconds):
            if connection.is_resting():
                self._close_idle(connection)
        for connection in list(self._bodies):
            if connection.held and connection.is_known():
                self.release(connection)
            if connection.body_is_too_slow(limits):
                self.refuse(connection, Limit.BODY_RATE)
        for connection in [one for one in self._all if one.answer_is_stuck(limits)]:
            self.refuse(connection, Limit.ANSWER_TIME)

    def _make_room(self, limit: Limit, address: str) -> bool:
        """End the connection that has waited longest; half heads before those that just rest."""
        old = self.now() - _YOUNG_SECONDS
        for waiting, until in ((self._heads, old), (self._idle, None), (self._heads, None)):
            for connection in waiting:
                if until is not None and connection.since > until:
                    break
                if address and connection.address != address:
                    continue
                if waiting is self._idle:
                    if not connection.is_resting():
                        continue
                    self._close_idle(connection)
                else:
                    self.refuse(connection, limit)
                self.closed(connection)
                return True
        return self._end_a_body(limit, lambda body: address in ("", body.address))

    def _free_memory(self, limit: Limit, owner: str) -> bool:
        """End the incomplete request that has waited longest for its rest."""
        return self._end_a_body(limit, lambda body: body.held > 0 and owner in ("", body.owner))

    def _end_a_body(self, limit: Limit, is_meant: Callable[[Waiting], bool]) -> bool:
        for waiting in (self._bodies, self._heads):
            for connection in waiting:
                if is_meant(connection) and not connection.is_known():
                    self.refuse(connection, limit)
                    self.closed(connection)
                    return True
        return False

    def _close_idle(self, connection: Waiting) -> None:
        self.begins(connection)
        connection.close_idle()

    @staticmethod
    def _less(counts: Counter[str], address: str, size: int) -> None:
        counts[address] -= size
        if counts[address] <= 0:
            del counts[address]


def _older_than(waiting: Iterable[Waiting], moment: float) -> list[Waiting]:
    """Return those that have waited since before a moment; the oldest are first."""
    old = []
    for connection in waiting:
        if connection.since > moment:
            break
        old.append(connection)
    return old
