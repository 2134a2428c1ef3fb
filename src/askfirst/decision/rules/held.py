"""Rule 7 for a message that was held: it leaves once, whoever decides on it, and not after its end.

A no of the person's ends what is held for them, for good: a yes that follows asks for other
messages, not for this one.
"""

from __future__ import annotations

from askfirst.decision.decision import COUNTED
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import HELD_ONCE, Reservation
from askfirst.decision.rules.rule import PASS, Answer, Case, Fact, Pass, Rule


def _judge(case: Case) -> Answer:
    """Use it up, in the transaction of its decision: it is not held any more then."""
    if not case.request.held:
        return PASS
    once = Reservation(
        kind=HELD_ONCE,
        key=case.request.held,
        bound=1,
        ends_at=case.now,
        reason=Reason.HELD_ENDED,
    )
    return Pass(None, (once,))


def _looks_at(case: Case) -> tuple[Fact, ...]:
    return (Fact("held before", "yes" if case.request.held else "no"),)


HELD = Rule(
    number=COUNTED,
    name="held message",
    says="A message that was held leaves once: not where it was cancelled, or the person said no "
    "meanwhile.",
    judge=_judge,
    looks_at=_looks_at,
)
