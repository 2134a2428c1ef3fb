"""The judge of the race, on histories made by hand: good ones pass, bad ones do not."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.stop_confirmation import CONFIRMATION_NAME
from tests.promise.harness.history import RACED_NS, Books, History, Judgement, compare, judge
from tests.promise.harness.journal import Record

MS = 1_000_000


def yes(asked: int, answered: int, status: int = 201) -> Record:
    return _span("yes", asked, answered, status)


def stop(asked: int, answered: int, status: int = 200) -> Record:
    return _span("stop", asked, answered, status)


def _span(what: str, asked: int, answered: int, status: int, **more: str) -> Record:
    times = {"asked": asked * MS, "answered": answered * MS}
    return {"what": what, "contact": "ana", "status": status, **times, **more}


def decision(asked: int, answered: int, status: int = 200, key: str = "m") -> Record:
    return _span("decision", asked, answered, status, key=key, decision="dec_" + key)


def left(at: int, key: str = "m", contact: str = "ana") -> Record:
    return {"what": "left", "contact": contact, "key": key, "at": at * MS}


def arrived(at: int, key: str = "m") -> Record:
    return {**left(at, key), "what": "arrived"}


def judged(*records: Record) -> Judgement:
    history = History()
    history.take(records)
    return judge(history)


GOOD = {
    "a message between a yes and a stop": (yes(0, 1), left(2), stop(3, 5)),
    "one that left while the stop was being taken": (yes(0, 1), stop(3, 5), left(4)),
    "one in the very nanosecond of the acknowledgement": (yes(0, 1), stop(3, 5), left(5)),
    "one after a newer yes": (yes(0, 1), stop(3, 5), yes(6, 9), left(10)),
    "one after a newer yes was requested": (yes(0, 1), stop(3, 5), yes(6, 9), left(7)),
    "one after a yes that overlaps the stop": (stop(3, 5), yes(4, 9), left(10)),
    "one after a yes nobody knows the fate of": (yes(0, 1, 0), stop(3, 5), left(10)),
    "one after a yes that failed but may have been written": (
        yes(0, 1, 503),
        stop(3, 5),
        left(10),
    ),
    "one after a stop that was not acknowledged": (yes(0, 1), stop(3, 5, 503), left(10)),
    "one to another person": (stop(3, 5), left(10, contact="ben")),
    "a history in any order": (left(2), stop(3, 5), yes(0, 1)),
}
BAD = {
    "a message after a stop": (yes(0, 1), stop(3, 5), left(6)),
    "one after a stop although a yes came later": (yes(0, 1), stop(3, 5), left(6), yes(7, 8)),
    "one after the second of two stops": (stop(0, 1), yes(2, 3), stop(4, 5), left(6)),
    "one after a stop, with a yes just before it": (yes(1, 2), stop(3, 5), left(6)),
    "one long after a yes that failed": (yes(-2000, -1999, 503), stop(3, 5), left(6)),
    "one after a stop of a person who never agreed": (stop(3, 5), left(6)),
    "one that left before an older stop's answer came": (
        stop(0, 9),
        yes(1, 2),
        stop(3, 5),
        left(6),
    ),
}


@pytest.mark.parametrize("records", GOOD.values(), ids=GOOD.keys())
def test_a_good_history_holds_nothing_against_the_house(records: tuple[Record, ...]) -> None:
    assert judged(*records).stale == ()


@pytest.mark.parametrize("records", BAD.values(), ids=BAD.keys())
def test_a_bad_history_names_the_message(records: tuple[Record, ...]) -> None:
    assert judged(*records).stale == ((6 * MS, "m"),)


@pytest.mark.parametrize(
    ("asked", "answered", "is_raced"),
    [
        pytest.param(0, 4, False, id="over before the acknowledgement"),
        pytest.param(0, 5, False, id="over with it"),
        pytest.param(0, 6, True, id="under way when it came"),
        pytest.param(4, 9, True, id="begun while the stop was taken"),
        pytest.param(5 + RACED_NS // MS, 20, True, id="begun shortly after it"),
        pytest.param(6 + RACED_NS // MS, 20, False, id="begun later"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_decision_is_raced_when_its_send_could_have_left_after_the_acknowledgement(
    asked: int, answered: int, is_raced: bool, status: int
) -> None:
    found = judged(yes(-2, -1), stop(3, 5), decision(asked, answered, status))
    assert found.raced == is_raced


@pytest.mark.parametrize(
    ("said", "is_raced"),
    [
        pytest.param((), False, id="nobody agreed"),
        pytest.param((yes(-9, -8), stop(-7, -6)), False, id="stopped long ago"),
        pytest.param((yes(-9, -8), stop(-7, -6), yes(-5, -4)), True, id="agreed again"),
        pytest.param((yes(-9, -8, 503),), False, id="the yes was not taken"),
        pytest.param((yes(-9, -8, 0),), False, id="nobody knows of the yes"),
        pytest.param((yes(-9, 4),), False, id="the yes was not in force yet"),
    ],
)
def test_only_a_stop_that_ended_a_yes_is_raced(said: tuple[Record, ...], is_raced: bool) -> None:
    assert judged(*said, stop(3, 5), decision(4, 9, 400)).raced == is_raced


def test_a_decision_that_raced_several_stops_counts_once() -> None:
    said = (yes(-2, -1), stop(3, 5), yes(6, 7), stop(8, 9))
    assert judged(*said, decision(4, 12)).raced == 1


def test_a_stop_on_a_page_is_answered_with_a_redirection() -> None:
    assert judged(yes(0, 1), stop(3, 5, 303), left(6)).stale == ((6 * MS, "m"),)


def test_decisions_are_counted_by_their_verdict() -> None:
    verdict = judged(
        decision(0, 1), left(0), arrived(1), decision(2, 3, 400), decision(4, 5, 503), stop(6, 7)
    )
    counts = (verdict.decisions, verdict.allowed, verdict.denied, verdict.failed, verdict.stops)
    assert counts == (2, 1, 1, 1, 1)


@pytest.mark.parametrize(
    "records",
    [
        pytest.param((arrived(1),), id="it left past the one door"),
        pytest.param((left(0), arrived(1), arrived(2)), id="it came twice"),
        pytest.param((decision(0, 1),), id="it was answered as sent and never came"),
    ],
)
def test_a_stray_message_is_named(records: tuple[Record, ...]) -> None:
    assert set(judged(*records).strays) == {"m"}


def test_an_honest_send_is_no_stray() -> None:
    assert judged(decision(0, 3), left(1), arrived(2)).strays == ()


def confirmed(at: int, contact: str = "ana") -> Record:
    return left(at, CONFIRMATION_NAME, contact)


def test_a_confirmation_of_a_stop_is_no_stale_message() -> None:
    judgement = judged(yes(0, 1), stop(3, 5), confirmed(6), {**confirmed(6), "what": "arrived"})
    assert (judgement.stale, judgement.strays) == ((), ())


def test_a_second_confirmation_needs_a_yes_before_it() -> None:
    stops = (yes(0, 1), stop(3, 5), stop(7, 8))
    assert judged(*stops, confirmed(6), confirmed(9)).strays == (CONFIRMATION_NAME,)
    assert judged(*stops, confirmed(6), confirmed(9, "ben")).strays == ()
    assert judged(*stops, confirmed(6), yes(7, 7), confirmed(9)).strays == ()


def test_a_late_confirmation_leaves_room_for_that_of_the_next_stop_and_for_no_third() -> None:
    said = (yes(0, 1), stop(2, 3), yes(4, 5), stop(6, 7), confirmed(8), confirmed(9))
    assert judged(*said).strays == ()
    assert judged(*said, confirmed(10)).strays == (CONFIRMATION_NAME,)


def test_as_many_confirmations_may_be_late_as_there_were_stops() -> None:
    said = [
        word
        for number in range(0, 12, 4)
        for word in (yes(number, number + 1), stop(number + 2, number + 3))
    ]
    late = (confirmed(13), confirmed(14), confirmed(15))
    assert judged(*said, *late).strays == ()
    assert judged(*said, *late, confirmed(16)).strays == (CONFIRMATION_NAME,)


def test_a_message_without_a_decision_is_told_from_one_without_an_outcome() -> None:
    answered = {"whole": "d1", "no outcome": "d2", "no decision": "d3", "outcome only": "d4"}
    books = compare(answered, allowed={"d1", "d2"}, left={"d1", "d4"})
    assert books.unwritten == {"no decision", "outcome only"}
    assert books.unconcluded == {"no outcome"}
    assert compare({"whole": "d1"}, {"d1", "d9"}, {"d1"}) == Books()
