"""What is told by the range of a number is what is told by the whole of it."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from askfirst.adapters import phone_numbers
from askfirst.adapters.number_ranges import ALL_DIGITS, digits_that_tell
from askfirst.adapters.number_zones import zone_patterns
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.decision.countries.place import Place
from tests.unit.adapters.test_phone_numbers import cases

NUMBERING = WorldNumbering()
CODES = [str(code) for code in COUNTRY_CODE_TO_REGION_CODE]
SHAPE = re.compile(r"[1-9][0-9]{6,14}")


def told(digits: str) -> tuple[str, str, Place] | None:
    """Return what a number's range tells of it; None where it has to be asked in full."""
    home = NUMBERING.home(digits)
    return None if home is None else (digits, *home)


def in_full(digits: str) -> tuple[str, str, Place]:
    country = NUMBERING.country(digits)
    return NUMBERING.canonical(digits), country, NUMBERING.place(digits, country)


def test_every_example_and_what_is_a_little_wrong_has_the_home_that_the_plan_tells() -> None:
    numbers = [text[1:] for text in cases() if SHAPE.fullmatch(text[1:])]
    wrong = [one for one in numbers if told(one) not in (None, in_full(one))]
    assert wrong == []
    assert sum(told(one) is not None for one in numbers) > len(numbers) / 3


def test_numbers_that_share_a_range_have_the_home_that_the_plan_tells() -> None:
    """Each case lends its first digits to others, so ranges are met again with other ends."""
    dice = Random(7)
    for text in cases():
        kept = dice.randrange(3, 11)
        rest = "".join(dice.choices("0123456789", k=len(text) - 1 - kept))
        if SHAPE.fullmatch(digits := text[1 : 1 + kept] + rest):
            assert told(digits) in (None, in_full(digits)), digits


@given(st.sampled_from(CODES), st.text("0123456789", min_size=4, max_size=12))
def test_any_digits_have_the_home_that_the_plan_tells(code: str, rest: str) -> None:
    if SHAPE.fullmatch(code + rest):
        assert told(code + rest) in (None, in_full(code + rest))


@given(st.sampled_from(CODES), st.data())
def test_digits_behind_those_that_tell_change_no_match(code: str, data: st.DataObject) -> None:
    plan = phone_numbers._compile(code)
    assert plan is not None
    patterns = [one for one in (plan.prefix, plan.countries, *zone_patterns(code)) if one]
    digits = st.text("0123456789", min_size=4, max_size=13)
    one = data.draw(digits)
    told = digits_that_tell(patterns, one[:2])
    assert told <= ALL_DIGITS
    rest = data.draw(st.text("0123456789", min_size=13, max_size=13))
    other = (one[:told] + rest)[: len(one)] if told < len(one) else one
    for pattern in patterns:
        found, again = pattern.match(one), pattern.match(other)
        assert (found is None) == (again is None)
        assert found is None or again is None or found.lastgroup == again.lastgroup


def test_what_is_not_understood_looks_at_all_digits() -> None:
    assert digits_that_tell([re.compile(r"(1)\1")], "11") >= ALL_DIGITS
    assert digits_that_tell([re.compile(r"7(?:0[1-9]|5\d{2}[3])\d+")], "70") == 3
    assert digits_that_tell([re.compile(r"7(?:0[1-9]|5\d{2}[3])\d+")], "75") == 5
