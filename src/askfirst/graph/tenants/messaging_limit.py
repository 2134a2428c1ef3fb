"""To how many people a portfolio may write outside windows in 24 hours, in Meta's words.

Source: Meta, "Messaging limits", and the webhooks `business_capability_update` and
`phone_number_quality_update`: a tier such as `TIER_2K`, in examples a number, and -1 for no limit.
"""

from __future__ import annotations

import re
from typing import Final

UNLIMITED: Final = 0
"""Meta's word that there is no limit."""
_TIER = re.compile(r"TIER_([0-9]{1,9})(K?)", re.ASCII)
_MOST: Final = 10**9


def read_messaging_limit(word: str | int | None) -> int | None:
    """Return the number of people, or UNLIMITED; None for what says neither."""
    text = str(word if word is not None else "").upper()
    if text in {"TIER_UNLIMITED", "UNLIMITED", "-1"}:
        return UNLIMITED
    if found := _TIER.fullmatch(text):
        text = found[1] + ("000" if found[2] else "")
    if not (text.isascii() and text.isdecimal()):
        return None
    number = int(text[:12])
    return number if 0 < number <= _MOST else None
