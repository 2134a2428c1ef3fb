"""A business's colour can be read by everybody, and its logo is a picture and nothing else."""

from __future__ import annotations

import re
import struct
import zlib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as some

from askfirst.domain.tenants.brand import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    LOGO_BYTES_MAX,
    contrast,
    palette_of,
    read_logo,
)
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.errors import InvalidInput

TOKENS = files("askfirst.web.public").joinpath("static", "tokens.css").read_text(encoding="utf-8")
COLOURS = some.integers(0, 0xFFFFFF).map("#{:06x}".format)


def png(*chunks: tuple[bytes, bytes], width: int = 64, height: int = 64) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * 3 * width for _ in range(height)))
    every = ((b"IHDR", header), *chunks, (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in every)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


@given(COLOURS)
def test_words_of_any_colour_are_told_apart_from_every_ground(colour: str) -> None:
    palette = palette_of(colour)
    for scheme, grounds in ((palette.light, LIGHT_GROUNDS), (palette.dark, DARK_GROUNDS)):
        for ground in (*grounds, scheme.soft):
            assert contrast(scheme.words, ground) >= 4.5
    assert palette.fill == colour
    assert contrast(palette.on_fill, colour) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert palette_of("#2c49b8").light.words == "#2c49b8"
    assert palette_of("#ffcc00").dark.words == "#ffcc00"
    assert palette_of("#ffcc00").light.words != "#ffcc00"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0b6b57", "#0b6b57", 1.0)],
)
def test_the_ratio_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_the_grounds_are_those_of_the_pages() -> None:
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    for grounds, part in ((LIGHT_GROUNDS, light), (DARK_GROUNDS, dark)):
        found = [re.search(rf"--{name}: (#\w+);", part) for name in ("paper", "card", "sunken")]
        assert tuple(one[1] for one in found if one) == grounds


@pytest.mark.parametrize("text", ["red", "#fff", "#GGGGGG", "#FFCC00", "#ffcc001", "#ffcc00\n"])
def test_a_colour_is_six_digits(text: str) -> None:
    with pytest.raises(InvalidInput, match="must be a colour such as #0b6b57"):
        Profile(colour=text)


def test_a_logo_keeps_its_picture_and_nothing_that_tells_about_people() -> None:
    place = (b"eXIf", b"48.8584 N 2.2945 E")
    logo = read_logo(png(place, (b"tEXt", b"Author\0Ana")), "logo")
    assert logo.content == png()
    assert logo.name == read_logo(png(), "logo").name != read_logo(png(width=65), "logo").name


DAMAGED = bytearray(png())
DAMAGED[60] ^= 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "must be a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "must be a PNG"),
        (b"\xff\xd8\xff\xe0", "must be a PNG"),
        (bytes(DAMAGED), "damaged"),
        (png()[:-1], "damaged"),
        (png()[:-12], "damaged"),
        (png() + b"<script>", "damaged"),
        (png()[:8], "damaged"),
        (png((b"acTL", b"\0" * 8)), "does not move"),
        (png(width=8), "16 to 2048 pixels"),
        (png(height=4000, width=16), "16 to 2048 pixels"),
        (png((b"tEXt", b"x" * LOGO_BYTES_MAX)), "32 KB at most"),
    ],
)
def test_what_is_no_such_picture_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        read_logo(content, "logo")
    assert refused.value.field == "logo"


@given(some.binary(max_size=200))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_logo(b"\x89PNG\r\n\x1a\n" + content, "logo")
