"""Late stops are those that a full scan of the fold finds, in whatever order things arrive."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.late_stops import LateStop, late_stops
from askfirst.domain.stats.person import people_of
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId
from tests.properties.histories import SPOKEN, arrange, event, histories
from tests.support.figures import scan_late_stops

ONE, OTHER = ContactId("con_1"), ContactId("con_2")
NO = event(EventKind.WITHDRAWN, 2, purposes=())
acts = histories((*SPOKEN, *SPOKEN, EventKind.CONFIRMED, EventKind.SUSPENDED))


def found(events: list[Event]) -> list[LateStop]:
    return [late for own in people_of(events).values() for late in late_stops(own)]


def belonging(history: list[Event], contact_id: ContactId) -> list[Event]:
    return [replace(one, contact_id=contact_id) for one in history]


@given(acts.flatmap(st.permutations))
@example([event(EventKind.GRANTED, 2), event(EventKind.WITHDRAWN, 1)])
@example([event(EventKind.GRANTED, 3), event(EventKind.GRANTED, 1, purposes=("utility",)), NO])
@example([event(EventKind.GRANTED, 2, purposes=("utility",)), event(EventKind.GRANTED, 3), NO])
def test_late_stops_are_those_of_a_scan_in_any_order_of_arrival(history: list[Event]) -> None:
    arrived = arrange(history)
    late = found(arrived)
    assert len(late) == len(set(late))
    assert set(late) == scan_late_stops(arrived)


@given(one=acts, other=acts, later=acts, is_erased=st.booleans())
def test_a_merge_takes_them_along(
    *, one: list[Event], other: list[Event], later: list[Event], is_erased: bool
) -> None:
    merged = replace(event(EventKind.LINKED, 3), purposes=(), absorbed=OTHER)
    end = [event(EventKind.ERASED, 9, purposes=())] if is_erased else []
    before = belonging(one, ONE) + belonging(other, OTHER)
    arrived = arrange([*before, merged, *belonging(later, ONE), *end])
    late = found(arrived)
    assert set(late) == scan_late_stops(arrived)
    assert not (is_erased and late)
