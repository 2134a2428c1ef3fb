"""Everything that the gateway itself answers."""

from __future__ import annotations

import json

import pytest

from askfirst.decision.decision import Verdict
from askfirst.decision.reason import Reason
from askfirst.domain.values.ids import DecisionId
from askfirst.web.gateway.refusals import refusal
from tests.support.builders import decision
from tests.support.clocks import at

CODES = {
    Reason.RECIPIENT_INVALID: (403, 131009),
    Reason.RECIPIENT_CONFLICT: (403, 131009),
    Reason.RECIPIENT_IS_SENDER: (403, 131021),
    Reason.MESSAGE_UNKNOWN: (403, 131051),
    Reason.QUESTION_ALTERED: (403, 131009),
    Reason.SENDER_UNKNOWN: (403, 133010),
    Reason.SENDER_OUT_OF_SERVICE: (403, 131031),
    Reason.TEMPLATE_OUT_OF_SERVICE: (403, 132015),
    Reason.TEMPLATE_MISSING: (403, 132001),
    Reason.COUNTRY_EMBARGOED: (403, 130497),
    Reason.MARKETING_WITHHELD: (403, 131050),
    Reason.WITHDRAWN: (403, 131050),
    Reason.REFUSED: (403, 131050),
    Reason.SUSPENDED: (403, 131050),
    Reason.NATIVE_STOPPED: (403, 131050),
    Reason.NO_OPT_IN: (403, 131050),
    Reason.ASSURANCE_TOO_LOW: (403, 131050),
    Reason.NUMBER_PROOF_TOO_LOW: (403, 131050),
    Reason.OPT_IN_TOO_OLD: (403, 131050),
    Reason.NOTICE_NOT_ENOUGH: (403, 131050),
    Reason.WINDOW_CLOSED: (403, 131047),
    Reason.CODES_UNWANTED: (403, 131050),
    Reason.NO_STOP_TO_CONFIRM: (403, 131050),
    Reason.PERMIT_EXPIRED: (503, 131016),
    Reason.LEDGER_BEHIND: (503, 131016),
    Reason.LEDGER_ALTERED: (503, 131016),
}
ALLOWING = {
    Reason.OPTED_IN,
    Reason.INFORMED,
    Reason.WINDOW_OPEN,
    Reason.STOP_CONFIRMATION,
    Reason.CODE_ASKED_FOR,
}
DECISION = DecisionId("dec_1")


def test_every_reason_to_refuse_has_a_code() -> None:
    assert set(CODES) == set(Reason) - ALLOWING


@pytest.mark.parametrize(("reason", "expected"), CODES.items())
def test_a_refusal_says_why_in_a_sentence_and_for_machines(
    reason: Reason, expected: tuple[int, int]
) -> None:
    reply = refusal(decision(Verdict.DENY, reasons=(reason,)), DECISION)
    error = json.loads(reply.body)["error"]
    assert (reply.status, error["code"]) == expected
    assert error["is_transient"] is (reply.status == 503)
    assert error["error_data"]["details"].startswith(reason.explanation)
    assert error["error_data"]["details"].endswith(reason.remedy)
    assert error["askfirst"] == {
        "decision_id": DECISION,
        "verdict": "deny",
        "reasons": [reason.value],
        "position": 1,
        "policy": "pol_0123456789abcdef",
    }
    assert reply.headers == [(b"x-askfirst-decision", b"dec_1")]


def test_later_is_a_rate_limit_with_a_time() -> None:
    waiting = decision(Verdict.WAIT, reasons=(Reason.NO_OPT_IN,), retry_at=at(60))
    reply = refusal(waiting, DECISION)
    error = json.loads(reply.body)["error"]
    assert (reply.status, error["code"], error["is_transient"]) == (429, 130429, True)
    assert error["askfirst"]["verdict"] == "wait"
    assert error["askfirst"]["retry_at"] == "2026-01-15T12:01:00.000000Z"
