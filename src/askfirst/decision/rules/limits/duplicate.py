"""Rule 7: the same content does not go to one person twice within a time.

A retry of a message that surely did not leave is none: what surely failed is not counted. One whose
outcome is unknown may have left, and a second one would be one too many.
"""

from __future__ import annotations

from askfirst.decision.decision import COUNTED
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule
from askfirst.domain.values.timestamp import MINUTE, to_minute

_DUPLICATE = Deny(Reason.DUPLICATE)


def _judge(case: Case) -> Answer:
    traffic = case.traffic
    if not traffic.sent and not traffic.nearby:
        return PASS
    if not case.request.content or case.request.kind is MessageKind.STOP_CONFIRMATION:
        return PASS
    same = [one.at for one in (*traffic.sent, *traffic.nearby) if one.is_same]
    if not same:
        return PASS
    since = case.now - case.policy.duplicates.span(case.purpose.category)
    return _DUPLICATE if max(same) > since else PASS


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if not case.request.content:
        return (Fact("content", "not known: no words were named"),)
    traffic, span = case.traffic, case.policy.duplicates.span(case.purpose.category)
    same = [one.at for one in (*traffic.sent, *traffic.nearby) if one.is_same]
    return (
        Fact("same content sent", to_minute(max(same)) if same else "never"),
        Fact("refused again for", f"{span // MINUTE} minutes"),
    )


DUPLICATE = Rule(
    number=COUNTED,
    name="duplicate",
    says="The same content does not go to one person twice within the time that the policy sets.",
    judge=_judge,
    looks_at=_looks_at,
    is_of_traffic=True,
)
