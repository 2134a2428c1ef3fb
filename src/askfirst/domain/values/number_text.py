"""How people, address books, spreadsheets and systems write a phone number.

What surely belongs to the writing goes away: brackets and dashes, invisible marks, the quotes of a
spreadsheet, `tel:`. What may belong to the number, or to a second one, is refused and named. Which
number of which country it is, the numbering plans tell (`ports.numbering`).
Sources: ITU-T E.123 (notation), RFC 3966 (`tel:`), Unicode (decimal digits, general category Cf).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from askfirst.domain.value import Value
from askfirst.domain.values.errors import InvalidInput

EXAMPLE: Final = "for example +447700900123"
NOT_A_NUMBER: Final = (
    f"must be a phone number with a plus and its country code, as long as numbers of that country "
    f"are, {EXAMPLE}"
)
NOT_IN_COUNTRY: Final = (
    "must be a phone number of {country}, for example {example}; a number of another country needs "
    "a plus and its country code"
)
NO_PLUS: Final = f"must start with a plus and the country code, {EXAMPLE}"
EXTENSION: Final = f"must be a number without an extension: WhatsApp reaches none, {EXAMPLE}"
WAS_AMOUNT: Final = f"must have all its digits: a spreadsheet made an amount of it, {EXAMPLE}"
SEVERAL: Final = f"must be one number alone, {EXAMPLE}"

_TEXT_MAX: Final = 96
_MARKS: Final = frozenset("\ufe0e\ufe0f\u20e3\u034f")
# Variation selectors, the frame of a keycap, the grapheme joiner; the others have category Cf.
_DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d\ufe63")
_DOTS: Final = frozenset(".\uff0e\u00b7\u2022\u2219\u30fb")
_ALIKE: Final = {
    **dict.fromkeys("(\uff08[\uff3b", "("),
    **dict.fromkeys(")\uff09]\uff3d", ")"),
    **dict.fromkeys("/\uff0f", "/"),
    **dict.fromkeys("+\uff0b\ufe62", "+"),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_DOTS, "."),
    **dict.fromkeys("~\u223c\uff5e\u2053", "-"),
}

_PACKAGES: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r'="(.*)"',  # a spreadsheet's formula for a text
        r"[\"'\u201c\u2018](.*)[\"'\u201d\u2019]",
        r"['\u2019](.*)",  # a spreadsheet's mark that a cell is text
    )
)
_PREFIX: Final = re.compile(r"(?:tel|whatsapp|p): *", re.IGNORECASE)  # RFC 3966, Twilio, Meta's ads
_INTERNATIONAL: Final = re.compile(r"[ (]*(?:\+[ (]*|00[ )]*(?=[(1-9]))")
_BRACKETED_ZERO: Final = re.compile(r"\( *0 *\)")
_AMOUNT: Final = re.compile(r"[0-9] *[eE] *\+? *[0-9]+\Z|\.0\Z")
_SECOND: Final = re.compile(r"[0-9][^+\r\n]*[+\r\n]")
_OTHER_LINE: Final = re.compile(r"/ *[0-9]{1,2}\Z")
_EXTENDED: Final = re.compile(r"[0-9) ](?:[^\W\d_]+|#|;[a-zA-Z]+=|[,;])[ :.]*[0-9]{1,7}#?\Z")
_BETWEEN: Final = re.compile(r"[ ()./\-]+")
_DIGITS: Final = re.compile(r"[0-9]{4,20}", re.ASCII)  # four: Niue dials so within itself


class Written(Value, frozen=True):
    """A number as it was written, undressed.

    `digits` begin with the country code, if the writer gave one; `is_international` says that they
    said so, with a plus or `00`. `without_zero` are the digits without a zero in brackets, where
    there was one ("" where not): `+44 (0)7700 900123`. `is_dressed`: more than digits was written.
    """

    digits: str
    is_international: bool
    without_zero: str = ""
    is_dressed: bool = False


def undress(text: str, field: str) -> Written:
    """Return the digits that were written, and whether they begin with a country code for sure.

    Raises:
        InvalidInput: it is no number, more than one, or one with an extension.
    """
    shown = _spelt_plainly(text) if len(text) <= _TEXT_MAX else ""
    bare = _unpacked(shown)
    has_prefix = _PREFIX.match(bare)
    typed = bare[has_prefix.end() :] if has_prefix else bare
    marked = _INTERNATIONAL.match(typed)
    rest = typed[marked.end() :] if marked else typed
    digits = _BETWEEN.sub("", rest)
    if not _DIGITS.fullmatch(digits) or _AMOUNT.search(rest) or _OTHER_LINE.search(rest):
        raise InvalidInput(field, _what_is_wrong(rest))
    if marked is None:
        is_dressed = bool(has_prefix) or digits != rest
        return Written(digits, is_international=False, is_dressed=is_dressed)
    zero = _BRACKETED_ZERO.search(rest)
    without = _BETWEEN.sub("", rest[: zero.start()] + rest[zero.end() :]) if zero else ""
    return Written(digits, is_international=True, without_zero=without)


def _spelt_plainly(text: str) -> str:
    """Write digits, pluses, brackets, dashes and blanks of all scripts as those of ASCII."""
    if text.isascii():
        return text.strip().replace("[", "(").replace("]", ")")
    return "".join(map(_plain, text)).strip()


def _plain(char: str) -> str:
    if char in _ALIKE:
        return _ALIKE[char]
    if char in _MARKS:
        return ""
    match unicodedata.category(char):
        case "Nd":
            return str(unicodedata.decimal(char))
        case "Zs":
            return " "
        case "Cf":  # directions, joiners, zero-width blanks, the soft hyphen, the byte order mark
            return ""
    return char


def _unpacked(text: str) -> str:
    for package in _PACKAGES:
        if found := package.fullmatch(text):
            text = found[1].strip()
    return text


def _what_is_wrong(rest: str) -> str:
    if _AMOUNT.search(rest):
        return WAS_AMOUNT
    if _SECOND.search(rest) or _OTHER_LINE.search(rest):
        return SEVERAL
    if _EXTENDED.search(rest):
        return EXTENSION
    return NOT_A_NUMBER
