"""What a rule is: a pure function from a case to an answer, with its number and its sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import Reservation
from askfirst.decision.traffic import Traffic
from askfirst.domain.value import Value
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant


class Case(Value, frozen=True):
    """One send that is judged. `purpose` is what it is for, by what the registry knows.

    `traffic` is what was sent before: that of the facts, or as it is where the send is counted.
    """

    facts: DecisionContext
    policy: Policy
    request: SendRequest
    purpose: Purpose
    now: Instant
    traffic: Traffic


class Pass(Value, frozen=True):
    """Nothing speaks against the message here.

    `basis` is set by the rule that names what the message rests on; a message without one does not
    leave. `reservations` are what the message uses up, if it leaves.
    """

    basis: Reason | None = None
    reservations: tuple[Reservation, ...] = ()


class Deny(Value, frozen=True):
    """The message may not leave. `said`: what stands behind the reason, where that has a name."""

    reason: Reason
    said: str = ""


class Wait(Value, frozen=True):
    """The message may not leave before a moment; whoever asks again then is judged anew."""

    until: Instant
    reason: Reason
    said: str = ""


Answer: TypeAlias = Pass | Deny | Wait

PASS: Final = Pass()
"""The answer of a rule that has nothing to say."""


class Fact(NamedTuple):
    """Something that a rule looked at, in words; no name or number of a person is in it."""

    name: str
    value: str


class Rule(NamedTuple):
    """One rule. `says` is the sentence that the documentation gives.

    A rule that lifts reasons is an exception: it is asked only where a rule gives one of them, and
    what it then names as the basis stands in the place of that no. `looks_at` tells what it judges
    by, for people who ask why: one fact at least, of every message. `is_of_traffic`: it looks at
    `Case.traffic`, so it is asked once more where a send is counted.
    """

    number: int
    name: str
    says: str
    judge: Callable[[Case], Answer]
    looks_at: Callable[[Case], tuple[Fact, ...]]
    lifts: frozenset[Reason] = frozenset()
    is_of_traffic: bool = False
