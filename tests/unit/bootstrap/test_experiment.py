"""Three ways of sending meet the same people; askfirst passes over no no that it has heard."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from askfirst.adapters.lexicon_files import built_in_opt_out
from askfirst.bootstrap.experiment.guarded import AskFirst
from askfirst.bootstrap.experiment.study import SendingWay, Study, run, sheet, vary
from askfirst.bootstrap.experiment.unguarded import KeepBlockList
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.simulator.experiment.figures import Life
from askfirst.simulator.experiment.market import FIRST_MORNING
from askfirst.simulator.experiment.people import Agreement, Person
from askfirst.simulator.experiment.temper import Manner, Remark
from askfirst.simulator.experiment.way import ORDER_NEWS, AnswerAtOrder, Message, Way
from askfirst.simulator.experiment.wordings import Wordings
from tests.unit.simulator.experiment.people_of import AS_USUAL, WORDINGS, somebody

DIRECT, BLOCK_LIST, ASKFIRST = SendingWay
SMALL = Study(people=250, days=35, seed=3)
NOON = Instant(FIRST_MORNING + DAY // 2)
OFFER = Message("sale", "sale/1")
NEWS = Message(ORDER_NEWS, "1/1")
YES = AnswerAtOrder(order_news=True, offers=True, is_proven=False)


@cache
def lives(**parts: float) -> Mapping[SendingWay, Life]:
    return run(replace(SMALL, assumptions=replace(AS_USUAL, **parts)))


def askfirst(**parts: object) -> tuple[AskFirst, Person]:
    person = somebody(**parts)
    return AskFirst([person], built_in_opt_out(), FIRST_MORNING), person


def may(way: Way, person: Person, message: Message = OFFER) -> bool:
    return way.may_leave(person, message, NOON).may_leave


def test_the_same_seed_gives_the_same_figures() -> None:
    assert sheet(SMALL, run(SMALL)) == sheet(SMALL, lives())
    other = replace(SMALL, seed=4)
    assert sheet(other, run(other))["ways"] != sheet(SMALL, lives())["ways"]


# Each example is a whole life of a market: a smaller one that fails too is not worth the wait.
@settings(max_examples=5, deadline=None, phases=[Phase.generate])
@given(st.integers(1, 10**6), st.floats(0.01, 0.3))
def test_no_offer_goes_to_anybody_whose_no_is_known(seed: int, impatience: float) -> None:
    study = replace(SMALL, people=80, seed=seed)
    found = run(replace(study, assumptions=replace(AS_USUAL, impatience=impatience)))
    assert found[ASKFIRST].tally.offers_against_noted == 0
    assert found[BLOCK_LIST].tally.offers_against_noted == 0


def test_a_no_that_everybody_understands_is_kept_by_askfirst_alone() -> None:
    found = lives(unforeseen=0.0, impatience=0.1)
    against = {way: life.tally.offers_against_no for way, life in found.items()}
    misses = found[ASKFIRST].tally.stops_not_understood
    assert against[DIRECT] > against[BLOCK_LIST] > 0
    assert (misses, against[ASKFIRST]) == (0, 0)


def test_without_impatience_nobody_blocks_or_says_stop_and_quality_is_green() -> None:
    for life in lives(impatience=0.0).values():
        assert (life.tally.blocked, life.tally.stopped, life.tally.muted) == (0, 0, 0)
        assert not life.steps
        assert all(day.feedback == 0 for day in life.days)


def test_more_tolerant_people_stop_and_block_less() -> None:
    patient, touchy = lives(tolerance=40.0), lives(tolerance=1.0)
    for way in SendingWay:
        ones, others = patient[way].tally, touchy[way].tally
        assert ones.stopped + ones.blocked < others.stopped + others.blocked


@pytest.mark.parametrize("way", SendingWay)
def test_what_is_counted_adds_up(way: SendingWay) -> None:
    life = lives()[way]
    tally = life.tally
    assert tally.offers_delivered + tally.offers_refused + tally.offers_dropped <= (
        tally.offers_planned
    )
    assert tally.offers_useful <= tally.offers_delivered
    assert tally.order_news_read <= tally.order_news_due
    assert tally.stops_not_understood <= tally.stopped
    assert life.reach.agreed <= life.reach.all <= life.people
    assert sum(day.useful for day in life.days) == tally.useful
    assert [day.blocked for day in life.days] == sorted(day.blocked for day in life.days)
    assert len(life.days) == SMALL.days


def test_the_same_plan_and_the_same_orders_meet_all_three() -> None:
    found = lives()
    assert len({life.tally.offers_planned for life in found.values()}) == 1
    assert len({life.tally.order_news_due for life in found.values()}) == 1


@pytest.mark.parametrize(
    ("parts", "is_allowed"),
    [
        ({"agreement": Agreement.SAID_YES}, True),
        ({"agreement": Agreement.SAID_YES, "agreed_days_ago": 400}, False),
        ({"agreement": Agreement.SAID_YES, "country": "DE"}, False),
        ({"agreement": Agreement.SAID_YES, "country": "DE", "is_proven": True}, True),
        ({"agreement": Agreement.CLAIMED}, False),
        ({"agreement": Agreement.ORDER_NEWS}, False),
        ({"agreement": Agreement.REFUSED}, False),
        ({"agreement": Agreement.STOPPED}, False),
        ({"agreement": Agreement.UNASKED}, False),
    ],
)
def test_offers_leave_where_the_policy_that_comes_with_askfirst_says_so(
    parts: dict[str, object], is_allowed: bool
) -> None:
    way, person = askfirst(**parts)
    assert may(way, person) is is_allowed


def test_whoever_orders_is_asked_and_a_yes_opens_offers() -> None:
    way, person = askfirst(agreement=Agreement.UNASKED)
    assert not may(way, person, NEWS)
    assert way.ask_at_order(person, YES, Instant(NOON - DAY))
    assert may(way, person)
    assert may(way, person, NEWS)


def test_whoever_answers_nothing_was_informed_and_gets_news_of_the_order_alone() -> None:
    way, person = askfirst(agreement=Agreement.UNASKED)
    silent = YES._replace(order_news=False, offers=False)
    assert not way.ask_at_order(person, silent, Instant(NOON - DAY))
    assert may(way, person, NEWS)
    assert not may(way, person)


def test_nobody_who_said_no_is_asked_for_offers_again() -> None:
    way, person = askfirst(agreement=Agreement.STOPPED)
    assert not way.ask_at_order(person, YES, Instant(NOON - DAY))
    assert not may(way, person)


@pytest.mark.parametrize("manner", Manner)
def test_each_manner_of_saying_stop_is_heard(manner: Manner) -> None:
    words = WORDINGS[0]
    text = {Manner.BUTTON: words.button, Manner.SWITCH: "", Manner.KEYWORD: "STOP"}
    way, person = askfirst()
    remark = Remark(text.get(manner, words.own_words[0]), manner, is_no=True)
    way.hear(person, remark, Instant(NOON - DAY))
    assert way.has_noted_no(person)
    assert not may(way, person)


def test_a_tap_on_stop_promotions_leaves_news_of_orders() -> None:
    way, person = askfirst()
    remark = Remark(WORDINGS[0].button, Manner.BUTTON, is_no=True)
    way.hear(person, remark, Instant(NOON - DAY))
    assert may(way, person, NEWS)


@pytest.mark.parametrize("words", WORDINGS, ids=lambda one: one.language)
def test_what_people_write_is_understood_as_the_file_says(words: Wordings) -> None:
    opt_out = built_in_opt_out()
    assert opt_out.read_tapped(words.button, words.button).is_stop
    assert all(opt_out.read_typed(text).is_stop for text in words.keywords)
    for text in words.unforeseen:
        assert not opt_out.read_typed(text).is_stop


@pytest.mark.parametrize(("is_no", "may_go_on"), [(True, False), (False, True)])
def test_what_may_be_a_stop_lets_offers_rest_and_is_asked_about_once(
    *, is_no: bool, may_go_on: bool
) -> None:
    way, person = askfirst()
    remark = Remark("this is spam", Manner.OWN_WORDS, is_no=is_no)
    assert way.hear(person, remark, Instant(NOON - DAY))
    assert not may(way, person)
    assert not way.hear(person, remark, Instant(NOON - DAY + 1))
    way.hear_answer(person, is_no=is_no, now=Instant(NOON - DAY + 2))
    assert may(way, person) is may_go_on
    assert way.has_noted_no(person) is not may_go_on


def test_a_block_list_knows_its_button_and_its_words_and_nothing_else() -> None:
    for text, manner, is_known in (
        ("Stop promotions", Manner.BUTTON, True),
        ("Stop.", Manner.KEYWORD, True),
        ("BAJA", Manner.KEYWORD, False),
        ("please stop", Manner.OWN_WORDS, False),
    ):
        way, person = KeepBlockList(), somebody()
        way.hear(person, Remark(text, manner, is_no=True), NOON)
        assert way.has_noted_no(person) is is_known
        assert may(way, person, NEWS) is not is_known


def test_each_assumption_is_changed_one_by_one_with_fewer_people() -> None:
    variants = list(vary(Study(people=12, days=2)))
    names = [one.name for one in variants]
    assert len(variants) == 3 + 2 * len({one.name for one in variants if one.value is not None})
    assert names[3] == names[4]


@pytest.mark.parametrize(("people", "days", "field"), [(0, 1, "people"), (1, 0, "days")])
def test_a_study_of_nobody_is_refused(people: int, days: int, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        Study(people=people, days=days)
    assert raised.value.field == field
