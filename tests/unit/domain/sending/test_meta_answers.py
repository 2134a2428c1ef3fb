"""The table of Meta's codes: whole, and careful where it does not know."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.sending.meta_answer import AnswerSubject, Effect, MetaAnswer, Next
from askfirst.domain.sending.meta_answers import META_ANSWERS, answer_of, can_pass
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from askfirst.graph.platform.errors import GraphCode

_ROW: dict[str, Any] = {
    "code": 1,
    "means": "x",
    "subject": AnswerSubject.MESSAGE,
    "next": Next.NEVER,
    "does": "x",
    "source": "x",
}
AMBIGUOUS = {131000, 131016, 133004, 2, 1, 135000, 131057, 131052, 131053}


def test_every_code_that_the_gateway_says_itself_is_in_the_table() -> None:
    assert set(map(int, GraphCode)) <= set(META_ANSWERS)


def test_what_became_of_a_message_is_unsure_where_meta_was_in_trouble() -> None:
    assert not any(answer_of(code).is_surely_lost for code in AMBIGUOUS)


def test_only_what_the_person_says_is_a_stop() -> None:
    stops = {code for code, row in META_ANSWERS.items() if row.effect is Effect.NATIVE_STOP}
    assert stops == {131050}


def test_an_unknown_code_means_never_again_and_keeps_its_place() -> None:
    row = answer_of(999_999)
    assert (row.next, row.effect, row.is_surely_lost) == (Next.NEVER, Effect.NOTHING, False)


def test_a_missing_permission_has_any_code_of_a_range() -> None:
    assert answer_of(200).next is answer_of(299).next is Next.CORRECT
    assert answer_of(300).next is Next.NEVER


@pytest.mark.parametrize("code", [1, 2, 4, 17, 613, 80007, 130429])
def test_limits_and_trouble_pass(code: int) -> None:
    assert can_pass(code)


@pytest.mark.parametrize("code", [190, 100, 10, 200, 131026, 0])
def test_a_no_does_not_pass(code: int) -> None:
    assert not can_pass(code)


def test_people_who_were_put_off_together_do_not_come_back_together() -> None:
    row, at = answer_of(131049), Instant(0)
    assert row.until(at, 0) == DAY
    assert row.until(at, 1) == DAY + 6 * HOUR


@pytest.mark.parametrize(
    "part",
    [
        {"code": -1},
        {"code": 2**31},
        {"wait": 5},
        {"effect": Effect.DEFERRAL},
        {"spread": -1},
        {"means": ""},
        {"does": ""},
        {"source": ""},
    ],
)
def test_a_row_that_is_not_whole_cannot_be_made(part: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        MetaAnswer(**(_ROW | part))
