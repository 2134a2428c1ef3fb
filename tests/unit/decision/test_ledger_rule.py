"""Where the ledger cannot be trusted, nothing leaves that rests on a yes."""

from __future__ import annotations

import pytest

from askfirst.decision.decide import decide
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import fold
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import Category, Purpose
from tests.properties.histories import LATEST, arrange, event
from tests.support import builders
from tests.support.clocks import NOON

_HELD = {
    LedgerState.BEHIND: Reason.LEDGER_BEHIND,
    LedgerState.ALTERED: Reason.LEDGER_ALTERED,
}
_NAMES = ("marketing", "utility", "authentication")


def facts(state: LedgerState) -> DecisionContext:
    standing = fold(arrange([event(EventKind.GRANTED, LATEST, purposes=_NAMES)]))
    return DecisionContext(
        position=Position(9),
        contacts=(ContactId("con_1"),),
        standing=standing,
        sender=builders.sender(),
        template=builders.template(category=Category.UTILITY),
        window_opened_at=NOON,
        ledger=state,
    )


@pytest.mark.parametrize("state", _HELD)
@pytest.mark.parametrize(
    "question",
    [
        *(builders.question(purpose=Purpose(name)) for name in _NAMES),
        builders.question(kind=MessageKind.DIRECT),
        builders.from_template(),
    ],
)
def test_whatever_rests_on_a_yes_is_held(state: LedgerState, question: SendRequest) -> None:
    decision = decide(facts(state), Policy(), question, NOON)
    assert not decision.allowed
    assert (decision.rule, decision.reason) == (3, _HELD[state])


@pytest.mark.parametrize("state", LedgerState)
def test_a_reply_inside_the_window_leaves(state: LedgerState) -> None:
    decision = decide(facts(state), Policy(), builders.free_form(), NOON)
    assert decision.reason is Reason.WINDOW_OPEN
