"""Rule 8 for the question after what may be a stop: it was not asked yet, and is not answered."""

from __future__ import annotations

from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import STOP_QUESTION_ONCE, Reservation
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Pass, Rule
from askfirst.domain.consent.stop_confirmation import ASKED_WITHIN
from askfirst.domain.values.timestamp import Instant


def _judge(case: Case) -> Answer:
    if case.request.kind is not MessageKind.STOP_QUESTION:
        return PASS
    doubt = case.facts.standing.doubt
    if doubt is None or doubt.first != case.request.doubt:
        return Deny(Reason.NOTHING_TO_ASK)
    once = Reservation(
        kind=STOP_QUESTION_ONCE,
        key=str(doubt.first),
        bound=1,
        ends_at=Instant(case.now + 2 * ASKED_WITHIN),
        reason=Reason.NOTHING_TO_ASK,
    )
    return Pass(Reason.STOP_QUESTION, (once,))


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if case.request.kind is not MessageKind.STOP_QUESTION:
        return (Fact("stop question", "not what this message is"),)
    doubt = case.facts.standing.doubt
    is_open = doubt is not None and doubt.first == case.request.doubt
    return (Fact("message that may be a stop", "unexplained" if is_open else "none to ask about"),)


STOP_QUESTION = Rule(
    number=8,
    name="stop question",
    says="After a message that may be a stop, askfirst itself asks once what was meant, within an "
    "hour, while the 24-hour window is open.",
    judge=_judge,
    looks_at=_looks_at,
)
