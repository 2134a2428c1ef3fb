"""Cut a delivery of Meta's into parts, so that nobody else waits for all of it.

A delivery holds up to 1,000 updates, a piece of history thousands of messages. Each part is
committed by itself, and others have their turn while it becomes durable. Nothing is lost by that:
what comes again is known by its source id, so a delivery that failed half-way goes on where it
ended when Meta brings it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from askfirst.domain.inbound.inbound_event import (
    ContentReceived,
    FlowAnswered,
    InboundEvent,
    MessageContext,
    ReplyTapped,
    RestrictedMessage,
    TextReceived,
)

PART_UPDATES_MAX: Final = 16
"""So many updates of the dearest kind (a move, a merge) take some milliseconds to plan."""
PART_HISTORY_MAX: Final = 96
"""Messages of synchronised history are read, and hardly ever say anything that is written."""
PART_CHARACTERS_MAX: Final = 16_384
"""Four texts of the greatest length that WhatsApp takes (4,096 characters)."""


def parts_of(notices: Sequence[InboundEvent]) -> Sequence[Sequence[InboundEvent]]:
    """Cut what a delivery tells into parts, in order; nothing at all is one empty part."""
    return (notices,) if len(notices) <= 1 else tuple(_cut(notices))


def _cut(notices: Sequence[InboundEvent]) -> Iterator[Sequence[InboundEvent]]:
    part: list[InboundEvent] = []
    characters = weight = 0
    for notice in notices:
        size, share = _length(notice), _share(notice)
        is_full = weight + share > PART_HISTORY_MAX or characters + size > PART_CHARACTERS_MAX
        if part and is_full:
            yield tuple(part)
            part, characters, weight = [], 0, 0
        part.append(notice)
        characters += size
        weight += share
    yield tuple(part)


def _share(notice: InboundEvent) -> int:
    """Return how much of a part an update takes up."""
    if isinstance(notice, RestrictedMessage) and notice.context is MessageContext.HISTORY:
        return 1
    return PART_HISTORY_MAX // PART_UPDATES_MAX


def _length(notice: InboundEvent) -> int:
    """Count the characters that are searched for a stop."""
    match notice:
        case TextReceived():
            return len(notice.text)
        case ContentReceived():
            return len(notice.words)
        case ReplyTapped():
            return len(notice.payload) + len(notice.label) + len(notice.description)
        case FlowAnswered():
            return sum(len("".join(answer.values)) for answer in notice.answers)
        case RestrictedMessage():
            return _length(notice.message)
        case _:
            return 0
