"""Everything that the gateway itself answers."""

from __future__ import annotations

import json

import pytest

from askfirst.decision.decision import Verdict
from askfirst.decision.reason import WAITING, Reason
from askfirst.domain.value import replace
from askfirst.domain.values.ids import DecisionId
from askfirst.web.gateway.refusals import refusal
from tests.support.builders import decision
from tests.support.clocks import NOON, at

CODES = {
    Reason.RECIPIENT_INVALID: (400, 131009),
    Reason.RECIPIENT_CONFLICT: (400, 131009),
    Reason.RECIPIENT_IS_SENDER: (400, 131021),
    Reason.MESSAGE_UNKNOWN: (400, 131051),
    Reason.QUESTION_ALTERED: (400, 131009),
    Reason.SENDER_UNKNOWN: (400, 133010),
    Reason.SENDER_OUT_OF_SERVICE: (403, 131031),
    Reason.TEMPLATE_BECAME_MARKETING: (400, 132015),
    Reason.TEMPLATE_WITHOUT_STOP: (400, 132015),
    Reason.TEMPLATE_READS_LIKE_AD: (400, 132015),
    Reason.REPLY_READS_LIKE_AD: (400, 131051),
    Reason.TEMPLATE_OUT_OF_SERVICE: (400, 132015),
    Reason.TEMPLATE_MISSING: (404, 132001),
    Reason.COUNTRY_EMBARGOED: (403, 130497),
    Reason.MARKETING_WITHHELD: (400, 131049),
    Reason.WITHDRAWN: (400, 131050),
    Reason.REFUSED: (400, 131050),
    Reason.SUSPENDED: (400, 131050),
    Reason.NATIVE_STOPPED: (400, 131050),
    Reason.AWAITING_ANSWER: (400, 131050),
    Reason.NO_OPT_IN: (400, 131050),
    Reason.ASSURANCE_TOO_LOW: (400, 131050),
    Reason.NUMBER_PROOF_TOO_LOW: (400, 131050),
    Reason.OPT_IN_TOO_OLD: (400, 131050),
    Reason.NOTICE_NOT_ENOUGH: (400, 131050),
    Reason.OPT_IN_IDLE: (400, 131050),
    Reason.TIME_ZONE_UNKNOWN: (403, 130497),
    Reason.BRAKE_HELD: (400, 131048),
    Reason.PAUSED_BY_OPERATOR: (400, 131048),
    Reason.HELD_ENDED: (400, 131000),
    Reason.WINDOW_CLOSED: (400, 131047),
    Reason.DUPLICATE: (400, 131009),
    Reason.CODES_UNWANTED: (400, 131050),
    Reason.NO_STOP_TO_CONFIRM: (400, 131050),
    Reason.NOTHING_TO_ASK: (400, 131050),
    Reason.LINK_SENT_TODAY: (400, 131050),
    Reason.PERMIT_EXPIRED: (503, 131016),
    Reason.LEDGER_BEHIND: (503, 131016),
    Reason.LEDGER_ALTERED: (503, 131016),
}
ALLOWING = {
    Reason.OPTED_IN,
    Reason.INFORMED,
    Reason.WINDOW_OPEN,
    Reason.STOP_CONFIRMATION,
    Reason.STOP_QUESTION,
    Reason.CODE_ASKED_FOR,
}
DECISION = DecisionId("dec_1")


def test_every_reason_to_refuse_has_a_code() -> None:
    assert set(CODES) == set(Reason) - ALLOWING - WAITING


@pytest.mark.parametrize(("reason", "expected"), CODES.items())
def test_a_refusal_says_why_in_a_sentence_and_for_machines(
    reason: Reason, expected: tuple[int, int]
) -> None:
    reply = refusal(decision(Verdict.DENY, reasons=(reason,)), DECISION, NOON)
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


def test_a_refusal_names_who_paused() -> None:
    paused = decision(Verdict.DENY, reasons=(Reason.PAUSED_BY_OPERATOR,), said="Kim paused it.")
    error = json.loads(refusal(paused, DECISION, NOON).body)["error"]
    assert error["error_data"]["details"].endswith("Kim paused it.")


THROTTLED = {
    Reason.PAUSED_BY_PERSON: 131049,
    Reason.QUIET_HOURS: 130429,
    Reason.UNREACHABLE: 131026,
    Reason.DEFERRED_BY_META: 131049,
    Reason.IN_EXPERIMENT: 131049,
    Reason.BRAKE: 131048,
    Reason.BRAKE_HALVED: 131049,
    Reason.NEW_AND_WATCHED: 131048,
    Reason.PAUSED_BY_OPERATOR_UNTIL: 131048,
    Reason.FREQUENCY_CAP: 131049,
    Reason.FREQUENCY_CHOSEN: 131049,
    Reason.FREQUENCY_LAW: 131049,
    Reason.MESSAGING_LIMIT: 131048,
    Reason.PAIR_RATE: 131056,
    Reason.THROUGHPUT: 130429,
}


def test_each_reason_that_time_mends_has_the_code_by_which_meta_says_it() -> None:
    assert set(THROTTLED) == WAITING


@pytest.mark.parametrize(("reason", "code"), THROTTLED.items())
def test_later_is_answered_as_meta_throttles_with_a_time(reason: Reason, code: int) -> None:
    waiting = decision(Verdict.WAIT, reasons=(reason,), retry_at=at(60))
    reply = refusal(waiting, DECISION, at(0.5))
    assert reply.headers == [(b"x-askfirst-decision", b"dec_1"), (b"retry-after", b"60")]
    error = json.loads(reply.body)["error"]
    assert (reply.status, error["code"], error["is_transient"]) == (429, code, True)
    assert error["askfirst"]["verdict"] == "wait"
    assert error["askfirst"]["retry_at"] == "2026-01-15T12:01:00.000000Z"
    assert error["askfirst"]["retry_after"] == 60


@pytest.mark.parametrize("purpose", ["utility", "utility.orders", "authentication", "service"])
@pytest.mark.parametrize("reason", [Reason.NO_OPT_IN, Reason.WITHDRAWN, Reason.SUSPENDED])
def test_what_is_not_marketing_does_not_read_as_a_stop_of_marketing(
    purpose: str, reason: Reason
) -> None:
    denied = replace(decision(Verdict.DENY, reasons=(reason,)), purpose=purpose)
    reply = refusal(denied, DECISION, NOON)
    assert (reply.status, json.loads(reply.body)["error"]["code"]) == (400, 131030)


def test_offers_of_a_topic_are_marketing() -> None:
    denied = replace(decision(Verdict.DENY, reasons=(Reason.REFUSED,)), purpose="marketing.offers")
    assert json.loads(refusal(denied, DECISION, NOON).body)["error"]["code"] == 131050
