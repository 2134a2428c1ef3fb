"""Meta's reaction follows the rules that it documents."""

from __future__ import annotations

from askfirst.domain.value import replace
from askfirst.simulator.experiment.meta import Fate, Feedback, Meta, Quality, Step
from tests.unit.simulator.experiment.people_of import ANA, AS_USUAL, mood, somebody

OFFER = "sale"


def offered(meta: Meta, count: int, day: int) -> None:
    for number in range(count):
        meta.take_offer(somebody(number=number), mood(), OFFER, day, 1.0)


def bad_day(meta: Meta, day: int) -> None:
    offered(meta, 200, day)
    meta.hear(OFFER, 20.0)
    meta.end_day(day)


def test_quality_is_what_was_said_of_the_last_seven_days() -> None:
    feedback = Feedback()
    feedback.add(1_000, 30)
    assert feedback.rating(AS_USUAL) is Quality.RED
    for _ in range(6):
        feedback.next_day()
    assert feedback.rating(AS_USUAL) is Quality.RED
    feedback.next_day()
    assert feedback.rating(AS_USUAL) is Quality.UNKNOWN


def test_the_newest_days_count_most() -> None:
    older, newer = Feedback(), Feedback()
    older.add(1_000, 30)
    older.next_day()
    older.add(1_000, 0)
    newer.add(1_000, 0)
    newer.next_day()
    newer.add(1_000, 30)
    assert newer.per_1000 > older.per_1000 > 0


def test_few_messages_say_nothing() -> None:
    feedback = Feedback()
    feedback.add(50, 50)
    assert feedback.rating(AS_USUAL) is Quality.UNKNOWN


def test_red_that_goes_on_leads_up_the_ladder_and_a_hold_ends() -> None:
    meta = Meta(200, AS_USUAL)
    for day in range(140):
        bad_day(meta, day)
    assert [step for _, step in meta.steps] == list(Step)[: len(meta.steps)]
    assert meta.steps[0][0] == AS_USUAL.sustained_days - 1
    held = [day for day in range(140) if meta.steps[1][0] < day <= meta.steps[2][0]]
    assert held
    assert meta.is_locked()
    assert meta.take_order_news(ANA, mood(), 10_000) is Fate.REJECTED


def test_good_quality_has_no_consequence() -> None:
    meta = Meta(200, AS_USUAL)
    for day in range(90):
        offered(meta, 200, day)
        meta.end_day(day)
    assert (meta.quality, meta.steps, meta.templates_disabled) == (Quality.GREEN, [], 0)


def test_a_template_that_turns_red_three_times_is_replaced_after_two_days() -> None:
    meta = Meta(200, replace(AS_USUAL, sustained_days=365.0))
    day = 0
    while not meta.templates_disabled:
        bad_day(meta, day)
        for quiet in range(day + 1, day + 8):
            meta.end_day(quiet)
        day += 8
    disabled = day - 8
    assert disabled == 16
    assert meta.take_offer(ANA, mood(), OFFER, disabled + 2, 1.0) is Fate.REJECTED
    assert meta.take_offer(ANA, mood(), "another", disabled + 2, 1.0) is Fate.DELIVERED
    assert meta.take_offer(ANA, mood(), OFFER, disabled + 3, 1.0) is Fate.DELIVERED


def test_so_many_people_a_day_and_more_when_it_is_used_and_good() -> None:
    meta = Meta(2_100, AS_USUAL)
    meta.limit = 250
    offered(meta, 250, 0)
    late = somebody(number=999)
    assert meta.take_offer(late, mood(), OFFER, 0, 1.0) is Fate.OVER_LIMIT
    assert meta.take_offer(ANA, mood(), OFFER, 0, 1.0) is Fate.DELIVERED
    meta.end_day(0)
    assert meta.limit == 2_000
    assert meta.take_offer(late, mood(), OFFER, 1, 1.0) is Fate.DELIVERED


def test_meta_itself_keeps_offers_from_some() -> None:
    meta = Meta(10, AS_USUAL)
    off = mood()
    off.is_switched_off = True
    assert meta.take_offer(ANA, off, OFFER, 0, 1.0) is Fate.WITHHELD
    assert meta.take_offer(somebody(country="US"), mood(), OFFER, 0, 1.0) is Fate.WITHHELD
    assert (
        meta.take_offer(somebody(country="BR", reads=0.1), mood(), OFFER, 0, 0.1) is Fate.WITHHELD
    )
    assert (
        meta.take_offer(somebody(country="FR", reads=0.1), mood(), OFFER, 0, 0.1) is Fate.DELIVERED
    )
    assert meta.take_order_news(somebody(country="US"), off, 0) is Fate.DELIVERED


def test_whoever_blocks_gets_nothing_and_nobody_is_told() -> None:
    meta, theirs = Meta(10, AS_USUAL), mood()
    theirs.is_blocking = True
    assert meta.take_offer(ANA, theirs, OFFER, 0, 1.0) is Fate.UNDELIVERED
    assert meta.take_order_news(ANA, theirs, 0) is Fate.UNDELIVERED
