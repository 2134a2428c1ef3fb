"""Laws of what people choose: a choice only ever restricts, and a pause ends by itself."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.consent.choice import PauseUntil, choice_text, parse_choice
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.stamp import Stamp
from askfirst.domain.consent.standing import Standing, fold, merge, paused_until, restrict, view
from askfirst.domain.value import replace
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.consent.standing_codec import decode_standing, encode_standing
from tests.properties.histories import (
    CHOICES,
    LATEST,
    PURPOSES,
    arrange,
    event,
    events,
    frequencies,
    histories,
    moments,
    purposes,
    untils,
)

MARKETING, OFFERS = Purpose("marketing"), Purpose("marketing.offers")


def lets_through(standing: Standing, purpose: Purpose, now: Instant) -> bool:
    """Whether yes and pause together let a message of the purpose leave."""
    is_granted = bool(view(standing, purpose).alive)
    return is_granted and paused_until(standing, purpose, now) is None


def is_rarer(one: Frequency | None, other: Frequency | None) -> bool:
    """Whether the first lets no more through than the second."""
    if one is None or other is None:
        return other is None
    return one.count / one.days <= other.count / other.days


@given(histories(), events(CHOICES), purposes, moments)
def test_a_choice_never_lets_more_through(
    history: list[Event], choice: Event, purpose: Purpose, now: Instant
) -> None:
    before = fold(history)
    after = fold(arrange([*history, choice]))
    assert lets_through(before, purpose, now) or not lets_through(after, purpose, now)
    assert view(after, purpose) == view(before, purpose)


@given(histories(), frequencies)
def test_what_a_business_says_for_the_person_never_makes_messages_more_frequent(
    history: list[Event], chosen: Frequency | None
) -> None:
    said = event(EventKind.LIMITED, LATEST, choice=chosen, source=Source.API)
    before, after = fold(history), fold(arrange([*history, said]))
    assert is_rarer(after.frequency, before.frequency)


@given(histories(), frequencies)
def test_the_person_may_choose_anew(history: list[Event], chosen: Frequency | None) -> None:
    said = event(EventKind.LIMITED, LATEST, choice=chosen, source=Source.FORM)
    assert fold(arrange([*history, said])).frequency == chosen


@given(st.lists(untils, min_size=1, max_size=4), moments)
def test_of_several_pauses_the_latest_moment_counts(
    chosen: Sequence[PauseUntil], now: Instant
) -> None:
    pauses = [event(EventKind.PAUSED, number, choice=one) for number, one in enumerate(chosen)]
    latest = max(one.until for one in chosen)
    found = paused_until(fold(arrange(pauses)), OFFERS, now)
    assert found == (latest if latest > now else None)


@given(histories(), moments, purposes)
def test_when_its_moment_has_come_a_pause_changes_nothing(
    history: list[Event], until: Instant, purpose: Purpose
) -> None:
    paused = event(EventKind.PAUSED, 0, choice=PauseUntil(until), purposes=(purpose.name,))
    before, after = fold(history), fold(arrange([*history, paused]))
    for each in PURPOSES:
        now = max(until, paused_until(before, each, Instant(0)) or until)
        assert lets_through(after, each, now) == lets_through(before, each, now)


@given(moments, moments, st.sampled_from(NumberProof), st.sampled_from(Assurance))
def test_a_yes_ends_a_pause_only_as_it_would_lift_a_no(
    paused_at: Instant, said_at: Instant, proof: NumberProof, assurance: Assurance
) -> None:
    pause = event(EventKind.PAUSED, paused_at, choice=PauseUntil(Instant(LATEST + 1)))
    yes = event(EventKind.GRANTED, said_at, number_proof=proof, assurance=assurance)
    standing = fold(arrange([pause, yes]))
    is_own = proof > NumberProof.TYPED and assurance > Assurance.ASSERTED
    is_over = paused_until(standing, MARKETING, Instant(0)) is None
    assert is_over == (is_own and said_at > paused_at)


@given(histories(), histories(), purposes, moments)
def test_what_either_side_paused_stays_paused_after_a_merge_and_beside_a_neighbour(
    one: list[Event], other: list[Event], purpose: Purpose, now: Instant
) -> None:
    mine, theirs = fold(one), fold(other)
    link = Stamp(Instant(LATEST), len(one) + len(other) + 1, EventKind.LINKED)
    joined = merge(mine, theirs, link)
    for side in (mine, theirs):
        until = paused_until(side, purpose, now)
        for found in (joined, restrict(mine, theirs)):
            assert (paused_until(found, purpose, now) or 0) >= (until or 0)
            assert is_rarer(found.frequency, side.frequency)


def test_a_pause_of_either_side_holds_for_both_after_a_merge() -> None:
    pause = event(EventKind.PAUSED, 1, choice=PauseUntil(Instant(LATEST + 9)))
    paused, other = fold([replace(pause, position=Position(1))]), fold([])
    link = Stamp(Instant(LATEST), 2, EventKind.LINKED)
    for joined in (merge(paused, other, link), merge(other, paused, link)):
        assert paused_until(joined, MARKETING, Instant(LATEST)) == LATEST + 9


@given(histories())
def test_a_standing_with_choices_is_read_as_it_was_written(history: list[Event]) -> None:
    standing = fold(history)
    assert decode_standing(encode_standing(standing)) == standing


@given(untils | frequencies)
def test_a_choice_is_read_as_it_was_written(choice: PauseUntil | Frequency | None) -> None:
    assert parse_choice(choice_text(choice)) == choice


def test_a_pause_of_all_marketing_holds_its_topics_and_a_yes_to_all_ends_both() -> None:
    until = PauseUntil(Instant(LATEST + 1))
    pauses = [
        event(EventKind.PAUSED, 1, choice=until),
        event(EventKind.PAUSED, 1, choice=until, purposes=(OFFERS.name,)),
    ]
    held = fold(arrange(pauses))
    assert paused_until(held, OFFERS, Instant(2)) == LATEST + 1
    assert paused_until(held, Purpose("utility"), Instant(2)) is None
    again = fold(arrange([*pauses, event(EventKind.GRANTED, 2)]))
    assert paused_until(again, OFFERS, Instant(3)) is None
    topic = replace(event(EventKind.GRANTED, 2), purposes=(OFFERS.name,), position=Position(3))
    assert paused_until(fold([*arrange(pauses), topic]), OFFERS, Instant(3)) == LATEST + 1
