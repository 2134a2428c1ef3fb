"""Rule 5 for the link that a person asks for in the chat: one a day, in the open window."""

from __future__ import annotations

from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import PREFERENCE_LINK_ONCE, Reservation
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Pass, Rule
from askfirst.domain.values.timestamp import DAY, Instant


def _judge(case: Case) -> Answer:
    """Count it. It rests on the window, as any reply does; who is unknown has opened none."""
    if case.request.kind is not MessageKind.PREFERENCE_LINK:
        return PASS
    if not case.facts.contacts:
        return Deny(Reason.WINDOW_CLOSED)
    contact, day = case.facts.contacts[0], case.now // DAY
    once = Reservation(
        kind=PREFERENCE_LINK_ONCE,
        key=f"{contact}:{day}",
        bound=1,
        ends_at=Instant((day + 1) * DAY),
        reason=Reason.LINK_SENT_TODAY,
    )
    return Pass(None, (once,))


def _looks_at(case: Case) -> tuple[Fact, ...]:
    is_one = case.request.kind is MessageKind.PREFERENCE_LINK
    return (Fact("preference link", "one in a day" if is_one else "not what this message is"),)


PREFERENCE_LINK = Rule(
    number=5,
    name="preference link",
    says="Who asks in the chat for their preference page is sent its link by askfirst itself, as a "
    "free-form message: once a day (UTC).",
    judge=_judge,
    looks_at=_looks_at,
)
