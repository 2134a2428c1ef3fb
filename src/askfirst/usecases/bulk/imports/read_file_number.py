"""Read the cell of a table that holds a phone number: by the one reader, and what a table adds.

A spreadsheet damages numbers. Damage that can be undone in one way only is undone and named; where
digits are lost, or two readings exist, the cell is refused. A no is taken for every number that
the cell may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from askfirst.domain.bulk.cell_answers import is_blank
from askfirst.domain.bulk.import_row import Repair, RowReason
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.number_text import EXTENSION, SEVERAL, WAS_AMOUNT, undress
from askfirst.ports.platform.phone_numbers import Numbering
from askfirst.usecases.contacts.read_number import read_number, read_typed_number

PLAIN: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
"""A number as the world writes it."""
_SCIENTIFIC: Final = re.compile(r"[+']*[0-9](?:[.,][0-9]+)? ?E ?\+?[0-9]{1,3}", re.IGNORECASE)
_FLOAT: Final = re.compile(r"(['+]*[0-9]{2,})[.,]0{1,3}", re.ASCII)
_FORMULA: Final = re.compile(r"[=@](?!\"?\+?[0-9 ()\-]+\"?\Z)|[+\-] ?[^\W\d]", re.DOTALL)
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)(?:\+|%2B)?([0-9]{7,15})\D*",
    re.IGNORECASE,
)
_TWO: Final = re.compile(r":::|[;,|/\n]| [^\W\d_]{1,4} ")
_ENOUGH_DIGITS: Final = 8
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_EXTENDED: Final = re.compile(
    r"(.*[0-9)])(?:[ ,.]+[^\W\d_]+\.?|[ ,]*#|;[a-z]+=) *[0-9]{1,7}", re.IGNORECASE
)
_PREFIXED: Final = re.compile(r" *(?:tel|whatsapp|p):", re.IGNORECASE)
_NUMERIC: Final = re.compile(r"[0-9 +()./\-]+")


class CellRefused(Exception):
    """The cell cannot be read; `reason` says why."""

    def __init__(self, reason: RowReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCell:
    """A cell as it stands, with the country of its row and the calling code beside it."""

    text: str
    country: str = ""
    calling_code: str = ""


@dataclass(frozen=True, slots=True)
class FileNumbers:
    """Whom a cell names, and what was undone to read it."""

    aliases: tuple[Alias, ...]
    repairs: tuple[Repair, ...] = ()


def read_plain_number(numbering: Numbering, text: str) -> FileNumbers | None:
    """Read a number as the world writes it, as most are: there is nothing to undo. Else None."""
    digits = text[1:]
    if not PLAIN.fullmatch(text):
        return None
    if numbering.home(digits) is None and numbering.canonical(digits) != digits:
        return None
    return FileNumbers((phone_alias(digits),))


def read_file_number(numbering: Numbering, cell: NumberCell) -> FileNumbers:
    """Read one number.

    Raises:
        CellRefused: it is none, or more than one, or two readings exist.
    """
    if plain := read_plain_number(numbering, cell.text):
        return plain
    text, repairs = _unwrapped(cell.text.strip())
    if _counts_two(text):
        raise CellRefused(RowReason.TWO_NUMBERS)
    found, more = _number(numbering, text, cell)
    return FileNumbers((phone_alias(found),), (*repairs, *more))


def read_stopped_numbers(numbering: Numbering, cell: NumberCell) -> FileNumbers:
    """Read all numbers that a no may be about: two in one cell, or two readings, are two.

    Raises:
        CellRefused: nobody can be told by it.
    """
    try:
        return read_file_number(numbering, cell)
    except CellRefused as refused:
        readings = tuple(_all_readings(numbering, cell, refused.reason))
        if not readings:
            raise
        repairs = (Repair.EXTENSION,) if refused.reason is RowReason.EXTENSION else ()
        return FileNumbers(tuple(dict.fromkeys(readings)), repairs)


def _all_readings(numbering: Numbering, cell: NumberCell, reason: RowReason) -> Iterator[Alias]:
    text = cell.text.strip()
    if reason is RowReason.TWO_NUMBERS:
        parts = [part for part in _TWO.split(text) if _digits_in(part) >= _ENOUGH_DIGITS]
    elif reason is RowReason.EXTENSION and (found := _EXTENDED.fullmatch(text)):
        parts = [found[1]]
    elif reason is RowReason.AMBIGUOUS_NUMBER:
        digits = undress(text, "phone").digits
        yield phone_alias(digits)
        yield phone_alias(numbering.in_country(digits, cell.country))
        return
    else:
        parts = []
    for part in parts:
        one = NumberCell(text=part, country=cell.country, calling_code=cell.calling_code)
        try:
            yield from read_file_number(numbering, one).aliases
        except CellRefused:
            continue


def _unwrapped(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Take off what a spreadsheet or a system put round a number.

    Raises:
        CellRefused: there is no number in it, or digits of it are lost.
    """
    if is_blank(text):
        raise CellRefused(RowReason.NO_NUMBER)
    if text.startswith("#"):
        raise CellRefused(RowReason.BAD_NUMBER)
    if _FORMULA.match(text):
        raise CellRefused(RowReason.FORMULA)
    if _SCIENTIFIC.fullmatch(text):
        raise CellRefused(RowReason.SCIENTIFIC_NOTATION)
    repairs = []
    if text.startswith(("'", "’", "=")):
        repairs.append(Repair.APOSTROPHE)
    if found := _FLOAT.fullmatch(text):
        text = found[1]
        repairs.append(Repair.FLOAT_ARTEFACT)
    if found := _ADDRESS.fullmatch(text):
        text = "+" + found[1]
        repairs.append(Repair.PREFIX)
    if _PREFIXED.match(text):
        repairs.append(Repair.PREFIX)
    return text, tuple(repairs)


def _counts_two(text: str) -> bool:
    return sum(_digits_in(part) >= _ENOUGH_DIGITS for part in _TWO.split(text)) > 1


def _digits_in(text: str) -> int:
    return sum(char.isdecimal() for char in text)


def _number(numbering: Numbering, text: str, cell: NumberCell) -> tuple[str, tuple[Repair, ...]]:
    try:
        written = undress(text, "phone")
    except InvalidInput as error:
        raise CellRefused(_why(numbering, text, cell, error.message)) from error
    if written.is_international:
        return _international(numbering, text, cell, written.digits)
    if cell.calling_code:
        return _behind_code(numbering, cell, written.digits)
    return _national(numbering, text, cell, written.digits)


def _international(
    numbering: Numbering, text: str, cell: NumberCell, digits: str
) -> tuple[str, tuple[Repair, ...]]:
    try:
        found = read_number(numbering, text, "phone").digits
    except InvalidInput as error:
        raise CellRefused(_why(numbering, text, cell, error.message)) from error
    repairs = []
    if text.strip(" '\"=").startswith("00"):
        repairs.append(Repair.DOUBLE_ZERO)
    if len(digits) > len(found):
        repairs.append(Repair.TRUNK_ZERO)
    return found, tuple(repairs)


def _behind_code(
    numbering: Numbering, cell: NumberCell, digits: str
) -> tuple[str, tuple[Repair, ...]]:
    """Read a number with its calling code in another column, or in both."""
    code = cell.calling_code
    found = numbering.canonical(code + digits)
    if found:
        repairs = (Repair.TRUNK_ZERO,) if len(found) < len(code + digits) else ()
        return found, repairs
    if digits.startswith(code) and (found := numbering.canonical(digits)):
        return found, (Repair.NO_PLUS,)
    raise CellRefused(_why(numbering, "+" + code + digits, cell, ""))


def _national(
    numbering: Numbering, text: str, cell: NumberCell, digits: str
) -> tuple[str, tuple[Repair, ...]]:
    """Read digits as they are dialled in a country, or with a country code and no plus."""
    dialled = numbering.in_country(digits, cell.country) if cell.country else ""
    whole = _whole(numbering, digits)
    if dialled and whole and dialled != whole:
        raise CellRefused(RowReason.AMBIGUOUS_NUMBER)
    if whole:
        return whole, (Repair.NO_PLUS,)
    if not dialled:
        raise CellRefused(_why(numbering, text, cell, ""))
    found = read_typed_number(numbering, text, "phone", cell.country).digits
    is_short = found.endswith(digits) and numbering.example(cell.country).startswith("0")
    return found, (Repair.LOST_LEADING_ZERO,) if is_short else ()


def _whole(numbering: Numbering, digits: str) -> str:
    """Return digits that begin with a country code, where they are a number that there is."""
    found = "" if digits.startswith("0") else numbering.canonical(digits)
    country = numbering.country(found) if found == digits else ""
    return found if country and numbering.in_country(found, country) == found else ""


def _why(numbering: Numbering, text: str, cell: NumberCell, message: str) -> RowReason:
    """Name what is wrong with a number that cannot be read."""
    known = {
        EXTENSION: RowReason.EXTENSION,
        SEVERAL: RowReason.TWO_NUMBERS,
        WAS_AMOUNT: RowReason.SCIENTIFIC_NOTATION,
    }
    if message == EXTENSION and not _EXTENDED.fullmatch(text.strip()):
        return RowReason.BAD_NUMBER  # letters among the digits: it is no number any more
    if message in known:
        return known[message]
    digits = "".join(_DIGITS.findall(text)).lstrip("0")
    if not _NUMERIC.fullmatch(text.strip()) or not digits:
        return RowReason.BAD_NUMBER
    is_whole = text.strip().startswith(("+", "00"))
    country = numbering.country(digits) if is_whole else cell.country
    return RowReason.WRONG_LENGTH if country else RowReason.BAD_NUMBER
