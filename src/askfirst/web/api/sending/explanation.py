"""A decision explained: the rules of the gate one by one."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from askfirst.decision.reason import Reason
from askfirst.decision.telling.explanation import RuleAccount, RuleVerdict
from askfirst.domain.values.timestamp import to_rfc3339


class ReasonAnswer(msgspec.Struct, frozen=True):
    """Why: a code of a closed list, what it means and what to do about it."""

    code: Annotated[str, Meta(description="The reason, for programs. It never changes.")]
    explanation: Annotated[str, Meta(description="What it means.")]
    remedy: Annotated[str, Meta(description="What to do about it. May be empty.")]


class FactAnswer(msgspec.Struct, frozen=True):
    """Something that a rule looked at, in words for people."""

    name: Annotated[str, Meta(description="What it is.")]
    value: Annotated[str, Meta(description="What was found. Words may change; do not parse them.")]


class RuleAnswer(msgspec.Struct, frozen=True):
    """One rule of the gate, and what it had to say of this message."""

    number: Annotated[int, Meta(description="Its number; several rules may share one.")]
    name: Annotated[str, Meta(description="Its name.")]
    says: Annotated[str, Meta(description="The rule in one sentence.")]
    verdict: Annotated[
        RuleVerdict,
        Meta(
            description="`passed`: nothing speaks against the message here. `spoke`: its reason is "
            "that of the decision. `yielded`: it said no, and an exception spoke in its place. "
            "`not_asked`: a rule before it spoke, or it is an exception to what nobody said."
        ),
    ]
    lifts: Annotated[
        list[str],
        Meta(description="Of an exception: the reasons that it may stand in the place of."),
    ]
    facts: Annotated[list[FactAnswer], Meta(description="What it looked at.")]
    reason: Annotated[
        ReasonAnswer | None,
        Meta(description="What it said; `remedy` is what would change it. Null: nothing."),
    ]
    retry_at: Annotated[
        str | None, Meta(description="Where it says to wait: until when. Else null.")
    ]


def write_rules(rules: tuple[RuleAccount, ...]) -> tuple[RuleAnswer, ...]:
    return tuple(_written(account) for account in rules)


def reason_answer(reason: Reason) -> ReasonAnswer:
    return ReasonAnswer(reason.value, reason.explanation, reason.remedy)


def _written(account: RuleAccount) -> RuleAnswer:
    rule, until = account.rule, account.retry_at
    return RuleAnswer(
        number=rule.number,
        name=rule.name,
        says=rule.says,
        verdict=account.verdict,
        lifts=sorted(rule.lifts),
        facts=[FactAnswer(fact.name, fact.value) for fact in account.facts],
        reason=reason_answer(account.reason) if account.reason else None,
        retry_at=None if until is None else to_rfc3339(until),
    )
