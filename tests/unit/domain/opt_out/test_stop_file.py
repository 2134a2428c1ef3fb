"""A file of stops is read row by row: what is broken costs its own row, and nothing in silence."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.opt_out.stop_file import NOTE_CHARACTERS_MAX, StopFile, StopRow
from askfirst.domain.opt_out.stop_time import latest_reading
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import parse_rfc3339

HEADER = "phone,scope,said_at,note\n"
QUOTE = "has a quote that is out of place or not closed"


def read(text: str | bytes) -> list[StopRow]:
    return list(StopFile(text if isinstance(text, bytes) else text.encode()).rows())


@pytest.mark.parametrize(
    "text",
    [
        "phone,scope\n+447700900123,marketing\n",
        "scope,NUMBER\nmarketing,+447700900123\n",
        "Phone Number;Purpose\n+447700900123;marketing\n",
        "sep=;\nphone;scope\n+447700900123;marketing\n",
        "\n\nphone\tscope\r\n+447700900123\tmarketing\r\n",
        "phone|shoe size|scope\n+447700900123|44|marketing\n",
    ],
)
def test_columns_are_found_by_name_in_any_order_and_dialect(text: str) -> None:
    (row,) = read(text)
    assert (row.phone, row.scope) == ("+447700900123", "marketing")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_spreadsheets_are_understood(encoding: str) -> None:
    (row,) = read((HEADER + "+447700900123,,,Zoë\n").encode(encoding))
    assert (row.phone, row.note) == ("+447700900123", "Zoë")


@pytest.mark.parametrize("text", ["", "\n", "+447700900123\n", "name,e-mail\nAda,a@b.example\n"])
def test_a_file_that_names_no_column_of_people_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(InvalidInput, match="names its columns"):
        StopFile(text.encode())


def test_two_columns_for_one_thing_are_refused() -> None:
    with pytest.raises(InvalidInput, match="one column for scope"):
        StopFile(b"phone,scope,purpose\n")


def test_a_quote_that_is_never_closed_costs_its_own_row_only() -> None:
    rows = read(HEADER + '+447700900123,"marketing\n+447700900456,,,\n+447700900789,,,\n')
    assert [(row.line, row.trouble) for row in rows] == [(2, QUOTE), (3, ""), (4, "")]


def test_a_note_may_have_line_breaks_and_lines_are_counted_as_editors_do() -> None:
    first, second = read(HEADER + '+447700900123,,,"one\ntwo"\n\n+447700900456,,,\n')
    assert (first.line, first.note) == (2, "one\ntwo")
    assert second.line == 5


def test_a_row_that_names_nobody_is_told_and_a_blank_one_is_none() -> None:
    (row,) = read(HEADER + ",,,\n ,marketing,,\n")
    assert (row.line, row.trouble[:12]) == (3, "names nobody")


def test_an_enormous_cell_costs_one_row() -> None:
    rows = read(HEADER + f"+447700900123,,,{'x' * 200_000}\n+447700900456,,,\n")
    assert [bool(row.trouble) for row in rows] == [True, False]


def test_a_long_note_is_cut_and_its_stop_is_not_lost() -> None:
    (row,) = read(HEADER + f"+447700900123,,,{'x' * 2000}\n")
    assert (row.trouble, len(row.note)) == ("", NOTE_CHARACTERS_MAX)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=12))
def test_whatever_stands_in_the_notes_each_row_is_read_or_told(notes: list[str]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("phone", "note"))
    for number, note in enumerate(notes):
        writer.writerow((f"+4477009{number:05}", note))
    written = StopFile(file.getvalue().encode("utf-8", errors="replace"))
    told = [row.phone or row.trouble for row in written.rows()]
    assert len([one for one in told if one.startswith("+4477")]) + told.count(QUOTE) >= len(notes)


@pytest.mark.parametrize(
    ("text", "latest"),
    [
        ("2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z"),
        ("2026-01-15T12:00:00+02:00", "2026-01-15T10:00:00Z"),
        ("2026-01-15", "2026-01-16T12:00:00Z"),
        ("2026-01-15 09:30", "2026-01-15T21:30:59Z"),
        ("2026-01-15 09:30:15", "2026-01-15T21:30:15Z"),
        ("15/01/2026", "2026-01-16T12:00:00Z"),
        ("03.04.2026", "2026-04-04T12:00:00Z"),
        ("04.03.2026", "2026-04-04T12:00:00Z"),
        ("1/15/2026 9:30 PM", "2026-01-16T09:30:59Z"),
    ],
)
def test_of_all_moments_that_a_text_may_mean_the_latest_counts(text: str, latest: str) -> None:
    assert latest_reading(text) == parse_rfc3339(latest, "at")


@pytest.mark.parametrize(
    "text",
    ["yesterday", "0000-00-00 00:00:00", "1970-01-01", "45779", "2026-13-40", "2026-01-15 x"],
)
def test_what_is_no_time_or_what_systems_write_for_none_is_none(text: str) -> None:
    assert latest_reading(text) is None
