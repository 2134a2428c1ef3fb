"""Cut a delivery of Meta's into parts, so that nobody else waits for all of it.

A delivery holds up to 1,000 updates. Each part is committed by itself, and others have their turn
while it becomes durable. Nothing is lost by that: what comes again is known by its source id, so
a delivery that failed half-way goes on where it ended when Meta brings it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from askfirst.domain.notice import Notice, TextReceived

PART_UPDATES_MAX: Final = 16
"""So many updates of the dearest kind (a move, a merge) take some milliseconds to plan."""
PART_CHARACTERS_MAX: Final = 16_384
"""Four texts of the greatest length that WhatsApp takes (4,096 characters)."""


def parts_of(notices: Iterable[Notice]) -> Iterator[tuple[Notice, ...]]:
    """Cut what a delivery tells into parts, in order; nothing at all is one empty part."""
    part: list[Notice] = []
    characters = count = 0
    for notice in notices:
        size = len(notice.text) if isinstance(notice, TextReceived) else 0
        is_full = len(part) == PART_UPDATES_MAX or characters + size > PART_CHARACTERS_MAX
        if part and is_full:
            yield tuple(part)
            part, characters = [], 0
        part.append(notice)
        characters += size
        count += 1
    if part or not count:
        yield tuple(part)
