"""A row of a list that is screened names whom it names in an import, however it is read."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.adapters.tables.word_files import built_in_words
from askfirst.domain.bulk.columns import lay_out
from askfirst.domain.bulk.import_row import RowReason
from askfirst.domain.bulk.import_settings import ImportSettings, Role
from askfirst.domain.bulk.table import Record
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.usecases.bulk.imports.read_rows import RowContext, RowReader
from askfirst.usecases.bulk.screens.list_rows import ListReader
from tests.support.clocks import NOON

WORDS = built_in_words()
NUMBERING = WorldNumbering()
CELLS = st.one_of(
    st.sampled_from(
        (
            *("", " ", "Ana", "Total", "Phone", "n/a", "+447700900123", "+33612345678"),
            *("+15550100001", "447700900123", "0033612345678", "+4407700900123", "+390612345678"),
            *("+5491123456789", "+229012345678", "+123", "+99912345678", "4.477E+11", "7"),
            *("+447700900124 ", "'+447700900125", "=+447700900126", "+44 7700 900127"),
        )
    ),
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    st.text(max_size=12),
)


def context(*header: str) -> RowContext:
    settings = ImportSettings(purpose="marketing", country="GB", everybody=True)
    layout = lay_out(header, settings, WORDS, is_named=True)
    kept = {Role.WA_ID, Role.BSUID, Role.COUNTRY, Role.CALLING_CODE}
    places = {role: at for role, at in layout.places.items() if role in kept}
    return RowContext(
        settings=settings,
        layout=replace(layout, places=places, questions=()),
        words=WORDS,
        numbering=NUMBERING,
        zone=UTC,
        country="GB",
        topics=frozenset(),
        now=NOON,
        is_named=True,
    )


def in_an_import(found: RowContext, record: Record) -> Alias | RowReason:
    row = RowReader(found).read(record)
    if row.aliases and row.is_open:
        return row.aliases[0]
    return row.reason


def in_a_list(found: RowContext, record: Record) -> Alias | RowReason:
    (row,) = ListReader(found).read([record])
    if isinstance(row.name, str):
        assert row.home == NUMBERING.home(row.name)
        return phone_alias(row.name)
    return row.name or row.reason


def headed(found: RowContext, *header: str) -> RowContext:
    """A file whose columns were named by hand: its first row has names that say nothing."""
    return replace(found, layout=replace(found.layout, header=header))


LAYOUTS = (
    context("Phone"),
    headed(context("Phone"), "+447700900124"),
    context("Phone", "Name"),
    context("Name", "Phone"),
    context("Phone", "Country"),
    context("Phone", "WhatsApp ID"),
    context("+447700900123", "Phone"),
)


@given(
    st.sampled_from(LAYOUTS),
    st.lists(CELLS, max_size=3),
    st.sampled_from([RowReason.NONE, RowReason.NONE, RowReason.BAD_ROW]),
)
def test_a_row_names_whom_it_names_in_any_import(
    found: RowContext, cells: list[str], trouble: RowReason
) -> None:
    record = Record(2, tuple(cells), trouble)
    assert in_a_list(found, record) == in_an_import(found, record)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_names_whom_it_names_in_an_import(layout: RowContext) -> None:
    for cells in (
        ("+447700900124", "Ana"),
        ("Ana", "+447700900124"),
        layout.layout.header,
        ("+447700900124",),
        ("+447700900123", "Phone"),
        ("+447700900123", "+447700900124"),
        (),
    ):
        record = Record(2, cells)
        assert in_a_list(layout, record) == in_an_import(layout, record)
