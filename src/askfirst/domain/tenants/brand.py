"""How a business looks on its pages: its colour, so that everybody can read it, and its logo.

The colour fills buttons as it is, under black or white, whichever is told apart better. Where it is
the colour of words, it is made darker on light pages and lighter on dark ones until it reaches 4.5
to 1 on every ground of ours.
Sources: WCAG 2.2, success criterion 1.4.3 and "relative luminance"; PNG (W3C, third edition),
chunks and their checksums.
"""

from __future__ import annotations

import colorsys
import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.errors import InvalidInput

LIGHT_GROUNDS: Final = ("#f7f6f2", "#ffffff", "#f1efe9")
DARK_GROUNDS: Final = ("#111216", "#191b20", "#14151a")
"""On what words stand: the page, a card, a sunken part (`tokens.css`; a test compares)."""
LOGO_BYTES_MAX: Final = 32 * 1024

_CONTRAST_MIN: Final = 4.5
_STEP: Final = 0.01
_LINEAR_MAX: Final = 0.04045
_SOFT: Final = 0.12
_BLACK, _WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The colour on light pages, or on dark ones: of words, and softly behind words."""

    words: str
    soft: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """A business's colour as its pages use it. `on_fill` is what stands on a button."""

    fill: str
    on_fill: str
    light: Scheme
    dark: Scheme


def palette_of(colour: str) -> Palette:
    """Work out what a colour (`#rrggbb`) becomes where it has to be read."""
    return Palette(
        fill=colour,
        on_fill=max(_BLACK, _WHITE, key=lambda one: contrast(one, colour)),
        light=_scheme(colour, LIGHT_GROUNDS, -_STEP),
        dark=_scheme(colour, DARK_GROUNDS, _STEP),
    )


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, from 1 (the same) to 21 (black on white)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _scheme(colour: str, grounds: tuple[str, ...], step: float) -> Scheme:
    """Change the lightness, step by step, until words of this colour are told apart everywhere."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    while True:
        words = _written(colorsys.hls_to_rgb(hue, lightness, saturation))
        soft = _mixed(words, grounds[1])
        if min(contrast(words, ground) for ground in (*grounds, soft)) >= _CONTRAST_MIN:
            return Scheme(words=words, soft=soft)
        lightness = min(1.0, max(0.0, lightness + step))


def _mixed(colour: str, ground: str) -> str:
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return _written(tuple(one * _SOFT + other * (1 - _SOFT) for one, other in pairs))


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= _LINEAR_MAX else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that was looked through; `name` is made of its content."""

    content: bytes

    @property
    def name(self) -> str:
        """A name that changes with the picture, for its address."""
        return hashlib.sha256(self.content).hexdigest()[:16]


_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"IDAT", b"IEND"})
"""What draws the picture. What else a file carries, such as where it was taken, is left out."""
_SIDE_MIN, _SIDE_MAX = 16, 2048
_PNG: Final = "must be a PNG; save an SVG, a JPEG or a WebP as one"


def read_logo(content: bytes, field: str) -> Logo:
    """Look through a PNG, and keep what draws it.

    Raises:
        InvalidInput: it is none, is damaged, moves, or is too large or small.
    """
    if len(content) > LOGO_BYTES_MAX:
        raise InvalidInput(field, f"must be {LOGO_BYTES_MAX // 1024} KB at most")
    if not content.startswith(_SIGNATURE):
        raise InvalidInput(field, _PNG)
    chunks = list(_chunks(content, field))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds:
        raise InvalidInput(field, "must be a whole PNG; this one is damaged")
    if b"acTL" in kinds:
        raise InvalidInput(field, "must be a PNG that does not move")
    _check_sides(chunks[0][1], field)
    return Logo(_SIGNATURE + b"".join(_chunk(*one) for one in chunks if one[0] in _KEPT))


def _chunks(content: bytes, field: str) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(content):
        head = content[place : place + 8]
        size = int.from_bytes(head[:4])
        kind, data = head[4:], content[place + 8 : place + 8 + size]
        place += size + 12
        if content[place - 4 : place] != _checksum(kind, data) or len(kind) != 4:  # noqa: PLR2004
            raise InvalidInput(field, "must be a whole PNG; this one is damaged")
        yield kind, data


def _check_sides(header: bytes, field: str) -> None:
    try:
        sides = struct.unpack(">II5x", header)
    except struct.error as error:
        raise InvalidInput(field, "must be a whole PNG; this one is damaged") from error
    if not all(_SIDE_MIN <= side <= _SIDE_MAX for side in sides):
        raise InvalidInput(field, f"must be {_SIDE_MIN} to {_SIDE_MAX} pixels wide, and high")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + _checksum(kind, data)


def _checksum(kind: bytes, data: bytes) -> bytes:
    return zlib.crc32(kind + data).to_bytes(4)
