"""Rule 7 for Meta's own limits: who goes over one is punished, so we wait before it is reached.

Source: Meta, "Messaging limits" (131048 and the portfolio's limit, 131056) and "Throughput"
(130429).
"""

from __future__ import annotations

from askfirst.decision.decision import COUNTED
from askfirst.decision.policy import WINDOW
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Fact, Rule, Wait
from askfirst.decision.traffic import Pace, PaceState
from askfirst.domain.values.purpose import SERVICE, Category
from askfirst.domain.values.timestamp import SECOND, to_rfc3339


def is_outside(case: Case) -> bool:
    """Return whether the message starts a chat: the contact has no open 24-hour window."""
    opened = case.facts.window_opened_at
    return case.purpose is not SERVICE and (opened is None or case.now - opened >= WINDOW)


def _people(case: Case) -> Answer:
    traffic = case.traffic
    people = traffic.people
    if people.limit is None or not is_outside(case):
        return PASS
    if people.counted(case.now) < people.limit or traffic.last_outside(case.now) is not None:
        return PASS
    return Wait(people.next_at(case.now), Reason.MESSAGING_LIMIT)


def _pair(case: Case) -> Answer:
    state = case.traffic.pair
    if case.now >= state.free_at:
        return PASS
    return _paced(case, case.policy.pace.pair, state, Reason.PAIR_RATE)


def _sender(case: Case) -> Answer:
    """Codes are counted, and do not wait: somebody does, in front of a page."""
    state = case.traffic.sender
    if case.now >= state.free_at or case.purpose.category is Category.AUTHENTICATION:
        return PASS
    return _paced(case, case.policy.pace.sender, state, Reason.THROUGHPUT)


def _paced(case: Case, pace: Pace | None, state: PaceState, reason: Reason) -> Answer:
    if pace is None or case.request.kind is MessageKind.STOP_CONFIRMATION:
        return PASS
    until = pace.next_at(state, case.now)
    return PASS if until is None else Wait(until, reason)


def _counted(case: Case) -> tuple[Fact, ...]:
    people = case.traffic.people
    limit = "no limit known" if people.limit is None else f"{people.limit} at most"
    used = f"{people.counted(case.now)}, {limit}"
    return (
        Fact("starts a chat", "yes" if is_outside(case) else "no: a reply, or in their window"),
        Fact("people in 24 hours", used),
    )


def _pair_pace(case: Case) -> tuple[Fact, ...]:
    return _shown(case.policy.pace.pair, case.traffic.pair, case)


def _sender_pace(case: Case) -> tuple[Fact, ...]:
    return _shown(case.policy.pace.sender, case.traffic.sender, case)


def _shown(pace: Pace | None, state: PaceState, case: Case) -> tuple[Fact, ...]:
    if pace is None:
        return (Fact("pace", "none set by the policy"),)
    is_free = case.now >= state.free_at
    return (
        Fact("pace", f"one each {pace.interval / SECOND:g} s, {pace.burst} in a burst"),
        Fact("paid for", "all that was sent" if is_free else f"at {to_rfc3339(state.free_at)}"),
    )


MESSAGING_LIMIT = Rule(
    number=COUNTED,
    name="messaging limit",
    says="Outside 24-hour windows the business writes to no more people in any 24 hours than "
    "Meta's limit for its portfolio, where that is known.",
    judge=_people,
    looks_at=_counted,
    is_of_traffic=True,
)

PAIR_RATE = Rule(
    number=COUNTED,
    name="pair rate",
    says="A sender writes to one person once in six seconds; up to 45 messages may follow each "
    "other at once, and are waited for afterwards.",
    judge=_pair,
    looks_at=_pair_pace,
    is_of_traffic=True,
)

THROUGHPUT = Rule(
    number=COUNTED,
    name="throughput",
    says="A sender sends no more messages a second than Meta takes from it; codes go first.",
    judge=_sender,
    looks_at=_sender_pace,
    is_of_traffic=True,
)
