"""Built-in texts that are no questions: a code's SMS, a confirmation, a hint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from askfirst.domain.prompts.interpolation import Piece, plain_text
from askfirst.domain.values.locales import is_right_to_left

_PLACE: Final = re.compile(r"\{(business|code|kinds)\}")


def fill_words(words: str, locale: str, values: Mapping[str, str]) -> str:
    """Fill built-in words in, in one pass; `values` are by the names of their places."""
    parts = _PLACE.split(words)
    pieces = tuple(
        Piece(values[part], is_inserted=True) if place % 2 else Piece(part)
        for place, part in enumerate(parts)
        if part
    )
    return plain_text(pieces, is_rtl=is_right_to_left(locale))
