"""The link to the preference page goes to somebody who is known, once a day."""

from __future__ import annotations

from askfirst.decision.decide import decide
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import DAY
from tests.support import builders
from tests.support.clocks import NOON

POLICY = Policy()
QUESTION = builders.free_form(kind=MessageKind.PREFERENCE_LINK)
KNOWN = DecisionContext(
    position=Position(1),
    contacts=(ContactId("con_1"),),
    sender=builders.sender(),
    window_opened_at=NOON,
)


def test_it_goes_out_once_a_day() -> None:
    decision = decide(KNOWN, POLICY, QUESTION, NOON)
    assert decision.allowed
    (once,) = decision.reservations
    assert once.key == f"con_1:{NOON // DAY}"


def test_a_window_of_nobody_opens_nothing() -> None:
    decision = decide(replace(KNOWN, contacts=()), POLICY, QUESTION, NOON)
    assert decision.reasons == (Reason.WINDOW_CLOSED,)
    assert not decision.reservations
