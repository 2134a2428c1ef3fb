"""A poster as a picture: one sheet, to be scaled to any size. SVG breaks no lines by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment

from askfirst.domain.prompts.catalogue import Vocabulary
from askfirst.web.pages.qr import qr_markup
from askfirst.web.pages.reader import Reader
from askfirst.web.pages.request_context import TEMPLATES
from askfirst.web.templating import open_templates

BRAND: Final = "#2c49b8"
"""Ours, where a business has no colour of its own (`tokens.css`)."""
_HEIGHT: Final = 1414
_CODE: Final = 600
_GAP: Final = 28
_LEADING: Final = 1.28
_BREAKS: Final = re.compile(r"(\s+)")
_WIDE: Final = frozenset("WF")
_WIDE_WIDTH: Final = 1.9


@dataclass(frozen=True, slots=True)
class Style:
    """Letters of one size; so many of them fit beside each other."""

    name: str
    size: float
    letters: float


NAME: Final = Style("name", 84, 17)
SENTENCE: Final = Style("sentence", 52, 27)
STEP: Final = Style("step", 33, 42)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and where it stands."""

    style: str
    text: str
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A poster, 1000 wide and as high as A4 is to that."""

    lines: tuple[Line, ...]
    code_y: float
    code_size: int


def lay_out(name: str, sentence: str, steps: Sequence[str]) -> Sheet:
    """Put name and sentence above the code and the steps below it, in the middle of the sheet."""
    above = [*_block(name, NAME), *_block(sentence, SENTENCE)]
    below = [line for step in steps for line in _block(step, STEP)]
    height = sum(map(_height, above + below)) + _CODE + _GAP * (len(steps) + 3)
    lines, y = [], max(_GAP, (_HEIGHT - height) / 2)
    for block in (_block(name, NAME), _block(sentence, SENTENCE)):
        for line in block:
            y += _height(line)
            lines.append(_at(line, y))
        y += _GAP
    code_y = y
    y = code_y + _CODE
    for step in steps:
        y += _GAP
        for line in _block(step, STEP):
            y += _height(line)
            lines.append(_at(line, y))
    return Sheet(lines=tuple(lines), code_y=round(code_y, 1), code_size=_CODE)


def _at(line: Line, y: float) -> Line:
    return Line(line.style, line.text, round(y, 1), line.size)


def _height(line: Line) -> float:
    return line.size * _LEADING


def _block(text: str, style: Style) -> list[Line]:
    """Break a text into as few lines as it needs, all about as long; shrink what cannot break."""
    texts = list(_lines(text, style.letters))
    for letters in range(1, int(style.letters)):
        narrower = list(_lines(text, letters))
        if len(narrower) == len(texts):
            texts = narrower
            break
    scale = min(1.0, style.letters / max(map(_width, texts)))
    return [Line(style.name, part, 0, round(style.size * scale, 1)) for part in texts]


def _lines(text: str, letters: float) -> Iterator[str]:
    """Break at spaces, and between characters that are each a word."""
    line = ""
    for word in _words(text):
        if line.strip() and _width(line + word.rstrip()) > letters:
            yield line.strip()
            line = ""
        line += word
    if line.strip():
        yield line.strip()


def _words(text: str) -> Iterator[str]:
    for part in _BREAKS.split(text):
        if any(unicodedata.east_asian_width(letter) in _WIDE for letter in part):
            yield from part
        else:
            yield part


def _width(text: str) -> float:
    """Estimate: a wide character takes the room of two, a mark on another takes none."""
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if unicodedata.category(letter) in ("Cf", "Mn"):
        return 0.0
    return _WIDE_WIDTH if unicodedata.east_asian_width(letter) in _WIDE else 1.0


def poster_svg(
    reader: Reader, vocabulary: Vocabulary, business: str, link: str, colour: str
) -> str:
    """Draw the sheet with name, sentence, code, and what happens then."""
    words = reader.words
    steps = (
        words.plain("steps.start"),
        words.plain("steps.ask", business=business),
        words.plain("steps.stop", stop=vocabulary.stop),
    )
    return (
        _templates()
        .get_template("poster.svg")
        .render(
            reader=reader,
            colour=colour or BRAND,
            title=words.plain("entry.title", business=business),
            code=qr_markup(link, title=words.plain("qr.alt")),
            sheet=lay_out(business, words.plain("poster.scan"), steps),
        )
    )


@cache
def _templates() -> Environment:
    return open_templates(TEMPLATES)
