"""Who stays connected, and who makes room: counted without a socket."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from askfirst.bootstrap.connections.limiter import ConnectionLimiter
from askfirst.bootstrap.connections.limits import ConnectionLimits, Limit

LIMITS = ConnectionLimits(
    connections=4,
    connections_per_address=2,
    head_seconds=10,
    idle_seconds=5,
    waiting_bytes=1_000,
    waiting_bytes_per_address=600,
)


@dataclass(eq=False)
class Connection:
    """A connection that notes what is done to it."""

    address: str = ""
    since: float = 0.0
    held: int = 0
    owner: str = ""
    is_awaited: bool = False
    resting: bool = True
    known: bool = False
    slow: bool = False
    stuck: bool = False
    refusals: list[Limit] = field(default_factory=list)
    is_closed: bool = False

    def refuse(self, limit: Limit) -> None:
        self.refusals.append(limit)

    def close_idle(self) -> None:
        self.is_closed = True

    def is_resting(self) -> bool:
        return self.resting

    def is_known(self) -> bool:
        return self.known

    def body_is_too_slow(self, _: ConnectionLimits) -> bool:
        return self.slow

    def answer_is_stuck(self, _: ConnectionLimits) -> bool:
        return self.stuck


class Hall:
    """A limiter with a clock that stands."""

    def __init__(self) -> None:
        self.time = 100.0
        self.told: list[Limit] = []
        self.limiter = ConnectionLimiter(LIMITS, lambda: self.time, self.told.append)

    def open(self, address: str = "", *, busy: bool = False) -> Connection:
        connection = Connection(address=address)
        if self.limiter.opened(connection) and busy:
            self.limiter.begins(connection)
        return connection

    def body(self, size: int, address: str = "") -> Connection:
        connection = self.open(address, busy=True)
        self.limiter.awaits_body(connection)
        self.limiter.hold(connection, size, owner=address)
        return connection


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_the_oldest_half_head_makes_room_for_one_more(hall: Hall) -> None:
    first, *others = [hall.open() for _ in range(4)]
    hall.time += 2
    newcomer = hall.open()
    assert first.refusals == [Limit.CONNECTIONS]
    assert not any(one.refusals for one in (*others, newcomer))
    assert len(hall.limiter) == 4
    assert hall.told == [Limit.CONNECTIONS]


def test_whoever_only_rests_makes_room_before_heads_that_have_just_begun(hall: Hall) -> None:
    resting = hall.open(busy=True)
    hall.limiter.rests(resting)
    young = [hall.open() for _ in range(3)]
    hall.open()
    assert resting.is_closed
    assert not any(one.refusals for one in young)
    assert hall.told == []


def test_an_incomplete_body_makes_room_and_a_known_callers_does_not(hall: Hall) -> None:
    known, body = hall.body(10), hall.body(10)
    known.known = True
    busy = [hall.open(busy=True) for _ in range(2)]
    hall.open(busy=True)
    assert body.refusals == [Limit.CONNECTIONS]
    refused = hall.open()
    assert refused.refusals == [Limit.CONNECTIONS]
    assert not any(one.refusals for one in (known, *busy))


def test_where_all_are_being_answered_the_newcomer_is_refused(hall: Hall) -> None:
    busy = [hall.open(busy=True) for _ in range(4)]
    assert hall.open().refusals == [Limit.CONNECTIONS]
    hall.limiter.closed(busy[0])
    assert hall.open().refusals == []


def test_one_address_makes_room_among_its_own(hall: Hall) -> None:
    other = hall.open("192.0.2.1")
    mine = [hall.open("192.0.2.9") for _ in range(2)]
    hall.time += 2
    assert hall.open("192.0.2.9").refusals == []
    assert mine[0].refusals == [Limit.CONNECTIONS_PER_ADDRESS]
    assert other.refusals == []
    for one in (mine[1],):
        hall.limiter.begins(one)


def test_an_address_whose_connections_are_all_busy_gets_no_more(hall: Hall) -> None:
    first, _ = [hall.open("192.0.2.9", busy=True) for _ in range(2)]
    assert hall.open("192.0.2.9").refusals == [Limit.CONNECTIONS_PER_ADDRESS]
    assert hall.open("192.0.2.1").refusals == []
    hall.limiter.closed(first)
    assert hall.open("192.0.2.9").refusals == []


def test_where_one_address_stands_for_many_it_has_no_limit_of_its_own(hall: Hall) -> None:
    assert not any(hall.open("", busy=True).refusals for _ in range(4))


def test_memory_is_freed_by_whoever_has_waited_longest(hall: Hall) -> None:
    old, young = hall.body(500), hall.body(400)
    newest = hall.body(200)
    assert old.refusals == [Limit.MEMORY]
    assert not young.refusals + newest.refusals
    assert hall.limiter.held == 600


def test_one_address_frees_its_own_memory(hall: Hall) -> None:
    other = hall.body(300, "192.0.2.1")
    mine = [hall.body(400, "192.0.2.9") for _ in range(2)]
    assert mine[0].refusals == [Limit.MEMORY_PER_ADDRESS]
    assert not other.refusals + mine[1].refusals


def test_one_body_larger_than_all_memory_goes_itself(hall: Hall) -> None:
    assert hall.body(1_001).refusals == [Limit.MEMORY]
    assert hall.limiter.held == 0


def test_what_is_complete_is_not_counted_any_more(hall: Hall) -> None:
    body = hall.body(900, "192.0.2.9")
    hall.limiter.begins(body)
    assert hall.limiter.held == 0
    assert not hall.body(500, "192.0.2.9").refusals


def test_a_body_stops_counting_when_its_caller_is_known(hall: Hall) -> None:
    body = hall.body(900)
    body.known = True
    hall.limiter.sweep()
    assert hall.limiter.held == 0
    assert not body.refusals


def test_deadlines_are_kept_by_the_sweep(hall: Hall) -> None:
    head, resting = hall.open(), hall.open(busy=True)
    hall.limiter.rests(resting)
    slow = hall.body(1)
    hall.time += 6
    hall.limiter.sweep()
    assert (head.refusals, resting.is_closed, slow.refusals) == ([], True, [])
    hall.time += 5
    slow.slow = True
    hall.limiter.sweep()
    assert (head.refusals, slow.refusals) == ([Limit.HEAD_TIME], [Limit.BODY_RATE])


def test_bytes_that_drip_do_not_move_the_deadline_of_a_head(hall: Hall) -> None:
    head = hall.open()
    for _ in range(11):
        hall.time += 1
        hall.limiter.awaits_head(head)
    hall.limiter.sweep()
    assert head.refusals == [Limit.HEAD_TIME]


def test_an_answer_that_nobody_reads_ends(hall: Hall) -> None:
    busy = hall.open(busy=True)
    busy.stuck = True
    hall.limiter.sweep()
    assert busy.refusals == [Limit.ANSWER_TIME]


def test_nothing_is_left_of_a_connection_that_is_closed(hall: Hall) -> None:
    for connection in (hall.open("192.0.2.9"), hall.body(100, "192.0.2.9")):
        hall.limiter.closed(connection)
        hall.limiter.closed(connection)
    assert (len(hall.limiter), hall.limiter.held) == (0, 0)
    assert not hall.limiter._by_address
    assert not hall.limiter._held_by_address
