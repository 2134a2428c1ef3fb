"""People bear what they tolerate; who is more tolerant acts less, and without impatience nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.value import replace
from askfirst.simulator.experiment.people import OfferLuck
from askfirst.simulator.experiment.temper import Manner, Reaction, does_read, take_offer
from tests.unit.simulator.experiment.people_of import (
    ANA,
    AS_USUAL,
    EVERYTHING_HAPPENS,
    NOTHING_HAPPENS,
    mood,
    somebody,
)

lucks = st.builds(OfferLuck, *[st.floats(0, 1, exclude_max=True)] * len(OfferLuck._fields))
read = st.integers(0, 60)


def acts(reaction: Reaction) -> bool:
    return reaction.is_blocked or reaction.is_muted or reaction.remark is not None


@given(lucks, read, st.booleans(), st.booleans())
def test_without_impatience_nobody_blocks_mutes_or_says_stop(
    luck: OfferLuck, before: int, welcome: bool, said_no: bool
) -> None:
    calm = replace(AS_USUAL, impatience=0.0)
    their = mood(welcome=welcome, said_no=said_no, read=before)
    assert not acts(take_offer(ANA, their, luck, 0, calm))


@given(lucks, read, st.booleans(), st.floats(0.5, 20), st.floats(1, 10))
def test_whoever_is_more_tolerant_acts_only_where_the_other_does(
    luck: OfferLuck, before: int, welcome: bool, tolerance: float, times: float
) -> None:
    one, other = somebody(tolerance=tolerance), somebody(tolerance=tolerance * times)
    of_other = take_offer(other, mood(welcome=welcome, read=before), luck, 0, AS_USUAL)
    of_one = take_offer(one, mood(welcome=welcome, read=before), luck, 0, AS_USUAL)
    assert acts(of_one) or not acts(of_other)


@given(lucks, read)
def test_an_offer_after_a_no_is_taken_worse_than_any_other(luck: OfferLuck, before: int) -> None:
    after_no = take_offer(ANA, mood(said_no=True, read=before), luck, 0, AS_USUAL)
    before_it = take_offer(ANA, mood(read=before), luck, 0, AS_USUAL)
    assert acts(after_no) or not acts(before_it)
    assert not after_no.is_useful


def test_offers_of_more_than_thirty_days_ago_are_forgotten() -> None:
    their = mood(read=20)
    assert their.offers_read(29) == 20
    assert their.offers_read(30) == 0


def test_whoever_blocks_is_not_heard_again_and_whoever_mutes_reads_little() -> None:
    blocking, muting = mood(), mood()
    assert take_offer(ANA, blocking, EVERYTHING_HAPPENS, 0, AS_USUAL).is_blocked
    assert blocking.is_blocking
    luck = EVERYTHING_HAPPENS._replace(reaction=AS_USUAL.blocks_invited)
    assert take_offer(ANA, muting, luck, 0, AS_USUAL).is_muted
    assert does_read(ANA, mood(), 0.5)
    assert not does_read(ANA, muting, 0.5)


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        (0.0, Manner.BUTTON),
        (AS_USUAL.taps, Manner.SWITCH),
        (AS_USUAL.taps + AS_USUAL.switches, Manner.KEYWORD),
        (0.99, Manner.OWN_WORDS),
    ],
)
def test_a_stop_is_said_in_one_of_four_manners(manner: float, said: Manner) -> None:
    their = mood()
    luck = EVERYTHING_HAPPENS._replace(reaction=0.99, manner=manner)
    remark = take_offer(ANA, their, luck, 0, AS_USUAL).remark
    assert remark is not None
    assert (remark.manner, their.has_said_no) == (said, True)
    assert their.is_switched_off is (said is Manner.SWITCH)


def test_an_offer_too_many_is_of_less_use() -> None:
    luck = NOTHING_HAPPENS._replace(use=AS_USUAL.interest * 0.9)
    assert take_offer(ANA, mood(), luck, 0, AS_USUAL).is_useful
    assert not take_offer(ANA, mood(read=30), luck, 0, AS_USUAL).is_useful
