"""Where a sheet of a workbook has errors, such as #N/A: its reader gives those cells as empty ones.

An empty cell says nothing; a cell that was lost may have said anything. Source: ECMA-376, Part 1:
12.2 (relationships of parts), 18.3.1.4 (cells; `t="e"` is an error), 18.18.11.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from askfirst.domain.values.errors import InvalidInput

_BOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_PIECE: Final = 1 << 20
_MARK: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_OVERLAP: Final = 64
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_TEXT_MAX: Final = 20

CellErrors = Mapping[int, Mapping[int, str]]
"""The texts of errors by row and column, both from 0."""


def cell_errors(file: BinaryIO, sheet: str) -> CellErrors:
    """Find the errors of a sheet; it is parsed only where there are some.

    Raises:
        InvalidInput: the workbook is damaged.
    """
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as book:
            part = _part_of(book, sheet)
            if part is None or not _has_errors(book, part):
                return {}
            with book.open(part) as content:
                return _errors_in(content)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, EOFError) as error:
        raise InvalidInput("file", "must be a workbook that is whole (.xlsx)") from error


def _part_of(book: zipfile.ZipFile, sheet: str) -> str | None:
    """Find the part that holds a sheet."""
    if _BOOK not in book.namelist() or _RELATIONS not in book.namelist():
        return None
    names = {one["name"]: one for one in _elements(book, _BOOK, "sheet") if "name" in one}
    found = names.get(sheet, {})
    relation = next((value for name, value in found.items() if name.endswith(":id")), "")
    targets = {one.get("Id"): one.get("Target", "") for one in _relations(book)}
    target = targets.get(relation, "")
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return path if path in book.namelist() else None


def _relations(book: zipfile.ZipFile) -> Iterator[dict[str, str]]:
    return _elements(book, _RELATIONS, "Relationship")


def _elements(book: zipfile.ZipFile, part: str, wanted: str) -> Iterator[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(book.read(part), True)  # noqa: FBT003 - expat's
    yield from found


def _has_errors(book: zipfile.ZipFile, part: str) -> bool:
    with book.open(part) as content:
        before = b""
        while piece := content.read(_PIECE):
            if _MARK.search(before + piece):
                return True
            before = piece[-_OVERLAP:]
    return False


class _Reading:
    """The cell at which the parser is, and what was found."""

    def __init__(self) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self._place = ""
        self._text = ""
        self._is_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        self._is_value = element == "v"
        if element == "c":
            self._place = attributes.get("r", "") if attributes.get("t") == "e" else ""
            self._text = ""

    def text(self, data: str) -> None:
        if self._place and self._is_value and len(self._text) < _TEXT_MAX:
            self._text += data

    def end(self, name: str) -> None:
        self._is_value = False
        place = _PLACE.fullmatch(self._place) if name.rpartition(":")[2] == "c" else None
        if place:
            text = "#" + self._text.strip()[:_TEXT_MAX].lstrip("#")
            self.found.setdefault(int(place[2]) - 1, {})[_column(place[1])] = text
            self._place = ""


def _errors_in(content: IO[bytes]) -> CellErrors:
    reading = _Reading()
    parser = _parser()
    parser.StartElementHandler = reading.start
    parser.CharacterDataHandler = reading.text
    parser.EndElementHandler = reading.end
    parser.ParseFile(content)
    return reading.found


def _parser() -> expat.XMLParserType:
    """Make a parser that takes no entities: workbooks have none."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("a workbook has no entities of its own")

    parser.EntityDeclHandler = refuse
    return parser


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
