"""Rule 5 for notices: what a line of information is worth where nobody was asked.

It is the policy's to say, and never more than a message about what the person ordered. A question's
answer outranks it: a no of any age, or a suspension, leaves it nothing; where a yes counts, the
message rests on the yes.
"""

from __future__ import annotations

from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Pass, Rule
from askfirst.domain.consent.event import Assurance
from askfirst.domain.consent.standing import Answer as ConsentAnswer
from askfirst.domain.consent.standing import notices, view
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY

_INFORMED = Pass(Reason.INFORMED)


def _judge(case: Case) -> Answer:
    """Say no of its own only to who was shown a notice and never said yes: else the yes speaks."""
    if _is_enough(case):
        return _INFORMED
    standing, purpose = case.facts.standing, case.purpose
    was_asked = view(standing, purpose).answer is ConsentAnswer.GRANTED
    scopes = (standing.scopes.get(name) for name in purpose.chain)
    was_shown = any(scope.notices for scope in scopes if scope)
    return Deny(Reason.NOTICE_NOT_ENOUGH) if was_shown and not was_asked else PASS


def _is_enough(case: Case) -> bool:
    policy, purpose, country = case.policy, case.purpose, case.request.country
    terms = policy.terms(purpose.category, country)
    if purpose.category is not Category.UTILITY or terms.assurance_min > Assurance.SHOWN:
        return False
    if not policy.notices.is_enough_for(purpose, country):
        return False
    days = policy.life(purpose.name, terms)
    return any(
        notice.number_proof >= terms.number_proof_min
        and (not days or case.now - notice.mark.at <= days * DAY)
        for notice in notices(case.facts.standing, purpose)
    )


def _looks_at(case: Case) -> tuple[Fact, ...]:
    shown = notices(case.facts.standing, case.purpose)
    enough_for = ", ".join(sorted(case.policy.notices.enough_for)) or "nothing"
    return (
        Fact("notices shown that count", str(len(tuple(shown)))),
        Fact("a notice is enough for", enough_for),
    )


NOTICE = Rule(
    number=5,
    name="notice",
    says="A notice stands in for a yes where the policy says so: for messages about an order, if "
    "there never was a no or a suspension, and no yes that counts.",
    judge=_judge,
    lifts=frozenset(
        {
            Reason.NO_OPT_IN,
            Reason.ASSURANCE_TOO_LOW,
            Reason.NUMBER_PROOF_TOO_LOW,
            Reason.OPT_IN_TOO_OLD,
        }
    ),
    looks_at=_looks_at,
)
