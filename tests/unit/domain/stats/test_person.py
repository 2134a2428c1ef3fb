"""What one person comes to in figures: late answers, merges, erasures, thirty days."""

from __future__ import annotations

from typing import Any

from askfirst.domain.consent.event import Event, EventKind, NumberProof
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.stats.figures import Counts, Figure
from askfirst.domain.stats.local_days import UTC_DAYS, LocalDays
from askfirst.domain.stats.person import (
    NO_FACTS,
    PersonFacts,
    awaits_message,
    count_person,
    people_of,
)
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from tests.properties.histories import arrange
from tests.properties.histories import event as plain_event

MONDAY, TUESDAY, FRIDAY = 4, 5, 1
LATE = Instant(90 * DAY)


def said(kind: EventKind, day: float, **parts: Any) -> Event:
    spoken = Instant(round(day * DAY))
    return replace(plain_event(kind, 0), occurred_at=spoken, recorded_at=LATE, **parts)


def counted(*events: Event, facts: PersonFacts = NO_FACTS, **more: Any) -> Counts:
    people = people_of(arrange(events))
    (own,) = people.values()
    return count_person(own, facts, more.get("days", UTC_DAYS), more.get("locales", {}))


def of(
    counts: Counts, figure: Figure, purpose: str = "marketing", dimension: str = "total"
) -> dict[Any, int]:
    """One figure: by day for the total, by value else."""
    found: dict[Any, int] = {}
    for cell, numbers in counts.items():
        if (cell.dimension, cell.purpose) == (dimension, purpose) and numbers[figure]:
            place = cell.day if dimension == "total" else cell.value
            found[place] = found.get(place, 0) + numbers[figure]
    return found


def test_a_no_that_comes_late_counts_on_the_day_on_which_it_was_said() -> None:
    counts = counted(said(EventKind.GRANTED, FRIDAY), said(EventKind.WITHDRAWN, MONDAY))
    assert of(counts, Figure.STOPS) == {MONDAY: 1}
    assert of(counts, Figure.LOST) == {MONDAY: 1}


def test_a_late_no_ends_a_newer_yes_on_the_day_of_that_yes() -> None:
    counts = counted(said(EventKind.GRANTED, TUESDAY), said(EventKind.WITHDRAWN, MONDAY))
    assert of(counts, Figure.STOPS) == {MONDAY: 1}
    assert of(counts, Figure.GAINED) == of(counts, Figure.LOST) == {TUESDAY: 1}


def test_two_contacts_who_turn_out_to_be_one_person_are_one() -> None:
    other = ContactId("con_2")
    counts = counted(
        said(EventKind.GRANTED, FRIDAY),
        said(EventKind.GRANTED, MONDAY, contact_id=other),
        said(EventKind.LINKED, TUESDAY, absorbed=other, purposes=()),
    )
    assert of(counts, Figure.OPT_INS) == {FRIDAY: 1, MONDAY: 1}
    assert of(counts, Figure.GAINED) == {FRIDAY: 1, MONDAY: 1}
    assert of(counts, Figure.LOST) == {TUESDAY: 1}
    assert of(counts, Figure.AGREED) == {FRIDAY: 1}


def test_a_yes_to_a_topic_is_one_to_its_purpose_and_counts_once_in_all() -> None:
    counts = counted(said(EventKind.GRANTED, FRIDAY, purposes=("marketing.offers", "utility")))
    for name in ("marketing.offers", "marketing", "utility", "*"):
        assert of(counts, Figure.OPT_INS, name) == of(counts, Figure.GAINED, name) == {FRIDAY: 1}


def test_a_stop_to_everything_is_one_to_what_was_ever_answered() -> None:
    counts = counted(
        said(EventKind.GRANTED, FRIDAY), said(EventKind.WITHDRAWN, MONDAY, purposes=())
    )
    assert of(counts, Figure.STOPS, "marketing") == of(counts, Figure.STOPS, "*") == {MONDAY: 1}
    assert of(counts, Figure.STOPS, "utility") == {}


def test_whoever_was_lost_is_taken_from_where_they_said_yes() -> None:
    yes = said(EventKind.GRANTED, FRIDAY, surface=Surface.ORDER, prompt=PromptHash("sha256:1"))
    stop = said(EventKind.WITHDRAWN, MONDAY, surface=Surface.CHAT)
    counts = counted(yes, stop, locales={"sha256:1": "fr"})
    assert of(counts, Figure.LOST, dimension="surface") == {"order": 1}
    assert of(counts, Figure.LOST, dimension="locale") == {"fr": 1}
    assert of(counts, Figure.STOPS, dimension="surface") == {"chat": 1}


def test_an_answer_belongs_to_the_entry_point_of_that_day() -> None:
    came = PersonFacts(arrivals=((FRIDAY * DAY - 2 * HOUR, "ent_1"),))
    early = counted(said(EventKind.GRANTED, FRIDAY), facts=came)
    late = counted(said(EventKind.GRANTED, MONDAY), facts=came)
    assert of(early, Figure.OPT_INS, dimension="entry_point") == {"ent_1": 1}
    assert of(late, Figure.OPT_INS, dimension="entry_point") == {"": 1}


def test_a_yes_is_kept_if_it_stands_thirty_days_later() -> None:
    early, late = said(EventKind.WITHDRAWN, 31), said(EventKind.WITHDRAWN, 31.1)
    yes = said(EventKind.GRANTED, 1)
    assert of(counted(yes, early), Figure.LEFT_EARLY) == {1: 1}
    assert of(counted(yes, late), Figure.LEFT_EARLY) == {}
    back = said(EventKind.GRANTED, 20, number_proof=NumberProof.PROVEN)
    assert of(counted(yes, said(EventKind.WITHDRAWN, 5), back), Figure.LEFT_EARLY) == {}


def test_a_person_counts_once_at_each_surface() -> None:
    yes = said(EventKind.GRANTED, FRIDAY, surface=Surface.SIGNUP)
    again = said(EventKind.GRANTED, MONDAY, surface=Surface.SIGNUP)
    elsewhere = said(EventKind.GRANTED, TUESDAY, surface=Surface.ORDER)
    counts = counted(yes, again, elsewhere)
    assert of(counts, Figure.AGREED, dimension="surface") == {"signup": 1, "order": 1}


def test_a_message_before_the_yes_is_not_one_that_followed_it() -> None:
    yes = said(EventKind.GRANTED, MONDAY)
    before, after = PersonFacts(written_to=FRIDAY * DAY), PersonFacts(written_to=TUESDAY * DAY)
    assert of(counted(yes, facts=before), Figure.MESSAGED) == {}
    assert of(counted(yes, facts=after), Figure.MESSAGED) == {MONDAY: 1}
    assert awaits_message([yes], before)
    assert not awaits_message([yes], after)


def test_days_are_those_of_the_zone() -> None:
    paris = LocalDays("Europe/Paris", lambda _: HOUR)
    counts = counted(said(EventKind.GRANTED, 1 - 0.5 / 24), days=paris)
    assert of(counts, Figure.OPT_INS) == {1: 1}


def test_an_erasure_ends_what_stood() -> None:
    counts = counted(said(EventKind.GRANTED, FRIDAY), said(EventKind.ERASED, MONDAY, purposes=()))
    assert of(counts, Figure.LOST) == {MONDAY: 1}
    assert of(counts, Figure.STOPS) == {}
