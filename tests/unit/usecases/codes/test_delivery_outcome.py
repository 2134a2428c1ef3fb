"""An outcome says what a code's history reads, and whether its price is given back."""

from __future__ import annotations

import pytest

from askfirst.decision.reason import Reason
from askfirst.usecases.codes.delivery_outcome import (
    DeliveryOutcome,
    Failure,
    Passed,
    RefusedByGate,
    is_free,
    recorded_reason,
)
from askfirst.usecases.sending.outbound.answers import RejectedByMeta

SPELT: list[tuple[DeliveryOutcome, str]] = [
    (Passed.ACCEPTED, ""),
    (Passed.UNKNOWN, "outcome_unknown"),
    (RefusedByGate(Reason.WITHDRAWN), "withdrawn"),
    (RejectedByMeta(131026), "131026"),
    (RejectedByMeta(0), "0"),
    (Failure.NO_TOKEN, "no_token"),
    (Failure.NO_CONNECTION, "not_sent"),
    (Failure.UNAVAILABLE, "unavailable"),
    (Failure.SMS_NOT_SENT, "sms_not_sent"),
    (Failure.REPORTED, "failed"),
    (Failure.NOT_DELIVERED, "not_delivered"),
    (Failure.INTERRUPTED, "interrupted"),
]
FREE = {Failure.NO_TOKEN, Failure.NO_CONNECTION}


@pytest.mark.parametrize(("outcome", "spelling"), SPELT)
def test_a_history_keeps_its_spelling(outcome: DeliveryOutcome, spelling: str) -> None:
    assert recorded_reason(outcome) == spelling


def test_every_outcome_without_parts_is_spelt_above() -> None:
    """A new one must be given a spelling on purpose: it is stored, and told over REST."""
    assert {outcome for outcome, _ in SPELT} >= {*Passed, *Failure}


@pytest.mark.parametrize("failure", list(Failure))
def test_only_where_no_byte_can_have_left_is_the_price_given_back(failure: Failure) -> None:
    assert is_free(failure) is (failure in FREE)


def test_metas_no_is_free_where_it_can_be_read() -> None:
    assert is_free(RejectedByMeta(131026))
    assert not is_free(RejectedByMeta(0))


@pytest.mark.parametrize("reason", list(Reason))
def test_of_a_number_that_wants_no_codes_nothing_is_given_back(reason: Reason) -> None:
    assert is_free(RefusedByGate(reason)) is (reason is not Reason.CODES_UNWANTED)
