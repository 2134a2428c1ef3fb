"""Take a whole delivery of Meta's in parts, so that nobody else waits for all of it.

A delivery holds up to 1,000 updates. Each part is committed by itself, and others have their turn
while it becomes durable. Nothing is lost by that: what comes again is known by its source id, so
a delivery that failed half-way goes on where it ended when Meta brings it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from askfirst.domain.ids import PhoneNumberId, WabaId
from askfirst.domain.notice import Notice, TextReceived
from askfirst.usecases.services import Services
from askfirst.usecases.take_webhook import Taken, take_webhook

PART_UPDATES_MAX: Final = 16
"""So many updates of the dearest kind (a move, a merge) take some milliseconds to plan."""
PART_CHARACTERS_MAX: Final = 16_384
"""Four texts of the greatest length that WhatsApp takes (4,096 characters)."""

Sender = tuple[PhoneNumberId | None, WabaId | None]


async def take_delivery(services: Services, notices: Iterable[Notice], body: bytes) -> Taken:
    """Store a delivery and act on each update; see `take_webhook`.

    Returns only when everything is durable and every stop in it is in force.

    Raises:
        Unavailable: do not acknowledge; Meta will deliver again.
    """
    taken = Taken()
    kept: set[Sender] = set()
    for part in _parts(notices):
        senders = {(notice.phone_number_id, notice.waba_id) for notice in part}
        # The body is kept with the first part of each sender that it is about.
        of_part = b"" if part and senders <= kept else body
        kept |= senders
        more = await take_webhook(services, part, of_part)
        taken.events += more.events
        taken.arrivals += more.arrivals
        taken.reports += more.reports
    return taken


def _parts(notices: Iterable[Notice]) -> Iterator[tuple[Notice, ...]]:
    """Cut a delivery into parts, in order; one without updates is one empty part."""
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
