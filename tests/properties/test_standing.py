"""The laws of the fold (design, section 3)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.stamp import Grant, Stamp
from askfirst.domain.consent.standing import (
    EVERYTHING,
    Answer,
    Standing,
    fold,
    merge,
    native_stop,
    restrict,
    step,
    view,
)
from askfirst.domain.value import replace
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import MARKETING, Purpose, chain_of
from askfirst.domain.values.timestamp import Instant
from tests.properties.histories import (
    LATEST,
    NATIVE,
    NOES,
    PURPOSES,
    answer,
    arrange,
    event,
    events,
    granted,
    histories,
    in_time,
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


def allowed(standing: Standing, purpose: Purpose) -> set[tuple[Assurance, NumberProof]]:
    """What a policy can ask of a yes at most, for a message to leave."""
    alive = view(standing, purpose).alive
    return {(a, p) for y in alive for a in Assurance for p in NumberProof if _is(y, a, p)}


def _is(yes: Grant, assurance: Assurance, proof: NumberProof) -> bool:
    return yes.assurance >= assurance and yes.number_proof >= proof


@given(histories(), purposes)
def test_whatever_the_order_of_arrival_nothing_is_allowed_that_time_would_not_allow(
    history: list[Event], purpose: Purpose
) -> None:
    arrived, said = fold(history), fold(in_time(history))
    assert allowed(arrived, purpose) <= allowed(said, purpose)
    assert native_stop(arrived, None) or not native_stop(said, None)


def spoken(history: list[Event], purpose: Purpose) -> set[tuple[Assurance, NumberProof]]:
    """The rules read off a whole history, pair by pair, without folding."""
    yeses = [one for one in history if one.kind is EventKind.GRANTED]
    found = set()
    for yes in (one for one in yeses if set(one.purposes) & set(purpose.chain)):
        if all(_survives(yes, no) for no in history if _speaks_against(no, purpose)):
            found |= {
                (a, p)
                for a in Assurance
                for p in NumberProof
                if yes.assurance >= a and yes.number_proof >= p
            }
    return found


def _speaks_against(act: Event, purpose: Purpose) -> bool:
    if act.kind not in NOES:
        return False
    return not act.purposes or bool(set(act.purposes) & set(purpose.chain))


def _survives(yes: Event, no: Event) -> bool:
    if no.position > yes.position and not no.is_history:
        return False
    is_claim = yes.assurance is Assurance.ASSERTED or yes.number_proof is NumberProof.TYPED
    return not is_claim and not yes.is_history and yes.occurred_at > no.occurred_at


@given(histories((EventKind.GRANTED, *NOES)), purposes)
def test_a_standing_is_what_the_rules_say_of_its_whole_history(
    history: list[Event], purpose: Purpose
) -> None:
    assert allowed(fold(history), purpose) == spoken(history, purpose)


@given(histories(), events([EventKind.REFUSED, EventKind.WITHDRAWN]), purposes)
def test_a_no_ends_every_yes_that_was_recorded_before_it(
    history: list[Event], no: Event, purpose: Purpose
) -> None:
    """Whenever it says it was said: no clock makes an acknowledged no void."""
    live = replace(no, source=Source.API)
    if not no.purposes or set(no.purposes) & set(purpose.chain):
        assert not granted(fold(arrange([*history, live])), purpose)


@given(histories(), events([EventKind.REFUSED, EventKind.WITHDRAWN]), purposes)
def test_a_late_no_that_ended_a_newer_yes_says_so(
    history: list[Event], no: Event, purpose: Purpose
) -> None:
    late = replace(no, source=Source.API, purposes=(purpose.name,))
    scopes = fold(history).scopes
    topics = [name for name in scopes if purpose.name in chain_of(name)]
    yeses = [yes.mark.at for name in topics for yes in scopes[name].yeses]
    newer = [at for at in yeses if at > late.occurred_at]
    after = fold(arrange([*history, late])).scopes[purpose.name].no
    assert after is not None
    if newer:
        assert after.ended == max(newer)


@given(histories(), events([EventKind.WITHDRAWN]), purposes)
def test_a_no_of_history_ends_no_yes_that_was_said_after_it(
    history: list[Event], no: Event, purpose: Purpose
) -> None:
    past = replace(no, source=Source.HISTORY)
    before = view(fold(history), purpose)
    after = view(fold(arrange([*history, past])), purpose)
    kept = [yes for yes in before.alive if yes.can_lift and yes.mark.at > past.occurred_at]
    assert set(kept) <= set(after.alive)


@given(histories(), events([EventKind.GRANTED]), purposes)
def test_a_yes_of_history_never_lifts_a_no(
    history: list[Event], yes: Event, purpose: Purpose
) -> None:
    past = replace(yes, source=Source.IMPORT)
    if answer(fold(history), purpose) not in OPEN:
        assert not granted(fold(arrange([*history, past])), purpose)


def test_a_proven_yes_of_a_file_lifts_no_older_stop() -> None:
    stop = event(EventKind.WITHDRAWN, at=3, purposes=())
    yes = event(EventKind.GRANTED, at=5, source=Source.IMPORT, number_proof=NumberProof.PROVEN)
    assert not granted(fold(arrange([stop, yes])), MARKETING)
    assert granted(fold(arrange([stop, replace(yes, source=Source.WEBHOOK)])), MARKETING)


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


LINK = Stamp(Instant(LATEST + 1), Position(99), EventKind.LINKED)


def pair(one: list[Event], other: list[Event]) -> tuple[Standing, Standing]:
    return fold(one), fold(arrange(other, first=len(one) + 1))


@given(histories(), histories(), purposes)
def test_merging_keeps_every_objection_and_adds_no_yes(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    sides = pair(one, other)
    merged = merge(*sides, LINK)
    if granted(merged, purpose):
        answers = {answer(side, purpose) for side in sides}
        assert answers <= OPEN
        assert Answer.GRANTED in answers
    assert allowed(merged, purpose) <= allowed(sides[0], purpose) | allowed(sides[1], purpose)


OFFERS = ("marketing.offers",)
SIDES = {
    "nothing": [],
    "yes": [event(EventKind.GRANTED, 5)],
    "a weak yes": [event(EventKind.GRANTED, 6, assurance=Assurance.ASSERTED)],
    "a yes to a topic": [event(EventKind.GRANTED, 7, purposes=OFFERS)],
    "a refusal": [event(EventKind.REFUSED, 3)],
    "a refusal of a topic": [event(EventKind.REFUSED, 3, purposes=OFFERS)],
    "a stop": [event(EventKind.WITHDRAWN, 2, purposes=())],
    "a stop after a yes": [event(EventKind.GRANTED, 1), event(EventKind.WITHDRAWN, 2, purposes=())],
    "a yes after a stop": [event(EventKind.WITHDRAWN, 1, purposes=()), event(EventKind.GRANTED, 8)],
    "a new owner": [event(EventKind.GRANTED, 1), event(EventKind.SUSPENDED, 2, purposes=())],
    "an erasure": [event(EventKind.GRANTED, 1), event(EventKind.ERASED, 2, purposes=())],
}


@pytest.mark.parametrize("purpose", [Purpose("marketing"), Purpose("marketing.offers")], ids=str)
@pytest.mark.parametrize("other", SIDES)
@pytest.mark.parametrize("one", SIDES)
def test_whoever_objects_outdoes_whoever_agrees(one: str, other: str, purpose: Purpose) -> None:
    sides = fold(arrange(SIDES[one])), fold(arrange(SIDES[other], first=3))
    answers = {answer(side, purpose) for side in sides}
    merged = merge(*sides, LINK)
    assert granted(merged, purpose) is (answers <= OPEN and Answer.GRANTED in answers)
    before_it = event(EventKind.GRANTED, LATEST, purposes=(purpose.name,), position=Position(100))
    if answers - OPEN and Answer.GRANTED in answers:
        assert not granted(step(merged, before_it), purpose)
    after_it = replace(before_it, occurred_at=Instant(LATEST + 2))
    assert granted(step(merged, after_it), purpose)


@given(histories(), histories(), purposes)
def test_the_better_yes_counts_after_a_merge(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    sides = pair(one, other)
    if all(answer(side, purpose) in OPEN for side in sides):
        both = allowed(sides[0], purpose) | allowed(sides[1], purpose)
        assert allowed(merge(*sides, LINK), purpose) == both


@given(histories(), histories(), purposes)
def test_merging_gives_the_same_answers_either_way(
    one: list[Event], other: list[Event], purpose: Purpose
) -> None:
    sides = pair(one, other)
    one_way, other_way = merge(*sides, LINK), merge(sides[1], sides[0], LINK)
    assert answer(one_way, purpose) == answer(other_way, purpose)


@given(histories(), histories())
def test_merging_keeps_every_native_stop(one: list[Event], other: list[Event]) -> None:
    sides = pair(one, other)
    assert merge(*sides, LINK).native_stops.keys() == sides[0].native_stops.keys() | (
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
    linked = replace(link, position=Position(LINK.position))
    before = fold([*one, linked], absorbed)
    after = fold([*one, linked, replace(late, position=Position(LINK.position + 1))], absorbed)
    if answer(theirs, purpose) not in OPEN or answer(mine, purpose) not in OPEN:
        assert not granted(before, purpose)
        if granted(mine, purpose) or granted(theirs, purpose):
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


def test_a_vouched_confirmation_proves_the_number_and_nothing_else() -> None:
    typed = event(EventKind.GRANTED, 0, number_proof=NumberProof.TYPED)
    vouched = event(EventKind.CONFIRMED, 1, assurance=Assurance.ASSERTED)
    seen = view(fold(arrange([typed, vouched])), Purpose("marketing"))
    assert (seen.assurance, seen.number_proof) == (Assurance.SHOWN, NumberProof.VOUCHED)


def test_a_proof_from_before_a_yes_says_nothing_of_it() -> None:
    typed = event(EventKind.GRANTED, 5, number_proof=NumberProof.TYPED)
    proof = event(EventKind.CONFIRMED, 4, number_proof=NumberProof.PROVEN)
    seen = view(fold(arrange([typed, proof])), Purpose("marketing"))
    assert seen.number_proof is NumberProof.TYPED


def test_proving_a_number_does_not_lift_the_refusal_of_a_topic() -> None:
    """Found by the laws above: the smallest history that once did."""
    history = arrange(
        [
            event(EventKind.GRANTED, 0),
            event(EventKind.REFUSED, 1, purposes=("marketing.offers",)),
            event(EventKind.CONFIRMED, 2, purposes=(), number_proof=NumberProof.PROVEN),
        ]
    )
    assert answer(fold(history), Purpose("marketing.offers")) is Answer.REFUSED
    assert view(fold(history), Purpose("marketing")).assurance is Assurance.CONFIRMED


@pytest.mark.parametrize("moment", [4, 5])
def test_an_old_resume_of_metas_lifts_no_newer_stop(moment: int) -> None:
    stop = event(EventKind.NATIVE_STOPPED, 5)
    late = event(EventKind.NATIVE_RESUMED, moment)
    assert native_stop(fold(arrange([stop, late])), "1")
    assert not native_stop(fold(arrange([stop, replace(late, occurred_at=Instant(6))])), "1")


def test_a_yes_that_anybody_may_have_typed_lifts_no_stop() -> None:
    stop = event(EventKind.WITHDRAWN, 1, purposes=())
    yes = event(EventKind.GRANTED, 2)
    assert granted(fold(arrange([stop, yes])), Purpose("marketing"))
    typed = replace(yes, number_proof=NumberProof.TYPED)
    assert not granted(fold(arrange([stop, typed])), Purpose("marketing"))
