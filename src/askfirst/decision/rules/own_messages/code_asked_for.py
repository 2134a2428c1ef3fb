"""Rule 8 for codes: one code for each wish of the holder's, where the yes is not sure enough.

Choosing WhatsApp for the code is the opt-in (Meta, "Authentication best practices"). A code is
how a number becomes sure: who asked for a sure number first would ask for the code before the code.
"""

from __future__ import annotations

from askfirst.decision.reason import Reason
from askfirst.decision.reservation import CODE_ONCE, Reservation
from askfirst.decision.rules.rule import PASS, Answer, Case, Fact, Pass, Rule
from askfirst.domain.consent.standing import view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import MINUTE, Instant, to_minute

CODE_ASKED_WITHIN = 10 * MINUTE
"""How long after it was asked for a code may follow: no code lives longer (OWASP ASVS 5.0, 6.5.5).
"""


def _judge(case: Case) -> Answer:
    """Find the wish that this code would answer; a claimed one never got past a no (rule 5)."""
    facts = case.facts
    if case.purpose.category is not Category.AUTHENTICATION or facts.template is None:
        return PASS
    wish = max(view(facts.standing, case.purpose).alive, key=lambda yes: yes.mark)
    asked = wish.mark
    if wish.surface is not Surface.CODE or case.now - asked.at >= CODE_ASKED_WITHIN:
        return PASS
    if facts.answered_code >= asked.position:
        return PASS
    # The yes may have been too old as well; the assurance speaks for both: a new wish mends either.
    once = Reservation(
        kind=CODE_ONCE,
        key=str(asked.position),
        bound=1,
        ends_at=Instant(asked.at + CODE_ASKED_WITHIN),
        reason=Reason.ASSURANCE_TOO_LOW,
    )
    return Pass(Reason.CODE_ASKED_FOR, (once,))


def _looks_at(case: Case) -> tuple[Fact, ...]:
    alive = view(case.facts.standing, case.purpose).alive
    asked = [yes.mark.at for yes in alive if yes.surface is Surface.CODE]
    return (Fact("asked for a code", to_minute(max(asked)) if asked else "never"),)


CODE_ASKED_FOR = Rule(
    number=8,
    name="code asked for",
    says="One code leaves within ten minutes of the holder's wish for it where a yes is there, and "
    "no no: only how sure or how old it is speaks against the message.",
    judge=_judge,
    lifts=frozenset({Reason.ASSURANCE_TOO_LOW, Reason.NUMBER_PROOF_TOO_LOW, Reason.OPT_IN_TOO_OLD}),
    looks_at=_looks_at,
)
