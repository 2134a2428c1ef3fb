"""Rule 7 for what Meta has answered: what it does not bring now is not sent now.

None of it is a stop, and all of it ends by itself. Whoever writes can be answered: in an open
24-hour window, and to a code that somebody asked for, nothing of it stands in the way.
"""

from __future__ import annotations

from askfirst.decision.decision import COUNTED
from askfirst.decision.reason import Reason
from askfirst.decision.rules.limits.meta_limits import is_outside
from askfirst.decision.rules.rule import PASS, Answer, Case, Fact, Rule, Wait
from askfirst.domain.sending.reachability import NO_OBSTACLES, unreachable_until
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant, to_minute

_BROUGHT = frozenset({Category.MARKETING, Category.UTILITY})


def _unreachable(case: Case) -> Answer:
    known = case.facts.obstacles
    if not known.failed_days or case.purpose.category not in _BROUGHT or not is_outside(case):
        return PASS
    return _until(case, unreachable_until(known.failed_days), Reason.UNREACHABLE)


def _deferred(case: Case) -> Answer:
    known = case.facts.obstacles
    if known is NO_OBSTACLES or case.purpose.category is not Category.MARKETING:
        return PASS
    if not is_outside(case):
        return PASS
    deferred, held_out = known.deferred_until or 0, known.held_out_until or 0
    if held_out > deferred:
        return _until(case, known.held_out_until, Reason.IN_EXPERIMENT)
    return _until(case, known.deferred_until, Reason.DEFERRED_BY_META)


def _until(case: Case, until: Instant | None, reason: Reason) -> Answer:
    return PASS if until is None or until <= case.now else Wait(until, reason)


def _days(case: Case) -> tuple[Fact, ...]:
    return (
        Fact("days on which nothing could be brought", str(len(case.facts.obstacles.failed_days))),
    )


def _times(case: Case) -> tuple[Fact, ...]:
    known = case.facts.obstacles
    found = (
        ("deferred by Meta until", known.deferred_until),
        ("in an experiment of Meta's until", known.held_out_until),
    )
    return tuple(
        Fact(name, "not" if until is None or until <= case.now else to_minute(until))
        for name, until in found
    )


REACHABLE = Rule(
    number=COUNTED,
    name="reachable",
    says="Where three days of messages could not be brought to a person and nothing arrived since, "
    "the next one waits for a week. Codes, and answers in the window, do not wait.",
    judge=_unreachable,
    looks_at=_days,
)

META_DEFERRAL = Rule(
    number=COUNTED,
    name="deferral",
    says="Where Meta chose not to bring a person marketing, the next of it waits: a day and some "
    "hours, or a week where they are in an experiment of Meta's.",
    judge=_deferred,
    looks_at=_times,
)
