"""Rule 2: what kind of message it is."""

from __future__ import annotations

from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule

_IN_WORDS = {
    MessageKind.FREE_FORM: "free-form reply",
    MessageKind.DIRECT: "direct send",
    MessageKind.PURPOSE: "any message for this purpose",
}


def _judge(case: Case) -> Answer:
    if case.request.kind is MessageKind.UNKNOWN:
        return Deny(Reason.MESSAGE_UNKNOWN)
    return Deny(Reason.QUESTION_ALTERED) if case.request.is_altered else PASS


def _looks_at(case: Case) -> tuple[Fact, ...]:
    asked = case.request
    kind = _IN_WORDS.get(asked.kind, asked.kind.value.replace("_", " "))
    template = f"{asked.template} {asked.language}".strip()
    return (
        Fact("kind", f"{kind} {template}".rstrip()),
        Fact("counts as", case.purpose.name),
    )


MESSAGE = Rule(
    number=2,
    name="message",
    says="The message kind is known. A template's category comes from the live registry; an "
    "unknown template is marketing. A question in the chat shows the words that its buttons name.",
    judge=_judge,
    looks_at=_looks_at,
)
