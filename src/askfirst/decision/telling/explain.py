"""Why a message may leave or not: what each rule of the gate looked at, and what it said.

The rules are walked by the same book as for a send; here it is noted what each of them answers. So
what is explained is what is decided, and a rule that is new needs nothing more to be explained.
"""

from __future__ import annotations

from askfirst.decision.decide import RULES, RuleBook, case_of
from askfirst.decision.decision import Decision
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.rules.rule import Answer, Case, Pass, Rule, Wait
from askfirst.decision.telling.explanation import Explanation, RuleAccount, RuleVerdict
from askfirst.domain.values.timestamp import Instant


def explain(
    facts: DecisionContext,
    policy: Policy,
    question: SendRequest,
    now: Instant,
    rules: tuple[Rule, ...] = RULES,
) -> Explanation:
    """Decide as `decide` does, and say what each rule answered. Pure."""
    case = case_of(facts, policy, question, now)
    heard: dict[str, Answer] = {}
    decision = RuleBook(tuple(_noting(rule, heard) for rule in rules)).judge(case)
    return Explanation(
        decision, tuple(_account(rule, heard.get(rule.name), case, decision) for rule in rules)
    )


def _noting(rule: Rule, heard: dict[str, Answer]) -> Rule:
    def judge(case: Case) -> Answer:
        answer = heard[rule.name] = rule.judge(case)
        return answer

    return rule._replace(judge=judge)


def _account(rule: Rule, answer: Answer | None, case: Case, decision: Decision) -> RuleAccount:
    if answer is None:
        return RuleAccount(rule, RuleVerdict.NOT_ASKED)
    reason = answer.basis if isinstance(answer, Pass) else answer.reason
    if reason is decision.reason and rule.number == decision.rule:
        verdict = RuleVerdict.SPOKE
    else:
        verdict = RuleVerdict.PASSED if isinstance(answer, Pass) else RuleVerdict.YIELDED
    until = answer.until if isinstance(answer, Wait) else None
    return RuleAccount(rule, verdict, rule.looks_at(case), reason, until)
