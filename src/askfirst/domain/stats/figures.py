"""What is counted of a ledger, and under what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple, TypeAlias

from askfirst.domain.values.timestamp import DAY

ALL_PURPOSES: Final = "*"
"""In place of a purpose: whatever the act was about, counted once."""
KEPT_AFTER: Final = 30 * DAY
"""A yes counts as kept if it still stands this long after it was said."""
KEPT_AFTER_DAYS: Final = 30
FORMAT: Final = 2
"""Counts of another format than this are made anew: raise it where what is counted changes."""


class Dimension(StrEnum):
    """What counts are told apart by. Each is counted by itself, beside the purpose and the day.

    There is no count for a country *and* a prompt: such cells are small, and would name people.
    """

    TOTAL = "total"
    SURFACE = "surface"
    ENTRY_POINT = "entry_point"
    PROMPT = "prompt"
    LOCALE = "locale"
    COUNTRY = "country"


class Figure(IntEnum):
    """What is counted; the number is its place in a row of counts.

    The first four count acts, on the day on which they were said. `gained` and `lost` count people
    who could be written to from that day on, or no longer; they belong to where the yes was said.
    The others count people once for each surface, by the day of their first answer there:
    `answered`; and by the day of their first yes there: `agreed`, of whom `proven` had their number
    proven, `messaged` were written to since, and `left_early` could not be written to any more
    thirty days later.
    """

    OPT_INS = 0
    REFUSALS = 1
    STOPS = 2
    COMPLAINTS = 3
    GAINED = 4
    LOST = 5
    ANSWERED = 6
    AGREED = 7
    PROVEN = 8
    MESSAGED = 9
    LEFT_EARLY = 10


FIGURES: Final = len(Figure)


class Cell(NamedTuple):
    """Where something is counted. `day`: days since 1970-01-01 in the zone of the counts.

    `value` is one of the dimension's; empty where there is none (no entry point, no country known).
    """

    dimension: str
    purpose: str
    value: str
    day: int


Counts: TypeAlias = dict[Cell, list[int]]
"""The counts of each cell, by figure."""


def add(counts: Counts, other: Mapping[Cell, list[int]], times: int = 1) -> None:
    """Add counts to others, or take them away."""
    for cell, numbers in other.items():
        sums = counts.get(cell)
        if sums is None:
            sums = counts[cell] = [0] * FIGURES
        for place, number in enumerate(numbers):
            sums[place] += times * number


def without_zeros(counts: Mapping[Cell, list[int]]) -> Counts:
    """Leave out what came to nothing."""
    return {cell: numbers for cell, numbers in counts.items() if any(numbers)}


def summed(parts: Iterable[Mapping[Cell, list[int]]]) -> Counts:
    """Add up the counts of several people."""
    counts: Counts = {}
    for part in parts:
        add(counts, part)
    return without_zeros(counts)
