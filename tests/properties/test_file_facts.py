"""What is told of names that stand in one row is what looking them up would tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from askfirst.adapters.tables import file_facts
from askfirst.domain.bulk.import_row import NO_PROOF, ImportRow, RowReason, Said
from askfirst.domain.bulk.verdict import InFile
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.timestamp import Instant

PEOPLE: Final = [
    phone_alias(digits)
    for digits in (
        *(f"4477009001{place:02d}" for place in range(30)),
        "447700900000",
        "447700800000",
        "5511987654321",
        "551187654321",
    )
]
ONE_FOR_ALL: Final = 8
"""Bits: nearly every name shares one with another, so nearly all are looked up."""
PART: Final = 5


def rows() -> st.SearchStrategy[ImportRow]:
    return st.builds(
        ImportRow,
        line=st.just(0),
        said=st.sampled_from([Said.YES, Said.NO]),
        aliases=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple),
        purposes=st.sampled_from([("marketing",), ()]),
        said_at=st.sampled_from([Instant(0), Instant(2 * 10**15), Instant(2 * 10**15 + 1)]),
        proof=st.sampled_from([NO_PROOF, ("words", "web form", "web team")]),
        reason=st.sampled_from([RowReason.NONE, RowReason.NONE, RowReason.NO_ANSWER]),
    )


def told(read: Sequence[ImportRow], marks: int) -> list[InFile]:
    with mock.patch.object(file_facts, "_MARKS", marks), file_facts.open_file_facts() as facts:
        parts = [read[start : start + PART] for start in range(0, len(read), PART)]
        for part in parts:
            facts.learn(part)
        return [others for part in parts for others in facts.of(part)]


@given(st.lists(rows(), max_size=20))
def test_a_row_whose_names_stand_nowhere_else_is_told_as_one_that_is_looked_up(
    read: list[ImportRow],
) -> None:
    numbered = [replace(row, line=line) for line, row in enumerate(read, start=2)]
    assert told(numbered, file_facts._MARKS) == told(numbered, ONE_FOR_ALL)
