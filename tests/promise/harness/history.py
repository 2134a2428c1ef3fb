"""The judge of the race: a pure function over what the processes wrote down.

A message is a stale allow if it left after a stop for its contact was acknowledged and no yes
can have come in between. A yes can have if it was requested before the message left, and was
not yet answered when the stop was requested: what overlaps in time may have happened in
either order, and only what cannot be explained is held against the house.

A decision is raced if it could have been a stale allow: a yes was in force when the stop was
requested, and the send was under way when the stop was acknowledged or began shortly after. What
was denied to people who had long stopped, or was over before the acknowledgement, proves nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import accumulate

from askfirst.domain.consent.stop_confirmation import CONFIRMATION_NAME
from tests.promise.harness.journal import Record

RACED_NS = 5_000_000
"""A send that begins this soon after an acknowledgement still races it."""
LATE_NS = 1_000_000_000
"""How long after a refusal a database that lost its client may still have committed."""
NEVER = 1 << 62
_GOOD = range(200, 400)
"""A page answers with a redirection."""
_ALLOWED, _DENIED = 200, 400


@dataclass(frozen=True, slots=True)
class Span:
    """An answered request: the moment before its first byte went, and when the answer came."""

    asked: int
    answered: int


@dataclass(slots=True)
class History:
    """All that was written down, by contact. `yeses` may have been said, `agreed` surely were."""

    yeses: dict[str, list[Span]] = field(default_factory=dict)
    agreed: dict[str, list[Span]] = field(default_factory=dict)
    stops: dict[str, list[Span]] = field(default_factory=dict)
    decisions: dict[str, list[Span]] = field(default_factory=dict)
    departures: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    arrived: Counter[str] = field(default_factory=Counter)
    admitted: dict[str, str] = field(default_factory=dict)
    confirmations: dict[str, list[int]] = field(default_factory=dict)
    denied: int = 0
    failed: int = 0

    def take(self, records: Iterable[Record]) -> None:
        """Add what some process wrote."""
        for record in records:
            self._take(record)

    def _take(self, record: Record) -> None:
        match record["what"]:
            case "yes":
                self.yeses.setdefault(record["contact"], []).append(_yes(record))
                if record["status"] in _GOOD:
                    self.agreed.setdefault(record["contact"], []).append(_span(record))
                else:
                    self.failed += 1
            case "stop":
                if record["status"] in _GOOD:
                    self.stops.setdefault(record["contact"], []).append(_span(record))
                else:
                    self.failed += 1
            case "decision":
                self._take_decision(record)
            case "left" if record["key"] == CONFIRMATION_NAME:
                self.confirmations.setdefault(record["contact"], []).append(record["at"])
            case "arrived" if record["key"] == CONFIRMATION_NAME:
                pass  # its key is that of all confirmations
            case "left":
                left = (record["at"], record["key"])
                self.departures.setdefault(record["contact"], []).append(left)
                self.left[record["key"]] += 1
            case "arrived":
                self.arrived[record["key"]] += 1

    def _take_decision(self, record: Record) -> None:
        if record["status"] == _ALLOWED:
            self.admitted[record["key"]] = record["decision"]
        elif record["status"] == _DENIED:
            self.denied += 1
        else:
            self.failed += 1
            return
        self.decisions.setdefault(record["contact"], []).append(_span(record))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a history amounts to. `stale` are the messages that should not have left, and when.

    `strays` are messages that arrived but did not leave through the one door that stamps them,
    or twice, or that were answered as sent and never arrived; and second confirmations of a stop.
    """

    decisions: int
    allowed: int
    denied: int
    stops: int
    raced: int
    failed: int
    stale: tuple[tuple[int, str], ...]
    strays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """Messages answered as sent, by what the database lacks of them: the decision, or the outcome.

    The decision is written down before a message leaves, so it has to be there. What became of it
    is written down afterwards, with decisions on others: where that transaction fails, these are
    answered with "not now", and the outcome is not known.
    """

    unwritten: frozenset[str] = frozenset()
    unconcluded: frozenset[str] = frozenset()


def compare(
    admitted: Mapping[str, str], allowed: AbstractSet[str], left: AbstractSet[str]
) -> Books:
    """Compare what was answered with the decisions that allow, and those whose message left."""
    unwritten = {key for key, decision in admitted.items() if decision not in allowed}
    without = {key for key, decision in admitted.items() if decision not in left}
    return Books(frozenset(unwritten), frozenset(without - unwritten))


def judge(history: History) -> Judgement:
    """Count, and look for messages that left when they must not."""
    stale: list[tuple[int, str]] = []
    raced = 0
    for contact, departures in history.departures.items():
        yeses, stops = history.yeses.get(contact, []), history.stops.get(contact, [])
        stale += _stale(yeses, stops, departures)
    for contact, decisions in history.decisions.items():
        yeses, stops = history.agreed.get(contact, []), history.stops.get(contact, [])
        raced += _raced(_ending(yeses, stops), decisions)
    return Judgement(
        decisions=sum(map(len, history.decisions.values())),
        allowed=len(history.admitted),
        denied=history.denied,
        stops=sum(map(len, history.stops.values())),
        raced=raced,
        failed=history.failed,
        stale=tuple(stale),
        strays=_strays(history),
    )


def _stale(
    yeses: Sequence[Span], stops: Sequence[Span], departures: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """Some stop was acknowledged before, and every yes requested so far was over before it."""
    by_request = sorted(yeses, key=lambda span: span.asked)
    requested = [span.asked for span in by_request]
    last_yes = list(accumulate((span.answered for span in by_request), max, initial=0))
    by_answer = sorted(stops, key=lambda span: span.answered)
    acknowledged = [span.answered for span in by_answer]
    last_stop = list(accumulate((span.asked for span in by_answer), max, initial=0))
    return [
        (at, key)
        for at, key in departures
        if last_yes[bisect_right(requested, at)] < last_stop[bisect_right(acknowledged, at - 1)]
    ]


def _ending(yeses: Sequence[Span], stops: Sequence[Span]) -> list[Span]:
    """Return the stops that ended something: a yes was acknowledged since all stops before."""
    by_answer = sorted(yeses, key=lambda span: span.answered)
    answered = [span.answered for span in by_answer]
    last_yes = list(accumulate((span.asked for span in by_answer), max, initial=-NEVER))
    ending: list[Span] = []
    over = 1 - NEVER
    for stop in sorted(stops, key=lambda span: span.asked):
        if last_yes[bisect_right(answered, stop.asked)] >= over:
            ending.append(stop)
        over = max(over, stop.answered)
    return ending


def _twice(yeses: Sequence[Span], confirmations: Sequence[int]) -> int:
    """Count the confirmations of a stop that needs a yes before it, and has none.

    Who said yes some times since the confirmation before may have said stop as often. The yes
    before the first one may be older than the history.
    """
    found, before, due = 0, 0, 0
    for place, at in enumerate(sorted(confirmations)):
        due += sum(yes.answered >= before and yes.asked <= at for yes in yeses)
        found += place > 0 and not due
        before, due = at, max(0, due - 1)
    return found


def _raced(stops: Sequence[Span], decisions: Sequence[Span]) -> int:
    """Count the decisions that a stop's acknowledgement fell into, or that closely followed it."""
    acknowledged = sorted(stop.answered for stop in stops)
    return sum(
        bisect_left(acknowledged, decision.answered)
        > bisect_left(acknowledged, decision.asked - RACED_NS)
        for decision in decisions
    )


def _strays(history: History) -> tuple[str, ...]:
    unseen = history.arrived - history.left
    doubled = [key for key, count in history.arrived.items() if count > 1]
    missing = [key for key in history.admitted if key not in history.arrived]
    twice = sum(
        _twice(history.yeses.get(contact, []), times)
        for contact, times in history.confirmations.items()
    )
    return (*unseen, *doubled, *missing, *([CONFIRMATION_NAME] * twice))


def _yes(record: Record) -> Span:
    """One that failed may have been written all the same, but not long after its answer."""
    if not record["status"]:
        return Span(record["asked"], NEVER)
    late = 0 if record["status"] in _GOOD else LATE_NS
    return Span(record["asked"], record["answered"] + late)


def _span(record: Record) -> Span:
    return Span(record["asked"], record["answered"])
