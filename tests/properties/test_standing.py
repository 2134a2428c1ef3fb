"""The laws of the fold (design, section 3)."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.instant import Instant
from askfirst.domain.purpose import Purpose
from askfirst.domain.standing import (
    EVERYTHING,
    Answer,
    Standing,
    fold,
    merge,
    native_stop,
    restrict,
    view,
)
from tests.properties.histories import (
    LATEST,
    NATIVE,
    PURPOSES,
    answer,
    arrange,
    event,
    events,
    granted,
    histories,
    moments,
    purposes,
    stored,
)

OPEN = {Answer.GRANTED, Answer.UNASKED}


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(history: list[Event], dice: random.Random) -> None:
    shuffled = history.copy()
    dice.shuffle(shuffled)
    assert fold(shuffled) == fold(history)


@given(histories(), st.randoms(use_true_random=False), purposes)
def test_the_order_of_arrival_does_not_matter(
    history: list[Event], dice: random.Random, purpose: Purpose
) -> None:
    shuffled = history.copy()
    dice.shuffle(shuffled)
    one, other = fold(history), fold(arrange(shuffled))
    assert granted(one, purpose) == granted(other, purpose)
    assert bool(native_stop(one, None)) == bool(native_stop(other, None))


@given(
    st.lists(events(), max_size=8, unique_by=lambda one: one.occurred_at),
    st.randoms(use_true_random=False),
    purposes,
)
def test_without_ties_the_whole_view_is_the_same_in_any_order_of_arrival(
    acts: list[Event], dice: random.Random, purpose: Purpose
) -> None:
    shuffled = acts.copy()
    dice.shuffle(shuffled)
    one, other = view(fold(arrange(acts)), purpose), view(fold(arrange(shuffled)), purpose)
    assert (one.answer, one.assurance) == (other.answer, other.assurance)
    assert (one.since and one.since.at) == (other.since and other.since.at)


@given(histories())
def test_taking_events_one_by_one_gives_the_fold(history: list[Event]) -> None:
    assert stored(history) == fold(history)


@given(histories(), events([EventKind.GRANTED]), purposes)
def test_a_no_is_never_undone_by_an_older_yes(
    history: list[Event], yes: Event, purpose: Purpose
) -> None:
    before = view(fold(history), purpose)
    after = view(fold(arrange([*history, yes])), purpose)
    if before.answer not in OPEN and before.since and yes.occurred_at <= before.since.at:
        assert after.answer is not Answer.GRANTED


@given(histories(), events([EventKind.GRANTED]), purposes)
def test_an_asserted_yes_never_lifts_a_no(
    history: list[Event], yes: Event, purpose: Purpose
) -> None:
    claim = event(
        EventKind.GRANTED, yes.occurred_at, purposes=yes.purposes, assurance=Assurance.ASSERTED
    )
    if answer(fold(history), purpose) not in OPEN:
        assert not granted(fold(arrange([*history, claim])), purpose)


@given(histories(), events([EventKind.GRANTED]), st.integers(0, 8), purposes)
def test_a_yes_for_a_number_that_was_only_typed_never_lifts_a_no(
    history: list[Event], yes: Event, place: int, purpose: Purpose
) -> None:
    """Whichever comes first: a no that is delivered late counts against it, too."""
    typed = replace(yes, number_proof=NumberProof.TYPED)
    if answer(fold(history), purpose) not in OPEN:
        mixed = arrange([*history[:place], typed, *history[place:]])
        assert not granted(fold(mixed), purpose)


@given(histories(), events([EventKind.GRANTED]), purposes)
def test_a_typed_yes_takes_nothing_from_the_holders(
    history: list[Event], yes: Event, purpose: Purpose
) -> None:
    typed = replace(yes, number_proof=NumberProof.TYPED)
    if granted(fold(history), purpose):
        assert granted(fold(arrange([*history, typed])), purpose)


@given(histories(), events([EventKind.CONFIRMED]), purposes)
def test_proving_a_number_is_no_yes(history: list[Event], proof: Event, purpose: Purpose) -> None:
    if not granted(fold(history), purpose):
        assert not granted(fold(arrange([*history, proof])), purpose)


@given(histories(), events(NATIVE), purposes)
def test_metas_switch_is_a_layer_of_its_own(
    history: list[Event], switch: Event, purpose: Purpose
) -> None:
    assert answer(fold(arrange([*history, switch])), purpose) == answer(fold(history), purpose)


@given(histories(), purposes)
def test_metas_stop_stays_until_metas_resume(history: list[Event], purpose: Purpose) -> None:
    stop = event(EventKind.NATIVE_STOPPED, LATEST + 1)
    yes = event(EventKind.GRANTED, LATEST + 2, purposes=(purpose.name,))
    resume = event(EventKind.NATIVE_RESUMED, LATEST + 3)
    assert native_stop(fold(arrange([*history, stop, yes])), "1")
    assert not native_stop(fold(arrange([*history, stop, yes, resume])), "1")


def pair(one: list[Event], other: list[Event]) -> tuple[Standing, Standing]:
    return fold(one), fold(arrange(other, first=len(one) + 1))


@given(histories(), histories(), purposes)
def test_merging_is_most_restrictive(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    sides = pair(one, other)
    if granted(merge(*sides), purpose):
        answers = {answer(side, purpose) for side in sides}
        assert answers <= OPEN
        assert Answer.GRANTED in answers


@given(histories(), histories(), purposes)
def test_merging_gives_the_same_answers_either_way(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    sides = pair(one, other)
    assert answer(merge(*sides), purpose) == answer(merge(*reversed(sides)), purpose)


@given(histories(), histories())
def test_merging_keeps_every_native_stop(one: list[Event], other: list[Event]) -> None:
    sides = pair(one, other)
    assert merge(*sides).native_stops.keys() == sides[0].native_stops.keys() | (
        sides[1].native_stops.keys()
    )


@given(histories(), histories(), events([EventKind.GRANTED]), purposes)
def test_no_yes_from_before_a_merge_lifts_what_the_merge_closed(
    one: list[Event], other: list[Event], late: Event, purpose: Purpose
) -> None:
    """The survivor holds `one`, the absorbed contact `other`; a yes of theirs arrives late."""
    mine, theirs = pair(one, other)
    link = event(EventKind.LINKED, LATEST + 1, absorbed="con_2", purposes=())
    absorbed = {link.absorbed: theirs} if link.absorbed else {}
    before = fold(arrange([*one, link], first=1), absorbed)
    after = fold(arrange([*one, link, late], first=1), absorbed)
    if answer(theirs, purpose) not in OPEN or answer(mine, purpose) not in OPEN:
        assert not granted(before, purpose)
    if answer(theirs, purpose) not in OPEN:
        assert not granted(after, purpose)


@given(histories(), histories(), purposes)
def test_a_neighbour_never_adds_a_yes(
    own: list[Event], neighbour: list[Event], purpose: Purpose
) -> None:
    mine, theirs = pair(own, neighbour)
    if granted(restrict(mine, theirs), purpose):
        assert granted(mine, purpose)


@given(histories([EventKind.GRANTED]), moments, purposes)
def test_a_neighbours_newer_stop_counts_here(
    own: list[Event], at: Instant, purpose: Purpose
) -> None:
    stop = event(EventKind.WITHDRAWN, at, purposes=())
    mine, theirs = pair(own, [stop])
    seen = view(restrict(mine, theirs), purpose)
    if seen.answer is Answer.GRANTED:
        assert any(yes.mark.at > at for yes in seen.alive)


@given(histories(), st.lists(events([EventKind.GRANTED, EventKind.CONFIRMED]), max_size=4))
def test_erasing_keeps_every_no_against_claims(history: list[Event], claims: list[Event]) -> None:
    erased = event(EventKind.ERASED, LATEST + 1, purposes=())
    later = [
        event(
            one.kind,
            one.occurred_at + LATEST + 2,
            purposes=one.purposes,
            assurance=Assurance.ASSERTED,
        )
        for one in claims
    ]
    standing = fold(arrange([*history, erased, *later]))
    assert not any(granted(standing, purpose) for purpose in PURPOSES)
    assert standing.scopes[EVERYTHING].no


@given(histories(), purposes)
def test_after_a_stop_of_everything_nothing_is_granted(
    history: list[Event], purpose: Purpose
) -> None:
    stop = event(EventKind.WITHDRAWN, LATEST, purposes=())
    assert not granted(fold(arrange([*history, stop])), purpose)


@given(histories(), purposes)
def test_a_new_owner_has_said_nothing_until_asked(history: list[Event], purpose: Purpose) -> None:
    owner = event(EventKind.SUSPENDED, LATEST + 1, purposes=())
    claim = event(
        EventKind.GRANTED, LATEST + 2, purposes=(purpose.name,), assurance=Assurance.ASSERTED
    )
    shown = event(EventKind.GRANTED, LATEST + 3, purposes=(purpose.name,))
    assert not granted(fold(arrange([*history, owner, claim])), purpose)
    assert granted(fold(arrange([*history, owner, claim, shown])), purpose)


def test_proving_a_number_does_not_lift_the_refusal_of_a_topic() -> None:
    """Found by the laws above: the smallest history that once did."""
    history = arrange(
        [
            event(EventKind.GRANTED, 0),
            event(EventKind.REFUSED, 1, purposes=("marketing.offers",)),
            event(EventKind.CONFIRMED, 2, purposes=()),
        ]
    )
    assert answer(fold(history), Purpose("marketing.offers")) is Answer.REFUSED
    assert view(fold(history), Purpose("marketing")).assurance is Assurance.CONFIRMED
