"""Rule 3: whether sender, template and ledger are in a state to send."""

from __future__ import annotations

from enum import StrEnum

from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule
from askfirst.domain.codes.code_template import is_code_template
from askfirst.domain.tenants.sender import SenderState, TemplateState
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.purpose import SERVICE


def _judge(case: Case) -> Answer:
    facts = case.facts
    if facts.sender is None:
        return Deny(Reason.SENDER_UNKNOWN)
    if facts.sender.state is not SenderState.ACTIVE:
        return Deny(Reason.SENDER_OUT_OF_SERVICE)
    if facts.template is not None and facts.template.state is not TemplateState.IN_SERVICE:
        return Deny(Reason.TEMPLATE_OUT_OF_SERVICE)
    if facts.template is None and is_code_template(case.request.template):
        return Deny(Reason.TEMPLATE_MISSING)
    if facts.ledger is LedgerState.SOUND or case.purpose is SERVICE:
        return PASS
    # What rests on a yes is held where the no that ended it may be missing.
    is_behind = facts.ledger is LedgerState.BEHIND
    return Deny(Reason.LEDGER_BEHIND if is_behind else Reason.LEDGER_ALTERED)


def _looks_at(case: Case) -> tuple[Fact, ...]:
    facts = case.facts
    looked = [
        Fact("sender", _word(facts.sender.state) if facts.sender else "unknown"),
        Fact("ledger", _word(facts.ledger)),
    ]
    if case.request.template:
        state = _word(facts.template.state) if facts.template else "not in the registry"
        looked.insert(1, Fact("template", state))
    return tuple(looked)


def _word(state: StrEnum) -> str:
    return state.value.replace("_", " ")


SERVICE_STATE = Rule(
    number=3,
    name="service",
    says="Sender and template are in service. One of askfirst's own for codes that is unknown is "
    "none. The ledger is not behind its head and fits together, or nothing but service messages "
    "leaves.",
    judge=_judge,
    looks_at=_looks_at,
)
