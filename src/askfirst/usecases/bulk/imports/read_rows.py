"""Read the rows of a table as what people said: each by its own cells, and nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from askfirst.domain.bulk.cell_answers import is_blank, read_answer
from askfirst.domain.bulk.cell_times import read_time
from askfirst.domain.bulk.columns import Layout, PhoneColumn
from askfirst.domain.bulk.import_row import (
    ImportRow,
    Repair,
    RowOutcome,
    RowReason,
    Said,
)
from askfirst.domain.bulk.import_settings import ImportMode, ImportSettings, Role
from askfirst.domain.bulk.import_words import Concept, ImportWords, plain
from askfirst.domain.bulk.table import Record
from askfirst.domain.opt_out.stop_file import NOTE_CHARACTERS_MAX
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, user_id_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.phone_numbers import Numbering
from askfirst.usecases.bulk.imports.read_file_number import (
    CellRefused,
    FileNumbers,
    NumberCell,
    read_file_number,
    read_plain_number,
    read_stopped_numbers,
)
from askfirst.usecases.opt_out.import_stops import read_scope

_WORDS_MAX: Final = 4000
_TOTAL_MAX: Final = 24
"""No word for totals is longer."""
_PROOF: Final = (Role.WORDING, Role.METHOD, Role.COLLECTED_BY)
_DETAILS: Final = (Role.LOCALE, Role.NOTE)
_COUNTRY_CODE: Final = 2
_CODE_DIGITS_MAX: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """What holds for all rows of a file. `topics` are those of the business's policy."""

    settings: ImportSettings
    layout: Layout
    words: ImportWords
    numbering: Numbering
    zone: tzinfo
    country: str
    topics: frozenset[str]
    now: Instant
    is_named: bool


class RowReader:
    """Reads records one after another."""

    def __init__(self, context: RowContext) -> None:
        self._context = context
        self._layout = context.layout
        self._settings = context.settings
        places = context.layout.places
        self._ids = [(role, places[role]) for role in (Role.WA_ID, Role.BSUID) if role in places]
        self._texts = [role for role in (*_PROOF, *_DETAILS) if role in places]
        self._told = [places[role] for role in self._texts]
        self._width = len(context.layout.header)
        self._state_name = context.layout.column(Role.STATE)
        self._is_list = context.settings.mode is ImportMode.SUPPRESSION
        self._header = tuple(plain(name) for name in context.layout.header)
        self._answer = lru_cache(4096)(self._read_answer)
        self._country_of = lru_cache(4096)(self._read_country)
        self._is_total = lru_cache(4096)(self._read_total)
        self._words = lru_cache(1024)(self._read_words)

    def read(self, record: Record) -> ImportRow:
        """Read one; where it cannot be read, it costs no other."""
        row = self._read(record)
        if record.is_recoded and row.is_open:
            row = replace(row, repairs=(*row.repairs, Repair.ENCODING))
        return row

    def _read(self, record: Record) -> ImportRow:
        cells = record.cells
        if self._is_nobody(record):
            return ImportRow(line=record.line, reason=RowReason.NOT_A_PERSON)
        if record.trouble or len(cells) != self._width:
            reason = record.trouble or RowReason.BAD_ROW
            return self._refused(record, reason, "", is_no=self._may_be_no(cells))
        if not self._is_ours(cells):
            return ImportRow(line=record.line, reason=RowReason.OTHER_CHANNEL)
        said = self._said(cells)
        try:
            return self._understood(record, said)
        except _Cell as trouble:
            is_no = said is Said.NO or (said is None and self._is_list)
            return self._refused(record, trouble.reason, trouble.column, is_no=is_no)

    def _refused(self, record: Record, reason: RowReason, column: str, *, is_no: bool) -> ImportRow:
        return ImportRow(
            line=record.line,
            said=Said.NO if is_no else Said.NOTHING,
            outcome=RowOutcome.REFUSED,
            reason=reason,
            column=column,
            alarm=is_no,
        )

    # --- who and what ------------------------------------------------------------------------

    def _understood(self, record: Record, said: Said | None) -> ImportRow:
        cells = record.cells
        if said is None:
            raise _Cell(RowReason.UNKNOWN_STATE, self._state_name)
        if said is Said.NOTHING:
            return ImportRow(line=record.line, reason=RowReason.NO_ANSWER)
        numbers, column = self._numbers(cells, is_no=said is Said.NO)
        if said is Said.YES and self._is_over(cells):
            return ImportRow(line=record.line, reason=RowReason.EXPIRED)
        said_at, repairs = self._time(cells, said)
        words = self._words(tuple([cells[at] for at in self._told]))
        return ImportRow(
            line=record.line,
            said=said,
            aliases=numbers.aliases,
            purposes=self._purposes(cells, said),
            said_at=said_at,
            proof=words.proof,
            details=words.details,
            repairs=(*numbers.repairs, *repairs),
            column=column if numbers.repairs else "",
        )

    def _is_nobody(self, record: Record) -> bool:
        """Whether it is an empty row, the header once more, or totals."""
        cells = record.cells
        if record.trouble:
            return False
        first = cells[0] if cells else ""
        if not first or first.isspace():
            first = next((cell for cell in cells if cell and not cell.isspace()), "")
        if not first:
            return True
        if self._context.is_named and first.strip() in self._layout.header:
            return tuple(plain(cell) for cell in cells) == self._header
        return len(first) <= _TOTAL_MAX and first[-1:].isalpha() and self._is_total(first)

    def _read_total(self, text: str) -> bool:
        return self._context.words.is_word(Concept.TOTAL, plain(text))

    def _is_ours(self, cells: Sequence[str]) -> bool:
        """Whether a row is about WhatsApp, where a column says what it is about."""
        at = self._layout.places.get(Role.CHANNEL)
        if at is None or not self._settings.only or is_blank(cells[at]):
            return True
        return plain(cells[at]) in {plain(one) for one in self._settings.only}

    def _said(self, cells: Sequence[str]) -> Said | None:
        stopped = self._layout.places.get(Role.STOPPED_AT)
        if stopped is not None and not is_blank(cells[stopped]) and not self._is_list:
            return Said.NO
        at = self._layout.places.get(Role.STATE)
        if at is not None:
            return self._answer(cells[at])
        if self._is_list:
            return Said.NO
        return Said.YES if self._settings.everybody else Said.NOTHING

    def _read_answer(self, text: str) -> Said | None:
        preset = self._layout.preset
        return read_answer(
            text,
            self._state_name,
            self._settings.mode,
            self._context.words,
            no_is_unasked=bool(preset and preset.no_is_unasked),
        )

    def _may_be_no(self, cells: Sequence[str]) -> bool:
        """Whether a broken row may have been an opt-out."""
        at = self._layout.places.get(Role.STATE)
        if self._is_list or at is None:
            return self._is_list
        return at < len(cells) and self._answer(cells[at]) is Said.NO

    # --- the number --------------------------------------------------------------------------

    def _numbers(self, cells: Sequence[str], *, is_no: bool) -> tuple[FileNumbers, str]:
        for role, at in self._ids:
            if not is_blank(cells[at]):
                alias = _id(role, cells[at].strip(), self._layout.header[at])
                return FileNumbers((alias,)), self._layout.header[at]
        phone = self._phone(cells)
        if phone is None:
            column = (
                self._layout.header[self._layout.phones[0].index] if self._layout.phones else ""
            )
            raise _Cell(RowReason.NO_NUMBER, column)
        return self._read_phone(cells, phone, is_no=is_no), self._layout.header[phone.index]

    def _phone(self, cells: Sequence[str]) -> PhoneColumn | None:
        """Choose the column of numbers that counts: the first that is filled; a mobile before."""
        if len(self._layout.phones) == 1:
            (only,) = self._layout.phones
            return None if is_blank(cells[only.index]) else only
        filled = [one for one in self._layout.phones if not is_blank(cells[one.index])]
        if len(filled) < 2 or all(one.label is None for one in filled):  # noqa: PLR2004 - a choice
            return filled[0] if filled else None
        words = self._context.words
        labels = {one: plain(cells[one.label]) if one.label is not None else "" for one in filled}
        usable = [one for one in filled if not words.has_word(Concept.FAX, labels[one])]
        mobiles = [one for one in usable if words.has_word(Concept.MOBILE, labels[one])]
        return next(iter(mobiles or usable), None)

    def _read_phone(self, cells: Sequence[str], phone: PhoneColumn, *, is_no: bool) -> FileNumbers:
        if plain := read_plain_number(self._context.numbering, cells[phone.index]):
            return plain
        column = self._layout.header[phone.index]
        cell = NumberCell(
            text=cells[phone.index],
            country=self._row_country(cells),
            calling_code=self._calling_code(cells),
        )
        read = read_stopped_numbers if is_no else read_file_number
        try:
            return read(self._context.numbering, cell)
        except CellRefused as refused:
            reason = refused.reason
            if reason is RowReason.BAD_NUMBER and self._has_unknown_country(cells):
                reason = RowReason.UNKNOWN_COUNTRY
            raise _Cell(reason, column) from refused

    def _row_country(self, cells: Sequence[str]) -> str:
        """Return the row's country; none where one is named that nobody knows."""
        at = self._layout.places.get(Role.COUNTRY)
        if at is None or is_blank(cells[at]):
            return self._context.country
        return self._country_of(cells[at])

    def _has_unknown_country(self, cells: Sequence[str]) -> bool:
        at = self._layout.places.get(Role.COUNTRY)
        return at is not None and not is_blank(cells[at]) and not self._country_of(cells[at])

    def _read_country(self, text: str) -> str:
        code = text.strip().upper()
        is_code = len(code) == _COUNTRY_CODE and self._context.numbering.calling_code(code)
        return code if is_code else self._context.words.country_of(plain(text))

    def _calling_code(self, cells: Sequence[str]) -> str:
        at = self._layout.places.get(Role.CALLING_CODE)
        if at is None:
            return ""
        text = cells[at].strip().removesuffix(".0").lstrip("+'").removeprefix("00")
        is_code = text.isdecimal() and text.isascii() and len(text) <= _CODE_DIGITS_MAX
        return text if is_code and not text.startswith("0") else ""

    # --- the time and the rest -------------------------------------------------------------------

    def _time(self, cells: Sequence[str], said: Said) -> tuple[Instant, tuple[Repair, ...]]:
        """Read when it was said: a yes from the earliest moment, a no from the latest."""
        column, text = self._time_cell(cells, said)
        if is_blank(text):
            return Instant(0), ()
        found = read_time(text, self._context.zone, self._settings.date_order)
        now = self._context.now
        if said is Said.NO:
            if found is None:
                return Instant(0), (Repair.TIME_NOT_UNDERSTOOD,)
            return (Instant(0) if found.latest > now else found.latest), ()
        if found is None:
            raise _Cell(RowReason.BAD_TIME, column)
        if found.earliest > now:
            raise _Cell(RowReason.FUTURE_TIME, column)
        return found.earliest, ()

    def _time_cell(self, cells: Sequence[str], said: Said) -> tuple[str, str]:
        places = self._layout.places
        stopped, said_at = places.get(Role.STOPPED_AT), places.get(Role.SAID_AT)
        if said is Said.NO and stopped is not None and not is_blank(cells[stopped]):
            return self._layout.header[stopped], cells[stopped]
        if said_at is None:
            return "", ""
        return self._layout.header[said_at], cells[said_at]

    def _is_over(self, cells: Sequence[str]) -> bool:
        """Whether the file itself says that a yes has ended."""
        at = self._layout.places.get(Role.ENDS_AT)
        if at is None or is_blank(cells[at]):
            return False
        found = read_time(cells[at], self._context.zone, self._settings.date_order)
        return found is None or found.earliest <= self._context.now

    def _purposes(self, cells: Sequence[str], said: Said) -> tuple[str, ...]:
        at = self._layout.places.get(Role.SCOPE)
        if said is Said.YES or at is None:
            return (self._settings.purpose,) if self._settings.purpose else ()
        try:
            return read_scope(cells[at], self._context.topics)
        except InvalidInput as error:
            raise _Cell(RowReason.UNKNOWN_SCOPE, self._layout.header[at]) from error

    def _read_words(self, told: tuple[str, ...]) -> _Words:
        """Read what a row says of how it came about; most rows of a file say the same."""
        texts = {role: _text(cell, role) for role, cell in zip(self._texts, told, strict=True)}
        wording, method, collected_by = [texts.get(role, "") for role in _PROOF]
        found = [(role.value, texts.get(role, "")) for role in _DETAILS]
        details = tuple((name, text) for name, text in found if text)
        return _Words((wording, method, collected_by), details)


class _Words(NamedTuple):
    """What a row says of how it came about: see `ImportRow`."""

    proof: tuple[str, str, str]
    details: tuple[tuple[str, str], ...]


def _text(cell: str, role: Role) -> str:
    if is_blank(cell):
        return ""
    return cell[: NOTE_CHARACTERS_MAX if role is Role.NOTE else _WORDS_MAX]


class _Cell(Exception):
    """A cell that cannot be taken, with the name of its column."""

    def __init__(self, reason: RowReason, column: str) -> None:
        super().__init__(reason.value)
        self.reason, self.column = reason, column


def _id(role: Role, text: str, column: str) -> Alias:
    try:
        return user_id_alias(text) if role is Role.BSUID else wa_id_alias(text)
    except InvalidInput as error:
        raise _Cell(RowReason.BAD_NUMBER, column) from error
