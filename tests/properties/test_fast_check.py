"""The fast check says yes to nothing to which the domain would not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import fold
from askfirst.domain.values.timestamp import SECOND
from askfirst.storage.consent.standing_codec import encode_standing
from askfirst.storage.platform.rows import event_row, row_event
from askfirst.storage.transparency.fast_check import is_fold, is_right
from tests.properties.histories import EVERY_KIND, histories

_CHANGES: list[tuple[int, Any]] = [
    (0, "rival"),
    (1, 4_711),
    (2, "evt_x"),
    (3, "con_x"),
    (4, "withdrawn"),
    (5, 17),
    (6, 18),
    (7, "form"),
    (8, "paper"),
    (9, "marketing,utility"),
    (9, ""),
    (10, 1),
    (10, 3),
    (11, "200"),
    (11, "é"),
    (11, "x" * 200),
    (12, "p" * 64),
    (13, "con_y"),
    (14, b"other"),
    (14, b"x" * 200),
    (15, None),
    (15, 1),
    (15, 3),
]
"""Columns of an event and what might be put there."""

moments = st.lists(st.integers(1, 10**6), min_size=8, max_size=8, unique=True)


@given(histories(EVERY_KIND), st.data())
def test_a_changed_event_is_never_right(events: list[Event], data: st.DataObject) -> None:
    for event in events:
        row = event_row(event)
        assert is_right(row)
        place, value = data.draw(st.sampled_from(_CHANGES))
        changed = (*row[:place], value, *row[place + 1 :])
        assert is_right(changed) == (changed == row)


@given(histories(EVERY_KIND), moments, st.integers(0, 2))
def test_what_it_takes_for_the_fold_is_the_fold(
    events: list[Event], seconds: list[int], cut: int
) -> None:
    """Shapes are learnt with some times and asked for with others."""
    for pace in (3, 7):
        rows = [
            _at(event, seconds[number] * pace, seconds[-1 - number] * 5)
            for number, event in enumerate(events[:4])
        ]
        folded = encode_standing(fold(map(row_event, rows)))
        other = encode_standing(fold(map(row_event, rows[cut:])))
        if rows and is_fold(rows, other):
            assert other == folded


@given(histories(EVERY_KIND), moments)
def test_a_few_events_seconds_apart_are_checked_fast(
    events: list[Event], seconds: list[int]
) -> None:
    apart = sorted(second * 3 for second in seconds)
    rows = [
        _at(event, apart[number], apart[number])
        for number, event in enumerate(events[:4])
        if event.purposes
    ]
    if rows:
        assert is_fold(rows, encode_standing(fold(map(row_event, rows))))


def _at(event: Event, one: int, other: int) -> tuple[Any, ...]:
    """Return the columns of the event, said and recorded at other moments."""
    row, (said, recorded) = event_row(event), sorted((one * SECOND, other * SECOND))
    return (*row[:5], said, recorded, *row[7:])
