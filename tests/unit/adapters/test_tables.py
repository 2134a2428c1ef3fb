"""Files as other systems write them, and as hostile people do: a table, or one clear sentence."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import pytest

from askfirst.adapters.tables.cell_errors import cell_errors
from askfirst.adapters.tables.reader import FileTables
from askfirst.adapters.tables.word_files import FOLDER, PRESETS
from askfirst.domain.bulk.cell_answers import read_answer
from askfirst.domain.bulk.columns import lay_out
from askfirst.domain.bulk.import_row import RowReason, Said
from askfirst.domain.bulk.import_settings import ImportMode, ImportSettings, Role
from askfirst.domain.bulk.table import Record
from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.bulk.tables import Table
from tests.support.workbooks import BOOK, RELATIONS, SHEET, workbook

TABLES = FileTables()
SETTINGS = ImportSettings(purpose="marketing")
ROW = "+447700900123,yes"


@contextmanager
def opened(content: bytes, country: str = "GB", **settings: Any) -> Iterator[Table]:
    with TABLES.source_file() as file:
        file.write(content)
        asked = ImportSettings(purpose="marketing", **settings)
        yield file.open_table(asked, TABLES.words, country)


def records(content: bytes | str, country: str = "GB") -> list[Record]:
    raw = content.encode() if isinstance(content, str) else content
    with opened(raw, country) as table:
        return list(table.records())


def cells(content: bytes | str, country: str = "GB") -> list[tuple[str, ...]]:
    return [record.cells for record in records(content, country)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_and_the_ends_of_lines_are_found(delimiter: str, end: str) -> None:
    file = end.join((f"Phone{delimiter}OptIn", f"+447700900123{delimiter}yes", ""))
    assert cells(file) == [("+447700900123", "yes")]


@pytest.mark.parametrize(
    ("encoding", "mark", "country", "name"),
    [
        ("utf-8", codecs.BOM_UTF8, "GB", "Désirée"),
        ("utf-8", b"", "GB", "Désirée"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "GB", "Désirée"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "GB", "Désirée"),
        ("utf-16-le", b"", "GB", "Désirée"),
        ("cp1252", b"", "FR", "Désirée"),
        ("cp1251", b"", "RU", "Мария"),
        ("cp1253", b"", "GR", "Μαρία"),
        ("cp1256", b"", "EG", "مريم"),
        ("cp932", b"", "JP", "真理"),
        ("gb18030", b"", "CN", "马丽"),
    ],
)
def test_any_common_encoding_is_found(encoding: str, mark: bytes, country: str, name: str) -> None:
    file = mark + f"Phone,Name\n+447700900123,{name}\n".encode(encoding)
    assert cells(file, country) == [("+447700900123", name)]


def test_a_line_that_was_pasted_in_another_encoding_costs_no_other() -> None:
    file = "Phone,Name\n1,Zoé\n".encode() + "2,René\n".encode("cp1252") + "3,Zoé\n".encode()
    found = records(file)
    assert [record.cells[1] for record in found] == ["Zoé", "René", "Zoé"]
    assert [record.is_recoded for record in found] == [False, True, False]


def test_a_note_may_have_line_breaks_and_lines_are_counted_as_they_stand() -> None:
    file = 'Phone,Note\n1,"two\nlines, ""quoted"""\n2,\n'
    assert [(one.line, one.cells) for one in records(file)] == [
        (2, ("1", 'two\nlines, "quoted"')),
        (4, ("2", "")),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("+447700900123,y\0es", RowReason.BAD_ROW),
        ('+447700900123,"yes', RowReason.BAD_ROW),
        ("+447700900123," + "A" * 140_000, RowReason.CELL_TOO_LONG),
        ("+447700900123," + "A" * 3_000_000, RowReason.CELL_TOO_LONG),
    ],
)
def test_a_broken_row_is_named_by_its_line_and_costs_no_other(row: str, reason: RowReason) -> None:
    found = records(f"Phone,OptIn\n{row}\n{ROW}\n")
    assert [(one.line, one.trouble) for one in found] == [(2, reason), (3, RowReason.NONE)]
    assert found[1].cells == ("+447700900123", "yes")


def test_a_quote_that_is_never_closed_does_not_swallow_the_file() -> None:
    rows = "\n".join([ROW] * 200)
    found = records(f'Phone,OptIn\n"{ROW}\n{rows}\n')
    assert len(found) == 201
    assert [one.trouble for one in found].count(RowReason.BAD_ROW) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n \n",
        b"," * 1_000_000,
        b"a," * 5_000 + b"\n1\n",
        b"PK\x03\x04 nonsense",
        b"PAR1 nonsense",
        b"\xd0\xcf\x11\xe0 an old workbook",
        b"\x1f\x8b packed",
        b"{ no json\n",
    ],
)
def test_what_is_no_table_is_refused_with_what_would_be_right(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="must"):
        records(content)


def test_a_million_columns_in_a_row_are_one_bad_row() -> None:
    found = records("Phone,OptIn\n" + "1," * 400_000 + f"\n{ROW}\n")
    assert found[1].cells == ("+447700900123", "yes")
    assert len(found[0].cells) != 2 or found[0].trouble


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"\0" * 50_000_000)
    return packed.getvalue()


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    content = bomb()
    assert len(content) < 100_000
    with pytest.raises(InvalidInput, match="256 MB"):
        records(content)


def test_an_error_in_a_workbook_is_no_empty_cell() -> None:
    content = workbook("Phone,OptIn", "+447700900123,#N/A", "#REF!,yes", "+447700900456,yes")
    found = [one.cells for one in records(content)]
    assert found == [("+447700900123", "#N/A"), ("#REF!", "yes"), ("+447700900456", "yes")]


def test_entities_of_a_workbook_are_not_unfolded() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET.format(
        rows='<row r="1"><c r="A1" t="e"><v>&a;</v></c></row>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("xl/workbook.xml", BOOK)
        file.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        file.writestr("xl/worksheets/sheet1.xml", evil)
    with pytest.raises(InvalidInput, match="whole"):
        cell_errors(packed, "People")


def test_json_lines_are_a_table_and_a_cut_line_is_one_bad_row() -> None:
    file = '{"phone": 447700900123, "a": {"b": true}}\n{"phone": "x\n{"phone": null, "other": 1}\n'
    with opened(file.encode()) as table:
        assert table.shape.header == ("phone", "a.b", "other")
        found = list(table.records())
    assert [one.cells for one in found] == [("447700900123", "TRUE", ""), (), ("", "", "1")]
    assert found[1].trouble is RowReason.BAD_ROW


def test_parquet_is_read_with_all_digits() -> None:
    packed = io.BytesIO()
    pl.DataFrame({"phone": [447700900123, None], "ok": [True, None]}).write_parquet(packed)
    assert cells(packed.getvalue()) == [("447700900123", "TRUE"), ("", "")]


def test_a_file_without_a_header_numbers_its_columns() -> None:
    with opened(f"{ROW}\n".encode()) as table:
        assert (table.shape.header, table.shape.header_line) == (("1", "2"), 0)
        layout = lay_out(table.shape.header, SETTINGS, TABLES.words, is_named=False)
    assert [one.code.value for one in layout.questions] == ["columns"]


LOCALES = sorted(path.stem for path in FOLDER.glob("*.toml") if path.name != PRESETS)


def test_the_words_are_there_in_every_language_of_the_pages() -> None:
    assert len(LOCALES) == 26


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("Phone,WhatsApp opt-in,Opted in at", "phone state said_at"),
        ("Handynummer;WhatsApp-Einwilligung;Datum;Widerruf am", "phone state said_at stopped_at"),
        ("Tél. mobile;Accepte WhatsApp;Date du consentement", "phone state said_at"),
        ("Móvil;Acepta WhatsApp;Fecha de consentimiento", "phone state said_at"),
        ("Celular;Aceita WhatsApp;Data do consentimento", "phone state said_at"),
        ("Cellulare;Consenso WhatsApp;Data consenso", "phone state said_at"),
        ("رقم الهاتف;موافقة واتساب;تاريخ الموافقة", "phone state said_at"),
        ("Телефон;Согласие WhatsApp;Дата согласия", "phone state said_at"),
        ("电话号码;同意;同意日期", "phone state said_at"),
        ("電話番号;同意;同意日", "phone state said_at"),
        ("전화번호;동의;동의일", "phone state said_at"),
        ("Cep telefonu;WhatsApp izin;İzin tarihi", "phone state said_at"),
        ("Numer telefonu;Zgoda WhatsApp;Data zgody", "phone state said_at"),
        ("मोबाइल नंबर;सहमति;सहमति की तारीख", "phone state said_at"),
    ],
)
def test_columns_are_found_by_their_names_in_many_languages(header: str, roles: str) -> None:
    names = header.replace(";", ",").split(",")
    layout = lay_out(names, SETTINGS, TABLES.words, is_named=True)
    assert not layout.questions
    assert sorted(role.value for _, role in layout.read) == sorted(roles.split())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_yes_and_a_no_are_read_in_each_language_and_never_for_each_other(locale: str) -> None:
    import tomllib

    words = tomllib.loads((FOLDER / f"{locale}.toml").read_text(encoding="utf-8"))
    for said, wanted in (("yes", Said.YES), ("no", Said.NO), ("unasked", Said.NOTHING)):
        for text in words[said]:
            found = read_answer(text, "WhatsApp", ImportMode.CONTACTS, TABLES.words)
            assert found is wanted, (locale, text)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("TRUE", "opt_out", Said.NO),
        ("FALSE", "Unsubscribed", Said.NOTHING),
        ("subscribed", "email_subscribe", Said.NOTHING),
        ("✔️", "WhatsApp?", Said.YES),
        ("❌", "WhatsApp?", Said.NO),
        (" n/a ", "WhatsApp?", Said.NOTHING),
        ("maybe", "WhatsApp?", None),
        ("#N/A!", "WhatsApp?", None),
    ],
)
def test_an_answer_is_read_together_with_its_column(
    text: str, column: str, said: Said | None
) -> None:
    assert read_answer(text, column, ImportMode.CONTACTS, TABLES.words) is said


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", "active", Said.NO),
        ("True", "active", Said.NO),
        ("False", "active", Said.NOTHING),
        ("unsubscribed", "status", Said.NO),
        ("subscribed", "status", Said.NOTHING),
        ("no", "opt_in", Said.NO),
        ("yes", "opt_in", Said.NOTHING),
    ],
)
def test_on_a_list_of_stops_a_blank_is_a_no(text: str, column: str, said: Said) -> None:
    assert read_answer(text, column, ImportMode.SUPPRESSION, TABLES.words) is said


def test_every_preset_is_known_by_its_columns() -> None:
    for preset in TABLES.words.presets:
        names = [*preset.needs, *preset.columns]
        layout = lay_out(names, SETTINGS, TABLES.words, is_named=True)
        assert layout.preset is preset
        assert {Role(role) for role in preset.columns.values()} <= set(Role)
