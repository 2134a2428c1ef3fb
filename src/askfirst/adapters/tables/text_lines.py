"""Lines of a file of text: its encoding found, each line decoded for itself.

Without a mark at its start, a file is UTF-8, or in the code page of the country that it comes from:
so spreadsheets write it. A line that was pasted in another encoding costs no other.
"""

from __future__ import annotations

import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO, Final, NamedTuple

from askfirst.domain.values.errors import InvalidInput

LINE_MAX: Final = 1_048_576
"""Characters. A longer line is refused by itself."""
_SAMPLE: Final = 1_048_576
_WESTERN: Final = "cp1252"
CODE_PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("RU", "UA", "BY", "BG", "RS", "MK", "KZ", "KG", "MN"), "cp1251"),
        **dict.fromkeys(("PL", "CZ", "SK", "HU", "SI", "HR", "RO", "BA", "AL"), "cp1250"),
        **dict.fromkeys(("GR", "CY"), "cp1253"),
        **dict.fromkeys(("TR", "AZ"), "cp1254"),
        "IL": "cp1255",
        **dict.fromkeys(
            ("AE", "BH", "DZ", "EG", "IQ", "IR", "JO", "KW", "LB", "LY", "MA", "OM", "PK", "QA"),
            "cp1256",
        ),
        **dict.fromkeys(("SA", "SD", "SY", "TN", "YE", "PS"), "cp1256"),
        **dict.fromkeys(("EE", "LT", "LV"), "cp1257"),
        "VN": "cp1258",
        "TH": "cp874",
        "JP": "cp932",
        **dict.fromkeys(("CN", "SG"), "gb18030"),
        **dict.fromkeys(("TW", "HK", "MO"), "cp950"),
        "KR": "cp949",
    }
)
"""What computers of a country write where nobody chose: Windows' code pages."""
_KNOWN: Final = frozenset(
    {"utf-8", "utf-16", *CODE_PAGES.values(), _WESTERN, "latin-1", "iso-8859-15", "mac-roman"}
)


class Line(NamedTuple):
    """A line with its end. `is_whole` False: it is too long and was cut."""

    text: str
    is_recoded: bool = False
    is_whole: bool = True


class TextLines:
    """The lines of a file, as often as one likes."""

    def __init__(self, file: BinaryIO, country: str, encoding: str = "") -> None:
        """Find the encoding.

        Raises:
            InvalidInput: an encoding is named that is not known.
        """
        self._file = file
        self._page = CODE_PAGES.get(country, _WESTERN)
        file.seek(0)
        sample = file.read(_SAMPLE)
        self.encoding, self._skip = self._find(sample, encoding)
        self._fallback = self._page if self.encoding == "utf-8" else "latin-1"

    def _find(self, sample: bytes, named: str) -> tuple[str, int]:
        if sample.startswith(BOM_UTF8):
            return "utf-8", len(BOM_UTF8)
        if sample.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return "utf-16", 0
        if named:
            if named.lower() not in _KNOWN:
                known = ", ".join(sorted(_KNOWN))
                raise InvalidInput("encoding", f"must be one of {known}")
            return named.lower(), 0
        second = sample[1:400:2]
        if second and second.count(0) > len(second) * 0.9:  # every other byte is a zero
            return "utf-16-le", 0
        spelt = [line for line in sample.splitlines()[:-1] or [sample] if not line.isascii()]
        fitting = sum(_is_utf8(line) for line in spelt)
        return ("utf-8" if 2 * fitting >= len(spelt) else self._page), 0

    def __iter__(self) -> Iterator[Line]:
        self._file.seek(self._skip)
        is_wide = self.encoding.startswith("utf-16")
        encoding = self.encoding if is_wide else "latin-1"
        reader = io.TextIOWrapper(self._file, encoding, errors="replace", newline="")
        try:
            while text := reader.readline(LINE_MAX):
                is_whole = len(text) < LINE_MAX or text.endswith(("\n", "\r"))
                if not is_whole:
                    _skip_line(reader)
                if is_wide or text.isascii():
                    yield Line(text, is_whole=is_whole)
                else:
                    yield self._decoded(text.encode("latin-1"), is_whole=is_whole)
        finally:
            if not self._file.closed:
                reader.detach()

    def _decoded(self, line: bytes, *, is_whole: bool) -> Line:
        try:
            return Line(line.decode(self.encoding), is_whole=is_whole)
        except UnicodeDecodeError:
            text = line.decode(self._fallback, errors="replace")
            return Line(text, is_recoded=True, is_whole=is_whole)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _skip_line(reader: io.TextIOWrapper) -> None:
    while (text := reader.readline(LINE_MAX)) and not text.endswith(("\n", "\r")):
        continue
