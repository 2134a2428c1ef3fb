"""The laws of a message that may be a stop: marketing rests, and only its writer ends that."""

from hypothesis import given
from hypothesis import strategies as st

from askfirst.decision.decide import decide
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import (
    Standing,
    doubt_about,
    fold,
    merge,
    restrict,
    step,
    view,
)
from askfirst.domain.value import replace
from askfirst.domain.values.purpose import MARKETING, Category, Purpose
from askfirst.domain.values.timestamp import Instant
from tests.properties.histories import (
    DOUBTS,
    LATEST,
    NATIVE,
    NOES,
    YESES,
    arrange,
    event,
    events,
    granted,
    histories,
    moments,
    purposes,
)
from tests.properties.test_decide import LINK, policies, questions, worlds

DOUBT = event(EventKind.DOUBTED, LATEST + 1, number_proof=NumberProof.PROVEN)
AFTER = (EventKind.CONFIRMED, *NATIVE, EventKind.SUSPENDED, EventKind.ERASED)
"""What other people and other acts bring: none of it is an answer to the question."""


def may_send(standing: Standing, purpose: Purpose) -> bool:
    return granted(standing, purpose) and doubt_about(standing, purpose) is None


@given(histories(), st.integers(0, 8), moments, worlds(), policies(), questions())
def test_nothing_is_allowed_with_the_message_that_is_not_allowed_without_it(
    history: list[Event],
    place: int,
    moment: Instant,
    facts: DecisionContext,
    policy: Policy,
    question: SendRequest,
) -> None:
    if question.kind is MessageKind.STOP_QUESTION:
        return
    doubt = replace(DOUBT, occurred_at=moment)
    told = arrange([*history[:place], doubt, *history[place:]])
    without = [one for one in told if one is not told[min(place, len(history))]]
    with_it, rest = (replace(facts, standing=fold(each)) for each in (told, without))
    if decide(with_it, policy, question, Instant(LATEST + 2)).allowed:
        assert decide(rest, policy, question, Instant(LATEST + 2)).allowed


@given(histories(), purposes)
def test_what_may_be_a_stop_lets_marketing_rest_and_leaves_all_else(
    history: list[Event], purpose: Purpose
) -> None:
    before, after = fold(history), fold(arrange([*history, DOUBT]))
    assert after.scopes == before.scopes
    assert after.native_stops == before.native_stops
    assert view(after, purpose) == view(before, purpose)
    assert (doubt_about(after, purpose) is None) == (purpose.category is not Category.MARKETING)


@given(histories(), st.lists(events(AFTER), max_size=4), purposes)
def test_silence_and_the_acts_of_others_resume_nothing(
    history: list[Event], later: list[Event], purpose: Purpose
) -> None:
    moved = [replace(one, occurred_at=Instant(one.occurred_at + LATEST + 2)) for one in later]
    after = fold(arrange([*history, DOUBT, *moved]))
    assert not may_send(after, purpose) or purpose.category is not Category.MARKETING


@given(histories(), events([EventKind.GRANTED]), purposes)
def test_a_yes_ends_it_only_from_the_number_itself_and_later(
    history: list[Event], yes: Event, purpose: Purpose
) -> None:
    after = fold(arrange([*history, DOUBT, yes, replace(yes, occurred_at=Instant(LATEST + 2))]))
    is_sure = yes.number_proof is NumberProof.PROVEN and yes.assurance is not Assurance.ASSERTED
    if may_send(after, purpose) and purpose.category is Category.MARKETING:
        assert is_sure
        assert not yes.is_history
        assert set(yes.purposes) & set(purpose.chain)


def test_of_a_yes_to_offers_only_one_from_the_number_ends_it() -> None:
    for proof in NumberProof:
        yes = event(EventKind.GRANTED, LATEST + 2, number_proof=proof)
        after = fold(arrange([event(EventKind.GRANTED, 1), DOUBT, yes]))
        assert may_send(after, MARKETING) is (proof is NumberProof.PROVEN)


@given(histories(), purposes)
def test_that_nothing_was_to_stop_brings_back_what_was_there_and_no_more(
    history: list[Event], purpose: Purpose
) -> None:
    kept = event(EventKind.KEPT, LATEST + 2, number_proof=NumberProof.PROVEN)
    before, after = fold(history), fold(arrange([*history, DOUBT, kept]))
    assert after.scopes == before.scopes
    assert after.doubt is None
    assert view(after, purpose) == view(before, purpose)


@given(histories(), moments, st.sampled_from(NumberProof))
def test_an_answer_from_before_the_message_or_of_somebody_else_ends_nothing(
    history: list[Event], moment: Instant, proof: NumberProof
) -> None:
    late = event(EventKind.KEPT, moment, number_proof=proof)
    others = event(EventKind.KEPT, LATEST + 2, number_proof=NumberProof.VOUCHED)
    assert fold(arrange([*history, DOUBT, late, others])).doubt is not None


@given(histories(), st.sampled_from([(), ("marketing",), ("marketing.offers",)]))
def test_a_stop_takes_its_place_and_a_stop_of_a_topic_does_not(
    history: list[Event], named: tuple[str, ...]
) -> None:
    stop = event(EventKind.WITHDRAWN, LATEST + 2, purposes=named, number_proof=NumberProof.PROVEN)
    after = fold(arrange([*history, DOUBT, stop]))
    assert (after.doubt is None) == (named != ("marketing.offers",))
    assert not may_send(after, MARKETING)


@given(histories(), histories(), purposes)
def test_merging_keeps_the_doubt_of_either_side(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    sides = fold(one), fold(arrange(other, first=len(one) + 1))
    merged = merge(*sides, LINK)
    assert (merged.doubt is None) == all(side.doubt is None for side in sides)
    if may_send(merged, purpose):
        assert all(doubt_about(side, purpose) is None for side in sides)


@given(histories(), histories(), purposes)
def test_a_doubt_of_a_number_that_may_be_the_same_counts(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    own, near = fold(one), fold(arrange([*other, DOUBT], first=len(one) + 1))
    assert not may_send(restrict(own, near), purpose) or purpose.category is not Category.MARKETING


@given(histories((*YESES, *NOES, *DOUBTS)))
def test_a_doubt_begins_anew_only_after_it_has_ended(history: list[Event]) -> None:
    standing = fold([])
    for one in history:
        before, standing = standing, step(standing, one)
        if one.kind is EventKind.DOUBTED and standing.doubt:
            began = before.doubt.first if before.doubt else one.position
            assert standing.doubt.first == began
            assert standing.doubt.mark.position == one.position


def test_a_yes_to_a_topic_is_enough_for_that_topic_alone() -> None:
    yes = event(EventKind.GRANTED, 1, purposes=("marketing",))
    topic = event(
        EventKind.GRANTED,
        LATEST + 2,
        purposes=("marketing.offers",),
        number_proof=NumberProof.PROVEN,
        source=Source.WEBHOOK,
    )
    after = fold(arrange([yes, DOUBT, topic]))
    assert may_send(after, Purpose("marketing.offers"))
    assert not may_send(after, Purpose("marketing.news"))
    assert not may_send(after, MARKETING)
