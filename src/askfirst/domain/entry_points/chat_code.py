"""Codes that stand in a WhatsApp text: of an entry (attribution) or of a proof (single use).

`AF-7K2M9QXT` names an entry: short, so that people leave it alone, and only a hint. `AF-` and 26
characters is a proof: 130 bits that nobody guesses. Both are found wherever they stand in the
text, whatever else the customer changed, in either case and with the letters people confuse.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

PREFIX: Final = "AF-"
ENTRY_CHARACTERS: Final = 8
PROOF_CHARACTERS: Final = 26
ENTROPY_BYTES: Final = 17
"""Enough for either."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FOUND: Final = re.compile(
    r"(?<![0-9A-Za-z])AF[-‐‑–]([0-9A-Za-z]{26}|[0-9A-Za-z]{8})(?![0-9A-Za-z])", re.IGNORECASE
)
_CONFUSED: Final = str.maketrans("OIL", "011")
_TEXT_MAX: Final = 4096
CODES_MAX: Final = 8
"""How many codes of one text are looked at: each is looked up, and people send one."""


def entry_code(entropy: bytes) -> str:
    """Make the code of an entry: 40 bits, so that two of one business hardly ever meet."""
    return PREFIX + _characters(entropy, ENTRY_CHARACTERS)


def proof_code(entropy: bytes) -> str:
    """Make the code of a proof: 130 bits."""
    return PREFIX + _characters(entropy, PROOF_CHARACTERS)


def find_codes(text: str) -> tuple[str, ...]:
    """Find the codes in a text, as they were made; usually there is none.

    >>> find_codes("Hi! (af-7k2m9qxt) thanks")
    ('AF-7K2M9QXT',)
    """
    if "-" not in text and "‐" not in text and "‑" not in text and "–" not in text:
        return ()
    found = (match[1].upper().translate(_CONFUSED) for match in _FOUND.finditer(text[:_TEXT_MAX]))
    codes = (PREFIX + body for body in found if set(body) <= set(_ALPHABET))
    return tuple(islice(codes, CODES_MAX))


def without_codes(text: str) -> str:
    """Leave the codes out: they are not what the person says. "STOP (AF-7K2M9QXT)" is STOP."""
    return _FOUND.sub(" ", text) if find_codes(text) else text


def is_proof(code: str) -> bool:
    """Whether a code is that of a proof."""
    return len(code) == len(PREFIX) + PROOF_CHARACTERS


def _characters(entropy: bytes, count: int) -> str:
    if len(entropy) < ENTROPY_BYTES:
        message = f"a code is made of {ENTROPY_BYTES} random bytes"
        raise ValueError(message)
    value = int.from_bytes(entropy, "big")
    return "".join(_ALPHABET[(value >> (5 * place)) & 31] for place in range(count))
