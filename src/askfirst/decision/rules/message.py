"""Rule 2: what kind of message it is."""

from __future__ import annotations

from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Rule


def _judge(case: Case) -> Answer:
    if case.request.kind is MessageKind.UNKNOWN:
        return Deny(Reason.MESSAGE_UNKNOWN)
    return Deny(Reason.QUESTION_ALTERED) if case.request.is_altered else PASS


MESSAGE = Rule(
    number=2,
    name="message",
    says="The message kind is known. A template's category comes from the live registry; an "
    "unknown template is marketing. A question in the chat shows the words that its buttons name.",
    judge=_judge,
)
